/**
  Locked files as fetchers and derivations know them.
*/
{
  lib,
  pkgs,
  types ? import ./types.nix { inherit lib; },
}:
let
  inherit (builtins) match;
  inherit (lib)
    concatMapStrings
    concatStringsSep
    filterAttrs
    makeBinPath
    optionalAttrs
    optionals
    stringToCharacters
    substring
    ;

  given = filterAttrs (_: value: value != null);

  sizeOf = file: if file.size or null == null then "-" else toString file.size;

  # A hash that is being discovered is left to Nix, which keeps what was fetched
  # and states its hash: the fetcher would only throw it away.
  digestOf = file: if types.isFakeHash file.sha256 then "-" else types.normalizeHash file.sha256;
  discovery = hash: optionalAttrs (types.isFakeHash hash) { fetch_discovers = "1"; };

  # Files whose hashes are discovered are told apart by name, and not by the
  # hash that they have in common.
  nameOf =
    file:
    if types.isFakeHash file.sha256 then
      "hash-of-${
        concatMapStrings (c: if match "[A-Za-z0-9.+_-]" c == null then "-" else c) (
          stringToCharacters (substring 0 160 (baseNameOf file.path))
        )
      }"
    else
      types.fileDerivationName file.sha256;

  # What the lock states of a file beside its size and its hash.
  factsOf =
    byBlob: file:
    given {
      fetch_blob = if byBlob then file.blob or null else null;
      fetch_object = file.object or null;
      fetch_url = file.url or null;
      fetch_version = file.version or null;
    };

  # SIZE TAB DIGEST TAB PATH, and where there are any: TAB BLOB TAB OBJECT TAB
  # URL TAB VERSION, each after a `=`, or `-` alone.
  lineOf =
    byBlob: file:
    let
      fact = name: if file.${name} or null == null then "-" else "=${file.${name}}";
      facts = map fact [
        "blob"
        "object"
        "url"
        "version"
      ];
    in
    concatStringsSep "\t" (
      [
        (sizeOf file)
        (digestOf file)
        file.path
      ]
      ++ optionals (byBlob || file ? object || file ? url || file ? version) facts
    )
    + "\n";

  # A file whose text the lock keeps: nothing has to be fetched.
  textDerivation =
    file:
    derivation {
      inherit (pkgs.stdenvNoCC.buildPlatform) system;
      name = nameOf file;
      builder = pkgs.stdenvNoCC.shell;
      PATH = makeBinPath [ pkgs.buildPackages.coreutils ];
      outputHashAlgo = "sha256";
      outputHashMode = "flat";
      outputHash = types.normalizeHash file.sha256;
      preferLocalBuild = true;
      passAsFile = [ "content" ];
      content = file.text;
      # It must not end as `cp`: see sources/mock.nix.
      args = [
        "-euc"
        ''
          cp -- "$contentPath" "$out"
          exit 0
        ''
      ];
    };

  hasText = file: file.text or null != null;
in
{
  inherit
    digestOf
    discovery
    factsOf
    hasText
    lineOf
    nameOf
    sizeOf
    textDerivation
    ;
}

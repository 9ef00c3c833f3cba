/**
  Files at addresses of their own.
*/
{
  lib,
  pkgs,
  types ? import ../types.nix { inherit lib; },
  fetchers ? import ../../fetchers,
  fetching ? import ../fetching.nix { inherit lib pkgs fetchers types; },
}:
let
  inherit (builtins) any match toFile;
  inherit (lib)
    concatMapStrings
    concatStringsSep
    filter
    head
    length
    makeBinPath
    mapAttrsToList
    unique
    ;

  orDefault = default: value: if value == null then default else value;

  entriesOf =
    sourceConfig:
    if sourceConfig.urls or null == null then [ sourceConfig ] else sourceConfig.urls;

  pathOf =
    entry: orDefault (head (match "[^?]*/([^/?]*)([?].*)?" entry.url)) (entry.filename or null);

  originOf = url: head (match "(https?://[^/?]+).*" url);
  originsOf = urls: unique (map originOf urls);

  # A token is for one server. Where it would be sent to several, one of them
  # would get what belongs to another.
  variablesOf =
    { locked, sourceConfig, ... }@model:
    let
      auth = orDefault { } (sourceConfig.auth or null) // orDefault { } (model.auth or null);
      origins = originsOf (map (file: file.url) locked.files);
      holdsToken =
        filter (name: auth.${name} or null != null) [
          "authScript"
          "tokenEnvVar"
          "tokenFile"
          "tokenRefresh"
        ] != [ ];
    in
    if holdsToken && length origins > 1 then
      throw "The token of `auth` would go to ${toString (length origins)} servers: ${concatStringsSep ", " origins}. Make a model of each server's files, or keep passwords by host in the file that `auth.netrcFile` names."
    else
      { fetch_usual_token = ""; };

  extractMeta =
    sourceConfig:
    let
      entries = entriesOf sourceConfig;
      origins = originsOf (map (entry: entry.url) entries);
      withoutQuery = url: head (match "([^?]*).*" url);
    in
    {
      sourceType = "url";
      type = "model";
      repo =
        if length entries == 1 then
          withoutQuery (head entries).url
        else
          concatStringsSep " and " origins;
      org = null;
      model = null;
      revision = null;
      homepage = null;
    };

  # A file in the archive at `url`: `version` is the archive's hash, `object` the
  # file's name there.
  isMember = file: file.version or null != null;

  nameIn = url: head (match "[^?]*/([^/?]*)([?].*)?" url);

  # It must not end as tar, as which bash would close its output before it ends.
  unpack = toFile "unpack.sh" ''
    set -eu
    tar --extract --to-stdout --no-wildcards --no-unquote --occurrence=1 --file="$archive" -- "$member" >"$out"
    exit 0
  '';

  # One file of an archive is fixed by its own hash: it is the same store path as
  # the file from anywhere else, and the archive can be collected.
  memberAttrs = archive: file: {
    inherit (pkgs.stdenvNoCC.buildPlatform) system;
    name = types.fileDerivationName file.sha256;
    builder = pkgs.stdenvNoCC.shell;
    args = [ "${unpack}" ];
    PATH = makeBinPath [
      pkgs.buildPackages.coreutils
      pkgs.buildPackages.gnutar
      pkgs.buildPackages.gzip
    ];
    outputHashAlgo = "sha256";
    outputHashMode = "flat";
    outputHash = types.normalizeHash file.sha256;
    preferLocalBuild = true;
    inherit archive;
    member = file.object;
  };

  mkFileAttrs =
    model:
    let
      attrsOf = adapter.mkFileAttrs model;
      archiveOf =
        file:
        derivation (attrsOf {
          path = nameIn file.url;
          inherit (file) url;
          sha256 = file.version;
        });
    in
    file: if isMember file then memberAttrs (archiveOf file) file else attrsOf file;

  mkFetchDerivation =
    { locked, ... }@model:
    if any isMember locked.files then
      throw "`hash` is that of a tree which is fetched as it is: an archive that `source.url.extract` takes apart has hashes for its files instead"
    else
      adapter.mkFetchDerivation model;

  # What stands for `locked` where nothing was locked: the files at their
  # addresses, with the hashes that the definition states. A file without one is
  # for a tree whose hash is stated as a whole.
  resolve =
    {
      sourceConfig,
      fileHashes ? null,
    }:
    let
      stated = orDefault { } fileHashes;
      members = mapAttrsToList (path: hash: {
        inherit path;
        inherit (sourceConfig) url;
        object = path;
        version = types.normalizeHash sourceConfig.sha256;
        sha256 = types.normalizeHash hash;
      }) stated;
      whole = map (
        entry:
        let
          path = pathOf entry;
        in
        {
          inherit path;
          inherit (entry) url;
          sha256 = types.normalizeHash (stated.${path} or (orDefault "" (entry.sha256 or null)));
        }
      ) (entriesOf sourceConfig);
      files = if sourceConfig.extract or null == true then members else whole;
    in
    {
      inherit (extractMeta sourceConfig) repo;
      # There is no history, so the content stands for the commit.
      revision = builtins.hashString "sha1" (
        concatMapStrings (file: "${types.hashToHex file.sha256}  ${file.path}\n") files
      );
      inherit files;
    };
  adapter = fetching.mkAdapter {
    kind = "url";
    fetcher = fetchers.url;
    inherit extractMeta variablesOf;
  };
in
adapter
// {
  inherit mkFetchDerivation mkFileAttrs resolve;

  mkFileDerivation =
    model:
    let
      attrsOf = mkFileAttrs model;
    in
    file: derivation (attrsOf file);
}

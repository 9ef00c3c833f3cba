/**
  Models whose content stands in their definition: for tests and examples.

  They take the way of every other model, fixed-output derivations included,
  without a network.
*/
{
  lib,
  pkgs,
  types ? import ../types.nix { inherit lib; },
  ...
}:
let
  inherit (builtins) hashString stringLength toFile;
  inherit (lib)
    concatMapStrings
    listToAttrs
    makeBinPath
    nameValuePair
    ;

  orDefault = default: value: if value == null then default else value;

  filesOf = sourceConfig: orDefault [ ] (sourceConfig.files or null);

  common = {
    inherit (pkgs.stdenvNoCC.buildPlatform) system;
    builder = pkgs.stdenvNoCC.shell;
    PATH = makeBinPath [ pkgs.buildPackages.coreutils ];
    outputHashAlgo = "sha256";
    preferLocalBuild = true;
    passAsFile = [ "content" ];
  };

  textsOf =
    sourceConfig:
    listToAttrs (map (file: nameValuePair file.path file.text) (filesOf sourceConfig));

  textOf =
    texts: path:
    texts.${path} or (throw "`source.mock.files` holds no ${builtins.toJSON path}, which is locked");

  resolve =
    { sourceConfig, ... }:
    let
      files = map (file: {
        inherit (file) path;
        size = stringLength file.text;
        sha256 = types.normalizeHash (hashString "sha256" file.text);
        blob = hashString "sha256" file.text;
      }) (filesOf sourceConfig);
    in
    {
      repo = (extractMeta sourceConfig).repo;
      # There is no history, so the content stands for the commit.
      revision = hashString "sha1" (concatMapStrings (file: "${file.blob}  ${file.path}\n") files);
      inherit files;
    };

  # It must not be `cp` that the builder ends as: bash would become it, it closes
  # its output before it ends, and Nix kills a builder that has closed its output.
  copy = toFile "copy.sh" ''
    set -eu
    cp -- "$contentPath" "$out"
    exit 0
  '';

  mkFileAttrs =
    { sourceConfig, ... }:
    let
      texts = textsOf sourceConfig;
    in
    file:
    common
    // {
      name = types.fileDerivationName file.sha256;
      outputHashMode = "flat";
      outputHash = types.normalizeHash file.sha256;
      content = textOf texts file.path;
      args = [ "${copy}" ];
    };

  mkFileDerivation =
    model:
    let
      attrsOf = mkFileAttrs model;
    in
    file: derivation (attrsOf file);

  mkFetchDerivation =
    {
      name,
      hash,
      sourceConfig,
      locked ? resolve { inherit sourceConfig; },
      ...
    }:
    let
      texts = textsOf sourceConfig;
    in
    derivation (
      common
      // {
        inherit name;
        outputHashMode = "recursive";
        outputHash = types.normalizeHash hash;
        # A path, the length of its text, and the text itself.
        content = concatMapStrings (
          file:
          let
            text = textOf texts file.path;
          in
          "${file.path}\n${toString (stringLength text)}\n${text}"
        ) locked.files;
        args = [
          "-euc"
          ''
            mkdir -- "$out"
            while IFS= read -r path && IFS= read -r size; do
              target=$out/$path
              mkdir -p -- "''${target%/*}"
              head -c "$size" >"$target"
            done <"$contentPath"
          ''
        ];
      }
    );

  extractMeta =
    sourceConfig:
    let
      org = orDefault "test" (sourceConfig.org or null);
      model = orDefault "model" (sourceConfig.model or null);
    in
    {
      sourceType = "mock";
      type = "model";
      repo = "${org}/${model}";
      inherit org model;
      revision = "main";
      homepage = null;
    };
in
{
  inherit
    extractMeta
    mkFetchDerivation
    mkFileAttrs
    mkFileDerivation
    resolve
    ;

  inherit (types.sourceRecords.mock) isRepository;
  buildInputs = pkgs: [ pkgs.coreutils ];
  impureEnvVars = _: [ ];
  validateConfig = sourceConfig: {
    inherit (types.validateSource { mock = sourceConfig; }) valid errors;
  };
}

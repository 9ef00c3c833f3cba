/**
  Models, datasets and spaces of the Hugging Face Hub, or of a server that
  speaks its protocol.
*/
{
  lib,
  pkgs,
  types ? import ../types.nix { inherit lib; },
  fetchers ? import ../../fetchers,
  fetching ? import ../fetching.nix { inherit lib pkgs; },
}:
let
  inherit (builtins) elemAt match;
  inherit (lib)
    concatMapStrings
    mapAttrsToList
    optional
    removeSuffix
    ;

  orDefault = default: value: if value == null then default else value;

  defaultEndpoint = "https://huggingface.co";
  endpointOf = from: removeSuffix "/" (orDefault defaultEndpoint (from.endpoint or null));

  buildInputs = pkgs: [
    pkgs.cacert
    pkgs.coreutils
    pkgs.curl
    pkgs.jq
    pkgs.openssl
  ];

  # The usual token is for the user's own Hub. One that only the definition
  # names gets a token that the definition names too: whoever writes definitions
  # must not be sent the token of whoever builds them.
  takesUsualToken = sourceConfig: endpointOf sourceConfig == defaultEndpoint;

  usualVariablesOf = sourceConfig: optional (takesUsualToken sourceConfig) "HF_TOKEN";

  # What all downloads of a model have in common.
  common =
    tools: model:
    let
      inherit (model) locked sourceConfig;
    in
    fetching.fetcherAttrs {
      fetcher = fetchers.huggingface;
      usualVariables = usualVariablesOf sourceConfig;
      inherit model tools;
    }
    // {
      fetch_endpoint = endpointOf locked;
      fetch_type = orDefault "model" (sourceConfig.type or null);
      fetch_repo = locked.repo;
      fetch_revision = locked.revision;
      fetch_usual_token = if takesUsualToken sourceConfig then "HF_TOKEN" else "";
    };

  sizeOf = file: if file.size or null == null then "-" else toString file.size;

  # What stands for `locked` where nothing was locked: the files that the user
  # vouches for, or null where only the hash of the whole tree is known.
  resolve =
    {
      sourceConfig,
      fileHashes ? null,
    }:
    {
      inherit (sourceConfig) repo revision;
      endpoint = sourceConfig.endpoint or null;
      files =
        if fileHashes == null then
          null
        else
          mapAttrsToList (path: hash: {
            inherit path;
            sha256 = types.normalizeHash hash;
            blob = types.hashToHex hash;
          }) fileHashes;
    };

  # One file: a flat fixed-output derivation, named by its content.
  mkFileDerivation =
    model:
    let
      shared = common [ ] model;
    in
    file:
    let
      sha256 = types.normalizeHash file.sha256;
    in
    derivation (
      shared
      // {
        name = types.fileDerivationName sha256;
        outputHashMode = "flat";
        outputHash = sha256;
        fetch_path = file.path;
        fetch_size = sizeOf file;
        fetch_sha256 = sha256;
      }
    );

  # The whole tree as one fixed-output derivation.
  mkFetchDerivation =
    {
      name,
      hash,
      sourceConfig,
      locked ? resolve { inherit sourceConfig; },
      ...
    }@model:
    let
      # Only a list of the Hub's has to be taken apart.
      tools = optional (locked.files == null) pkgs.buildPackages.jq;
      shared = common tools (model // { inherit locked; }) // fetching.treeAttrs model;
      patterns = list: concatMapStrings (pattern: "${pattern}\n") (orDefault [ ] list);
    in
    derivation (
      shared
      // {
        inherit name;
        outputHashMode = "recursive";
        outputHash = types.normalizeHash hash;
      }
      // (
        if locked.files == null then
          {
            fetch_include = patterns (sourceConfig.files or null);
            fetch_exclude = patterns (sourceConfig.exclude or null);
          }
        else
          {
            passAsFile = [ "fetch_files" ];
            fetch_files = concatMapStrings (
              file: "${sizeOf file}\t${types.normalizeHash file.sha256}\t${file.path}\n"
            ) locked.files;
          }
      )
    );

  # What the repository is called and where its page is.
  extractMeta =
    sourceConfig:
    let
      parts = match "(([^/]+)/)?([^/]+)" sourceConfig.repo;
      type = orDefault "model" (sourceConfig.type or null);
      prefix = if type == "model" then "" else "${type}s/";
    in
    {
      sourceType = "huggingface";
      inherit type;
      inherit (sourceConfig) repo;
      org = elemAt parts 1;
      model = elemAt parts 2;
      revision = orDefault "main" (sourceConfig.revision or null);
      homepage = "${endpointOf sourceConfig}/${prefix}${sourceConfig.repo}";
    };
in
{
  inherit
    buildInputs
    extractMeta
    mkFetchDerivation
    mkFileDerivation
    resolve
    ;

  validateConfig = sourceConfig: {
    inherit (types.validateSource { huggingface = sourceConfig; }) valid errors;
  };

  impureEnvVars =
    sourceConfig:
    fetching.impureEnvVars (usualVariablesOf sourceConfig) { inherit sourceConfig; };
}

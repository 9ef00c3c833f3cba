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
    optionalAttrs
    removeSuffix
    stringToCharacters
    substring
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

  patterns = list: concatMapStrings (pattern: "${pattern}\n") (orDefault [ ] list);

  # What a fetcher that lists the repository needs beside `common`.
  lister = [ pkgs.buildPackages.jq ];
  listing = sourceConfig: {
    fetch_include = patterns (sourceConfig.files or null);
    fetch_exclude = patterns (sourceConfig.exclude or null);
  };

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
            blob = types.blobName path hash;
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
      // discovery sha256
      // {
        name = nameOf file;
        outputHashMode = "flat";
        outputHash = sha256;
        fetch_path = file.path;
        fetch_size = sizeOf file;
        fetch_sha256 = digestOf file;
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
      tools = if locked.files == null then lister else [ ];
      shared = common tools (model // { inherit locked; }) // fetching.treeAttrs model;
    in
    derivation (
      shared
      // discovery hash
      // {
        inherit name;
        outputHashMode = "recursive";
        outputHash = types.normalizeHash hash;
      }
      // (
        if locked.files == null then
          listing sourceConfig
        else
          {
            passAsFile = [ "fetch_files" ];
            fetch_files = concatMapStrings (
              file: "${sizeOf file}\t${digestOf file}\t${file.path}\n"
            ) locked.files;
          }
      )
    );

  # The tree as it is when this is built, with no hash to hold it to. Beside the
  # files there is an output that says what they are, for those who lay them out.
  mkImpureDerivation =
    { name, sourceConfig, ... }@model:
    let
      locked = {
        inherit (sourceConfig) repo;
        inherit (extractMeta sourceConfig) revision;
        endpoint = sourceConfig.endpoint or null;
      };
    in
    derivation (
      common lister (model // { inherit locked; })
      // fetching.treeAttrs model
      // listing sourceConfig
      // {
        inherit name;
        outputs = [
          "out"
          "facts"
        ];
        __impure = true;
        outputHashMode = "recursive";
        fetch_impure = "1";
      }
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
    mkImpureDerivation
    resolve
    ;

  validateConfig = sourceConfig: {
    inherit (types.validateSource { huggingface = sourceConfig; }) valid errors;
  };

  impureEnvVars =
    sourceConfig:
    fetching.impureEnvVars (usualVariablesOf sourceConfig) { inherit sourceConfig; };
}

/**
  Models, datasets and spaces of the Hugging Face Hub, or of a server that
  speaks its protocol.
*/
{
  lib,
  pkgs,
  types ? import ../types.nix { inherit lib; },
  fetchers ? import ../../fetchers,
  fetching ? import ../fetching.nix { inherit lib pkgs fetchers types; },
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

  # The usual token is for the user's own Hub. One that only the definition
  # names gets a token that the definition names too: whoever writes definitions
  # must not be sent the token of whoever builds them.
  takesUsualToken = sourceConfig: endpointOf sourceConfig == defaultEndpoint;

  usualVariablesOf = sourceConfig: optional (takesUsualToken sourceConfig) "HF_TOKEN";

  variablesOf =
    { locked, sourceConfig, ... }:
    {
      fetch_endpoint = endpointOf locked;
      fetch_type = orDefault "model" (sourceConfig.type or null);
      fetch_repo = locked.repo;
      fetch_revision = locked.revision;
      fetch_usual_token = if takesUsualToken sourceConfig then "HF_TOKEN" else "";
    };

  adapter = fetching.mkAdapter {
    kind = "huggingface";
    fetcher = fetchers.huggingface;
    usualVariables = usualVariablesOf;
    inherit extractMeta variablesOf;
  };

  patterns = list: concatMapStrings (pattern: "${pattern}\n") (orDefault [ ] list);

  # A derivation whose fetcher lists the repository.
  listing =
    { sourceConfig, ... }@model:
    fetching.fetcherAttrs {
      fetcher = fetchers.huggingface;
      usualVariables = usualVariablesOf sourceConfig;
      tools = [ pkgs.buildPackages.jq ];
      inherit model;
    }
    // variablesOf model
    // fetching.treeAttrs model
    // {
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

  # Without a list of files, the hash of the whole tree says what they must be.
  mkFetchDerivation =
    {
      name,
      hash,
      sourceConfig,
      locked ? resolve { inherit sourceConfig; },
      ...
    }@model:
    if locked.files != null then
      adapter.mkFetchDerivation (model // { inherit locked; })
    else
      derivation (
        listing (model // { inherit locked; })
        // fetching.discovery hash
        // {
          inherit name;
          outputHashMode = "recursive";
          outputHash = types.normalizeHash hash;
        }
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
      listing (model // { inherit locked; })
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
adapter
// {
  inherit mkFetchDerivation mkImpureDerivation resolve;
  buildInputs = pkgs: adapter.buildInputs pkgs ++ [ pkgs.jq ];
}

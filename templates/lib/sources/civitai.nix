/**
  Versions of models on Civitai.
*/
{
  lib,
  pkgs,
  types ? import ../types.nix { inherit lib; },
  fetchers ? import ../../fetchers,
  fetching ? import ../fetching.nix { inherit lib pkgs fetchers types; },
}:
let
  inherit (lib)
    length
    optional
    removeSuffix
    ;

  orDefault = default: value: if value == null then default else value;

  defaultEndpoint = "https://civitai.com";
  endpointOf = sourceConfig: removeSuffix "/" (orDefault defaultEndpoint (sourceConfig.endpoint or null));

  # The usual token is for the site itself, and not for a server that only the
  # definition names.
  takesUsualToken = sourceConfig: endpointOf sourceConfig == defaultEndpoint;

  variablesOf =
    { locked, sourceConfig, ... }:
    {
      fetch_endpoint = endpointOf sourceConfig;
      fetch_id = locked.repo;
      fetch_usual_token = if takesUsualToken sourceConfig then "CIVITAI_TOKEN" else "";
    };

  extractMeta =
    sourceConfig:
    let
      version = toString sourceConfig.modelVersionId;
      model = sourceConfig.modelId or null;
    in
    {
      sourceType = "civitai";
      type = "model";
      repo = if model == null then version else "${toString model}@${version}";
      org = null;
      model = null;
      revision = null;
      homepage = "${endpointOf sourceConfig}/model-versions/${version}";
    };

  adapter = fetching.mkAdapter {
    kind = "civitai";
    fetcher = fetchers.civitai;
    usualVariables = sourceConfig: optional (takesUsualToken sourceConfig) "CIVITAI_TOKEN";
    inherit extractMeta variablesOf;
  };

  # Without a lock, the definition names the file by its number.
  resolve =
    {
      sourceConfig,
      fileHashes ? null,
    }:
    let
      locked = adapter.resolve {
        inherit sourceConfig;
        fileHashes = orDefault { } fileHashes;
      };
    in
    if length locked.files != 1 then
      throw "`source.civitai.fileId` is the number of one file: state `fileHashes` of that one, or lock the model with `nixgen lock`"
    else
      locked
      // {
        files = map (file: file // { object = toString sourceConfig.fileId; }) locked.files;
      };
in
adapter
// {
  inherit resolve;
}

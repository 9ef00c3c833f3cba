/**
  Models of an MLflow tracking server: registered ones, logged ones, and
  artifacts of runs.
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
  inherit (lib) filterAttrs head removeSuffix;

  orDefault = default: value: if value == null then default else value;

  # Where the lock doesn't know the server, the source does.
  endpointOf =
    locked: sourceConfig:
    removeSuffix "/" (
      orDefault (orDefault "" (sourceConfig.trackingUri or null)) (locked.endpoint or null)
    );

  # The usual credentials are for the server that MLFLOW_TRACKING_URI names,
  # which only the fetcher sees.
  usualVariables = [
    "MLFLOW_TRACKING_URI"
    "MLFLOW_TRACKING_USERNAME"
    "MLFLOW_TRACKING_PASSWORD"
    "MLFLOW_TRACKING_TOKEN"
  ];

  variablesOf =
    { locked, sourceConfig, ... }:
    {
      fetch_endpoint = endpointOf locked sourceConfig;
      fetch_storage = orDefault "" (locked.storage or null);
      fetch_model = locked.repo;
      fetch_model_version = orDefault "" (locked.version or null);
      fetch_usual_token = "MLFLOW_TRACKING_TOKEN";
    };

  # The model without what may move, as the lock calls it.
  repoOf =
    sourceConfig:
    let
      uri = sourceConfig.uri or null;
      path = sourceConfig.artifactPath or null;
      registered = if uri == null then null else match "models:/([^/@]+)[/@].*" uri;
    in
    if sourceConfig.modelName or null != null then
      "models:/${sourceConfig.modelName}"
    else if sourceConfig.run or null != null then
      "runs:/${sourceConfig.run}${if path == null then "" else "/${removeSuffix "/" path}"}"
    else if registered == null || match "m-[0-9a-f]{32}" (head registered) != null then
      uri
    else
      "models:/${head registered}";

  versionOf = sourceConfig: orDefault (sourceConfig.version or null) (sourceConfig.modelVersion or null);

  extractMeta = sourceConfig: {
    sourceType = "mlflow";
    type = "model";
    repo = repoOf sourceConfig;
    org = null;
    model = sourceConfig.modelName or null;
    revision = versionOf sourceConfig;
    homepage = null;
  };

  # The source that the store is, where the files come from there: the lock says
  # which it is.
  storeOf =
    { locked, sourceConfig }:
    let
      groups = match "(s3|gs|az)://([^/]+)(/(.*))?" (orDefault "" (locked.storage or null));
      name = elemAt groups 1;
      rest = elemAt groups 3;
      kind = head groups;
      blobs = match "([^/]+)(/(.*))?" rest;
      given = filterAttrs (_: value: value != null);
    in
    if sourceConfig.artifacts or null != "store" then
      null
    else if groups == null then
      throw "the lock does not say which bucket the files of `${repoOf sourceConfig}` are in: lock the model again (nixgen update)"
    else if kind == "s3" then
      {
        s3 = given {
          bucket = name;
          prefix = rest;
          region = locked.region or null;
        };
      }
    else if kind == "gs" then
      {
        gcs = given {
          bucket = name;
          prefix = rest;
        };
      }
    else
      {
        azure = given {
          account = name;
          container = head blobs;
          prefix = elemAt blobs 2;
        };
      };
in
fetching.mkAdapter {
  kind = "mlflow";
  fetcher = fetchers.mlflow;
  usualVariables = _: usualVariables;
  inherit extractMeta variablesOf;
}
// {
  inherit storeOf;
}

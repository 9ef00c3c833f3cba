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
  inherit (builtins) match;
  inherit (lib) head removeSuffix;

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
in
fetching.mkAdapter {
  kind = "mlflow";
  fetcher = fetchers.mlflow;
  usualVariables = _: usualVariables;
  inherit extractMeta variablesOf;
}

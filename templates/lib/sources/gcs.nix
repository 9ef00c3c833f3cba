/**
  Objects in Google Cloud Storage, or in a server that speaks its JSON API.
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
  inherit (lib)
    mapAttrsToList
    optionalAttrs
    optionals
    removeSuffix
    ;

  orDefault = default: value: if value == null then default else value;

  defaultEndpoint = "https://storage.googleapis.com";
  endpointOf = from: removeSuffix "/" (orDefault defaultEndpoint (from.endpoint or null));

  # Credentials of the machine are for Google's own server, and for an emulator
  # on the machine that a lock was made with. A server that only the definition
  # names gets what the definition names too: whoever writes definitions must not
  # be sent the token of whoever builds them.
  takesUsual = sourceConfig: endpointOf sourceConfig == defaultEndpoint;
  isOwn =
    { locked, sourceConfig, ... }:
    takesUsual sourceConfig
    && (
      endpointOf locked == defaultEndpoint
      || match "http://(127[.]0[.]0[.]1|localhost|\\[::1])(:[0-9]+)?(/.*)?" (endpointOf locked) != null
    );

  repoOf =
    sourceConfig:
    sourceConfig.bucket
    + (
      if sourceConfig.prefix or null == null then "" else "/${removeSuffix "/" sourceConfig.prefix}"
    );

  adapter = fetching.mkAdapter {
    kind = "gcs";
    fetcher = fetchers.gcs;
    tools = [ pkgs.buildPackages.jq ];
    usualVariables =
      sourceConfig:
      optionals (takesUsual sourceConfig) [
        "CLOUDSDK_AUTH_ACCESS_TOKEN"
        "CLOUDSDK_CONFIG"
        "GCE_METADATA_HOST"
        "GOOGLE_APPLICATION_CREDENTIALS"
        "GOOGLE_OAUTH_ACCESS_TOKEN"
        "HOME"
        "NO_GCE_CHECK"
      ];
    variablesOf = model: {
      fetch_endpoint = endpointOf model.locked;
      fetch_repo = model.locked.repo;
      fetch_own_server = if isOwn model then "1" else "";
      fetch_usual_token = if isOwn model then "GOOGLE_OAUTH_ACCESS_TOKEN" else "";
    };
    inherit extractMeta;
  };

  # Without a lock, the user vouches for the files; the one object that has a
  # generation is called what `prefix` says.
  resolve =
    {
      sourceConfig,
      fileHashes ? { },
    }@arguments:
    let
      generation = sourceConfig.generation or null;
      found = adapter.resolve arguments;
    in
    found
    // optionalAttrs (generation != null) {
      files = mapAttrsToList (path: hash: {
        inherit path;
        sha256 = types.normalizeHash hash;
        object = sourceConfig.prefix;
        version = generation;
      }) fileHashes;
    };

  extractMeta = sourceConfig: {
    sourceType = "gcs";
    type = "model";
    repo = repoOf sourceConfig;
    org = null;
    model = null;
    revision = sourceConfig.generation or null;
    homepage =
      if takesUsual sourceConfig then
        "https://console.cloud.google.com/storage/browser/${sourceConfig.bucket}"
      else
        null;
  };
in
adapter // { inherit resolve; }

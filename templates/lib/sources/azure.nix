/**
  Blobs in Azure Blob Storage, Data Lake Storage included, or in a server that
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
  inherit (builtins) match;
  inherit (lib) optionals removeSuffix;

  orDefault = default: value: if value == null then default else value;

  defaultEndpoint = sourceConfig: "https://${sourceConfig.account}.blob.core.windows.net";
  endpointOf =
    sourceConfig: from:
    removeSuffix "/" (orDefault (defaultEndpoint sourceConfig) (from.endpoint or null));

  # Credentials of the machine are for the account's own server, and for an
  # emulator on the machine that a lock was made with. A server that only the
  # definition names gets what the definition names too: whoever writes
  # definitions must not be sent the credentials of whoever builds them.
  takesUsual = sourceConfig: endpointOf sourceConfig sourceConfig == defaultEndpoint sourceConfig;
  isOwn =
    { locked, sourceConfig, ... }:
    takesUsual sourceConfig
    && (
      endpointOf sourceConfig locked == defaultEndpoint sourceConfig
      || match "http://(127[.]0[.]0[.]1|localhost|\\[::1])(:[0-9]+)?(/.*)?" locked.endpoint != null
    );

  prefixOf =
    sourceConfig:
    if sourceConfig.prefix or null == null then "" else "/${removeSuffix "/" sourceConfig.prefix}";
in
fetching.mkAdapter {
  kind = "azure";
  fetcher = fetchers.azure;
  tools = [ pkgs.buildPackages.jq ];
  usualVariables =
    sourceConfig:
    optionals (takesUsual sourceConfig) [
      "AZURE_AUTHORITY_HOST"
      "AZURE_CLIENT_ID"
      "AZURE_CLIENT_SECRET"
      "AZURE_FEDERATED_TOKEN_FILE"
      "AZURE_POD_IDENTITY_AUTHORITY_HOST"
      "AZURE_STORAGE_ACCOUNT"
      "AZURE_STORAGE_CONNECTION_STRING"
      "AZURE_STORAGE_KEY"
      "AZURE_STORAGE_SAS_TOKEN"
      "AZURE_TENANT_ID"
      "IDENTITY_ENDPOINT"
      "IDENTITY_HEADER"
    ];
  variablesOf = model: {
    fetch_endpoint = endpointOf model.sourceConfig model.locked;
    fetch_repo = model.locked.repo;
    fetch_own_server = if isOwn model then "1" else "";
    fetch_usual_token = "";
  };
  extractMeta = sourceConfig: {
    sourceType = "azure";
    type = "model";
    repo = "${sourceConfig.account}/${sourceConfig.container}${prefixOf sourceConfig}";
    org = null;
    model = null;
    revision = null;
    homepage = null;
  };
}

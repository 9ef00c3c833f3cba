/**
  Objects of a bucket of S3, or of another server that speaks its protocol.
*/
{
  lib,
  pkgs,
  types ? import ../types.nix { inherit lib; },
  fetchers ? import ../../fetchers,
  fetching ? import ../fetching.nix { inherit lib pkgs fetchers types; },
}:
let
  inherit (lib) optionalAttrs optionals removeSuffix;

  orDefault = default: value: if value == null then default else value;

  isUnsigned = sourceConfig: sourceConfig.unsigned or null == true;

  prefixOf = sourceConfig: removeSuffix "/" (orDefault "" (sourceConfig.prefix or null));

  # The lock knows the region that the bucket was found in.
  regionOf =
    locked: sourceConfig:
    orDefault (orDefault "us-east-1" (sourceConfig.region or null)) (locked.region or null);

  variablesOf =
    { locked, sourceConfig, ... }:
    {
      fetch_endpoint = removeSuffix "/" (
        orDefault (orDefault "" (sourceConfig.endpoint or null)) (locked.endpoint or null)
      );
      fetch_bucket = sourceConfig.bucket;
      fetch_prefix = prefixOf sourceConfig;
      fetch_region = regionOf locked sourceConfig;
      fetch_usual_token = "";
    }
    // optionalAttrs (isUnsigned sourceConfig) { fetch_unsigned = "1"; };

  extractMeta =
    sourceConfig:
    let
      prefix = prefixOf sourceConfig;
    in
    {
      sourceType = "s3";
      type = "model";
      repo = "${sourceConfig.bucket}${if prefix == "" then "" else "/${prefix}"}";
      org = null;
      model = null;
      revision = null;
      homepage = null;
    };

  adapter = fetching.mkAdapter {
    kind = "s3";
    fetcher = fetchers.s3;
    tools = [ pkgs.buildPackages.jq ];
    usualVariables = sourceConfig: optionals (!isUnsigned sourceConfig) fetching.awsVariables;
    inherit extractMeta variablesOf;
  };

  # A version is one of a single object, whose key is the prefix.
  resolve =
    { sourceConfig, ... }@model:
    let
      resolved = adapter.resolve model;
      version = sourceConfig.versionId or null;
    in
    if version == null then
      resolved
    else
      resolved
      // {
        files = map (file: file // { inherit version; object = sourceConfig.prefix; }) resolved.files;
      };
in
adapter // { inherit resolve; }

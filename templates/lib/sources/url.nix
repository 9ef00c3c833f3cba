/**
  Files at addresses of their own.
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
    concatMapStrings
    concatStringsSep
    filter
    head
    length
    unique
    ;

  orDefault = default: value: if value == null then default else value;

  entriesOf =
    sourceConfig:
    if sourceConfig.urls or null == null then [ sourceConfig ] else sourceConfig.urls;

  pathOf =
    entry: orDefault (head (match "[^?]*/([^/?]*)([?].*)?" entry.url)) (entry.filename or null);

  originOf = url: head (match "(https?://[^/?]+).*" url);
  originsOf = urls: unique (map originOf urls);

  # A token is for one server. Where it would be sent to several, one of them
  # would get what belongs to another.
  variablesOf =
    { locked, sourceConfig, ... }@model:
    let
      auth = orDefault { } (sourceConfig.auth or null) // orDefault { } (model.auth or null);
      origins = originsOf (map (file: file.url) locked.files);
      holdsToken =
        filter (name: auth.${name} or null != null) [
          "authScript"
          "tokenEnvVar"
          "tokenFile"
          "tokenRefresh"
        ] != [ ];
    in
    if holdsToken && length origins > 1 then
      throw "The token of `auth` would go to ${toString (length origins)} servers: ${concatStringsSep ", " origins}. Make a model of each server's files, or keep passwords by host in the file that `auth.netrcFile` names."
    else
      { fetch_usual_token = ""; };

  extractMeta =
    sourceConfig:
    let
      entries = entriesOf sourceConfig;
      origins = originsOf (map (entry: entry.url) entries);
      withoutQuery = url: head (match "([^?]*).*" url);
    in
    {
      sourceType = "url";
      type = "model";
      repo =
        if length entries == 1 then
          withoutQuery (head entries).url
        else
          concatStringsSep " and " origins;
      org = null;
      model = null;
      revision = null;
      homepage = null;
    };

  # What stands for `locked` where nothing was locked: the files at their
  # addresses, with the hashes that the definition states. A file without one is
  # for a tree whose hash is stated as a whole.
  resolve =
    {
      sourceConfig,
      fileHashes ? null,
    }:
    let
      stated = orDefault { } fileHashes;
      files = map (
        entry:
        let
          path = pathOf entry;
        in
        {
          inherit path;
          inherit (entry) url;
          sha256 = types.normalizeHash (stated.${path} or (orDefault "" (entry.sha256 or null)));
        }
      ) (entriesOf sourceConfig);
    in
    {
      inherit (extractMeta sourceConfig) repo;
      # There is no history, so the content stands for the commit.
      revision = builtins.hashString "sha1" (
        concatMapStrings (file: "${types.hashToHex file.sha256}  ${file.path}\n") files
      );
      inherit files;
    };
in
fetching.mkAdapter {
  kind = "url";
  fetcher = fetchers.url;
  inherit extractMeta variablesOf;
}
// {
  inherit resolve;
}

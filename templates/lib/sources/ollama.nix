/**
  Models of Ollama's registry, or of another one that keeps such models.

  A model becomes a model store: a folder that `ollama` reads as its
  `OLLAMA_MODELS`, of links only.
*/
{
  lib,
  pkgs,
  types ? import ../types.nix { inherit lib; },
  fetchers ? import ../../fetchers,
  fetching ? import ../fetching.nix { inherit lib pkgs fetchers types; },
  layout ? import ../layout.nix { inherit lib pkgs; },
  ollamaStore ? import ../ollamaStore.nix { inherit lib pkgs layout; },
}:
let
  inherit (builtins) elemAt match;
  inherit (lib)
    filter
    head
    listToAttrs
    nameValuePair
    removeSuffix
    ;

  orDefault = default: value: if value == null then default else value;

  inherit (ollamaStore) defaultRegistry partsOf;

  manifestPath = "manifest.json";

  hostOf = registry: elemAt (match "(https?://)?(.*)" registry) 1;
  endpointOf =
    registry: if match "https?://.*" registry != null then registry else "https://${registry}";

  nameOf =
    sourceConfig:
    let
      parts = partsOf sourceConfig.model;
    in
    parts
    // {
      registry = orDefault defaultRegistry (sourceConfig.registry or null);
      tag = orDefault (orDefault "latest" parts.tag) (sourceConfig.tag or null);
    };

  extractMeta =
    sourceConfig:
    let
      name = nameOf sourceConfig;
      repo = "${name.namespace}/${name.model}";
    in
    {
      sourceType = "ollama";
      type = "model";
      inherit repo;
      org = name.namespace;
      inherit (name) model;
      revision = name.tag;
      homepage =
        if hostOf name.registry == defaultRegistry then "https://ollama.com/${repo}" else null;
    };

  adapter = fetching.mkAdapter {
    kind = "ollama";
    fetcher = fetchers.ollama;
    # Registries may want a token that another server gives, in JSON.
    tools = [ pkgs.buildPackages.jq ];
    byBlob = true;
    inherit extractMeta;
    variablesOf =
      { locked, sourceConfig, ... }:
      {
        fetch_endpoint = removeSuffix "/" (
          orDefault (endpointOf (nameOf sourceConfig).registry) (locked.endpoint or null)
        );
        fetch_repo = locked.repo;
        fetch_usual_token = "";
      };
  };
in
adapter
// {
  # Blobs have no other names than their hashes.
  resolve =
    args:
    let
      locked = adapter.resolve args;
    in
    locked
    // {
      endpoint = endpointOf (nameOf args.sourceConfig).registry;
      files = map (file: file // { blob = types.hashToHex file.sha256; }) locked.files;
    };

  /**
    The model store: `manifests/HOST/NAMESPACE/MODEL/TAG`, and each blob under
    its hash. Nothing else is in these two folders, since `ollama` looks at what
    it doesn't know as at something to clean up.

    Files that were stated without a lock have no manifest: they, and models
    whose `integration.ollama.enable` is false, are a plain folder.
  */
  mkLayout =
    {
      common,
      files,
      tree,
      sourceConfig,
      integration,
      ...
    }:
    let
      stated = orDefault { } (integration.ollama or null);
      source = nameOf sourceConfig;
      renamed =
        if stated.name or null == null then
          { inherit (source) namespace model; }
        else
          { inherit (partsOf stated.name) namespace model; };
      name = renamed // {
        registry = hostOf (orDefault source.registry (stated.registry or null));
        tag = orDefault source.tag (stated.tag or null);
      };

      manifests = filter (file: file.path == manifestPath) files;
      blobs = listToAttrs (
        map (file: nameValuePair file.blob file.target) (
          filter (file: file.path != manifestPath) files
        )
      );
    in
    if manifests == [ ] || stated.enable or null == false then
      layout.mkTree (common // { inherit files tree; })
    else
      ollamaStore.mkStore {
        inherit common name blobs;
        manifest = (head manifests).target;
      };
}

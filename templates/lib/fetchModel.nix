/**
  From a model definition to the derivation of the model.

  Each file is fetched by its hash, and everything above it is links. Nothing
  is fetched while Nix evaluates.
*/
{
  lib,
  pkgs,
  types,
  sources,
  integration,
  layout ? import ./layout.nix { inherit lib pkgs; },
  licenses ? import ./licenses.nix { inherit lib; },
  lazy ? import ./lazy.nix { inherit lib pkgs; },
  alternates ? import ./alternates.nix { inherit lib pkgs; },
  ollamaStore ? import ./ollamaStore.nix { inherit lib pkgs layout; },
  validation ? import ./validation { inherit lib pkgs layout packages; },
  packages ? import ./packages.nix { inherit lib pkgs; },
  compose ? import ./compose.nix { inherit lib pkgs integration licenses; },
  provenance ? import ./provenance.nix { inherit lib types; },
  transform ? import ./transform.nix { inherit lib pkgs packages; },
  ...
}:
let
  inherit (builtins) match toJSON;
  inherit (lib)
    attrNames
    concatMap
    concatMapStrings
    filter
    filterAttrs
    head
    last
    listToAttrs
    nameValuePair
    optionalAttrs
    substring
    unique
    ;

  orDefault = default: value: if value == null then default else value;
  withoutNulls = filterAttrs (_: value: value != null);

  isCommit = revision: match "[0-9a-f]{40}" revision != null;

  titles = {
    model = "Model";
    dataset = "Dataset";
    space = "Space";
  };

  build =
    config:
    let
      given = name: config.${name} or null;
      kind = head (attrNames config.source);
      sourceConfig = config.source.${kind};
      adapter = sources.dispatch config.source;
      sourceMeta = adapter.extractMeta sourceConfig;
      stated = orDefault { } (given "integration");
      hub = orDefault { } (stated.huggingface or null);
      ollama = orDefault { } (stated.ollama or null);

      # What a registry of Ollama's gives has a manifest, and a layout of its own.
      isForOllama = ollama.enable or null == true && !adapter ? mkLayout;

      locked =
        if given "locked" != null then
          config.locked
        else
          adapter.resolve {
            inherit sourceConfig;
            fileHashes = given "fileHashes";
          };

      settings = {
        inherit sourceConfig;
        modelName = config.name;
        auth = given "auth";
        impureEnvVars = given "impureEnvVars";
        network = given "network";
        download = given "download";
        onDownloadFailure = given "onDownloadFailure";
        onFailure = given "onFailure";
        sharding = given "sharding";
      };
      # Where a registry only says in which store the files are, the adapter of that
      # store fetches them; it gets none of the registry's credentials.
      store = if adapter ? storeOf then adapter.storeOf { inherit locked sourceConfig; } else null;
      storeKind = head (attrNames store);
      bringer = if store == null then adapter else sources.dispatch store;
      model =
        if store == null then
          settings // { inherit locked; }
        else
          alternates.settingsOf storeKind settings { }
          // {
            inherit locked;
            sourceConfig = store.${storeKind};
          };

      isImpure = given "impure" == true;
      fetched = adapter.mkImpureDerivation (settings // { name = "${config.name}-raw"; });

      derivationOf =
        if others == [ ] then
          bringer.mkFileDerivation model
        else
          let
            attrsOf = bringer.mkFileAttrs model;
            label = labelOf kind locked;
          in
          file:
          alternates.mkFile config.name (
            [
              {
                inherit label;
                attrs = attrsOf file;
              }
            ]
            ++ concatMap (partsOf: partsOf (types.normalizeHash file.sha256)) others
          );

      labelOf =
        kind: locked:
        "${kind} ${locked.repo}"
        + (if locked.endpoint or null == null then "" else " at ${locked.endpoint}");

      # Of each further source: what would fetch a hash from there, as a list of
      # one or none.
      others = map (
        alternate:
        let
          kind = head (attrNames alternate.source);
          inherit (alternate) locked;
          attrsOf = (sources.dispatch alternate.source).mkFileAttrs (
            alternates.settingsOf kind settings alternate
            // {
              inherit locked;
              sourceConfig = alternate.source.${kind};
            }
          );
          byHash = listToAttrs (
            map (file: nameValuePair (types.normalizeHash file.sha256) file) locked.files
          );
        in
        hash:
        if byHash ? ${hash} && !types.isFakeHash hash then
          [
            {
              label = labelOf kind locked;
              attrs = attrsOf byHash.${hash};
            }
          ]
        else
          [ ]
      ) (orDefault [ ] (given "alternates"));

      # Equal content has one derivation: several with one output wait for each other.
      contentOf = file: types.blobName file.path file.sha256;
      byContent = listToAttrs (
        map (file: nameValuePair (contentOf file) (derivationOf file)) (orDefault [ ] locked.files)
      );
      files = listToAttrs (
        map (file: nameValuePair file.path byContent.${contentOf file}) (orDefault [ ] locked.files)
      );

      isTree = given "hash" != null;

      # The commit is part of the name, so that a hash which was left behind by
      # a newer lock is fetched again, and found wrong, instead of being met in
      # the store.
      tree = bringer.mkFetchDerivation (
        model
        // {
          inherit pkgs;
          name = "${config.name}-raw-${substring 0 12 locked.revision}";
          inherit (config) hash;
        }
      );

      entries =
        if locked.files == null then
          null
        else
          map (file: {
            inherit (file) path;
            blob = orDefault (types.blobName file.path file.sha256) (file.blob or null);
            digest = types.hashToHex file.sha256;
            isUnknown = types.isFakeHash file.sha256;
            # It is of use only where the blob's name is the Hub's own.
            size = if file.blob or null == null then null else file.size or null;
            target = if isTree then "${tree}/${file.path}" else "${files.${file.path}}";
          }) locked.files;

      raw =
        if isTree then
          tree
        else
          layout.mkTree {
            name = "${config.name}-raw";
            files = entries;
          };

      refs = unique (
        filter (ref: ref != null && !isCommit ref) (
          [ sourceMeta.revision ] ++ orDefault [ ] (hub.refs or null)
        )
      );

      hfCachePath = integration.mkCacheName {
        inherit (sourceMeta) type;
        org = orDefault sourceMeta.org (hub.org or null);
        model = orDefault sourceMeta.model (hub.model or null);
      };

      # What was changed is no longer the commit that the Hub's cache would name it by;
      # who wants it there says so.
      isRepository = orDefault (!isForOllama && !isTransformed && adapter.isRepository or false) (
        hub.enable or null
      );

      # What is recorded of it, and what validators may know.
      lockedOrNull = if isImpure then null else locked;

      metadata = provenance.metadataOf {
        inherit config kind sourceMeta;
        locked = lockedOrNull;
        hfCachePath = if isRepository then hfCachePath else null;
      };

      facts = provenance.factsOf {
        inherit config;
        locked = lockedOrNull;
        entries = if isImpure || unpacked != null then null else entries;
      };

      accepted = if validated == null then asFetched else validated;
      asFetched = if isImpure then fetched else if unpacked != null then unpacked else raw;
      steps = transform.mkSteps {
        inherit (config) name;
        src = accepted;
        raw = asFetched;
        paths = map (file: file.path) (orDefault [ ] entries);
        transform = given "transform";
        postDownload = given "postDownload";
        quantize = given "quantize";
      };
      isTransformed = steps != [ ];
      transformed = if isTransformed then last steps else accepted;

      chain = validation.chainOf {
        validation = given "validation";
        security = orDefault { } (given "security");
      };

      # Where files come in archives, what is in these is the model.
      unpacked =
        if isImpure || entries == null || !adapter ? mkUnpacked then
          null
        else
          adapter.mkUnpacked {
            inherit (config) name;
            inherit locked;
            files = entries;
          };

      validated =
        if chain == [ ] then
          null
        else
          validation.mkValidationDerivation (
            {
              inherit (config) name;
              inherit chain facts metadata;
              src = asFetched;
              raw = if isImpure then fetched else raw;
              files = if isImpure || unpacked != null then null else entries;
            }
            // optionalAttrs isImpure { __impure = true; }
          );

      userMeta = withoutNulls (orDefault { } (given "meta"));
      license = userMeta.license or (if isImpure then null else locked.license or null);

      common =
        (
          if given "version" != null then
            {
              pname = config.name;
              inherit (config) version;
            }
          else
            { inherit (config) name; }
        )
        // {
          # What is validated has the metadata, with what was found.
          metadata = if validated == null then toJSON metadata else "";
          materialize = orDefault "auto" (stated.materialize or null);

          # `meta.position` is where the model is defined, and not this file.
          pos = builtins.unsafeGetAttrPos "name" config;

          passthru = {
            inherit config refs sourceMeta;
            inherit transformed;
            transformations = steps;
            validated = accepted;
            inherit (config) source;
            hfCachePath = if isRepository then hfCachePath else null;
          }
          // (
            if isImpure then
              {
                impure = true;
                raw = fetched;
              }
            else
              {
                inherit files locked raw;
                inherit (locked) revision;
              }
          );

          meta =
            withoutNulls {
              description = "${titles.${sourceMeta.type}} ${sourceMeta.repo}${
                if isImpure then ", impure: as it is when it is built" else ""
              }";
              inherit (sourceMeta) homepage;
            }
            // userMeta
            // optionalAttrs (license != null) { license = licenses.licenseOf license; }
            # Jobsets made with nixpkgs leave it out: no two builds of it are the same.
            // optionalAttrs isImpure { hydraPlatforms = [ ]; };
        }
        // optionalAttrs (validated != null) { inherit validated; };

      links = {
        files = entries;
        tree = if isTree then tree else null;
      };
    in
    if isImpure then
      builtins.trace
        "warning: the model ${toJSON config.name} is impure: each build fetches what the source holds by then, no hash is checked, and no binary cache can have it. To pin it, take `impure` away and lock it."
        (layout.mkFetched (common // { inherit fetched isRepository refs; }))
    else if isTransformed && !isRepository then
      layout.mkTree (
        common
        // {
          files = null;
          tree = transformed;
        }
      )
    else if isRepository then
      layout.mkRepository (
        common
        // (
          if isTransformed then
            {
              files = null;
              tree = transformed;
            }
          else
            links
        )
        // {
          inherit (locked) revision;
          inherit refs;
        }
      )
    else if isForOllama then
      ollamaStore.mkStoreOf {
        inherit common;
        title = config.name;
        stated = ollama;
        files = orDefault (throw "The model `${config.name}` is to be a model store of Ollama, and nothing says which files it has: state `locked` or `fileHashes`") entries;
      }
    else if adapter ? mkLayout then
      adapter.mkLayout (
        links
        // {
          inherit common locked sourceConfig;
          integration = stated;
        }
      )
    else
      layout.mkTree (common // links);

  /**
    The derivation of a model: the folder that the Hub's cache has for it, or
    a plain folder where `integration.huggingface.enable` is false. With `lazy`
    it is a program that fetches the model when it is first run. With `compose` in
    place of `source` it is one folder of several models.

    # Type

    ```
    fetchModel :: AttrSet -> Derivation
    ```

    # Example

    ```nix
    fetchModel {
      name = "phi-2";
      source.huggingface.repo = "microsoft/phi-2";
      locked = {
        repo = "microsoft/phi-2";
        revision = "…";
        files = [ … ];
      };
    }
    => «derivation /nix/store/…-phi-2.drv»
    ```
  */
  fetchModel =
    config:
    let
      checked = types.validateConfig config;
      name = if config ? name then " ${toJSON config.name}" else "";
    in
    if checked.valid then
      if config.compose or null != null then
        compose {
          inherit (config) name;
          parts = config.compose;
          meta = orDefault { } (config.meta or null);
        }
      else if config.lazy or null == true then
        lazy.mkLazy (build config)
      else
        build config
    else
      throw "The model definition${name} is wrong:\n${
        concatMapStrings (error: "  - ${error}\n") checked.errors
      }";
in
fetchModel

/**
  How programs find models: the Hub's cache and its names, links into a user's
  own cache, wrappers.

  What builds something needs `pkgs`: given when this file is imported, or
  before the function's own argument.
*/
{
  lib,
  pkgs ? throw "This function builds something: call it with `pkgs` first",
}:
let
  inherit (builtins) match toJSON;
  inherit (lib)
    attrNames
    attrValues
    concatMap
    concatMapStrings
    concatStringsSep
    escapeShellArg
    filter
    groupBy
    hasPrefix
    head
    isAttrs
    isList
    length
    optional
    optionalAttrs
    removePrefix
    unique
    ;

  isPkgs = value: isAttrs value && value ? stdenvNoCC;
  buildsWith = f: first: if isPkgs first then f first else f pkgs first;

  describe = model: model.name or (toJSON (toString model));

  # A lazy model is a program; what needs the files takes the model behind it.
  isLazy = model: model.lazy or false == true;
  eager = model: if isLazy model then model.model else model;

  isImpure = model: model.impure or false == true;
  refuseImpure =
    place: model: value:
    if isImpure model then
      throw "${place}: ${describe model} is impure, and nothing that is pure can be made of it: lock it, or build it and name the result yourself"
    else
      value;

  /**
    The name of a repository's folder in the Hub's cache.

    # Type

    ```
    mkCacheName :: { org :: Null | String; model :: String; type :: String; } -> String
    ```

    # Example

    ```nix
    mkCacheName { org = "meta-llama"; model = "Llama-2-7b-hf"; }
    => "models--meta-llama--Llama-2-7b-hf"
    ```
  */
  mkCacheName =
    {
      org ? null,
      model,
      type ? "model",
    }:
    concatStringsSep "--" ([ "${type}s" ] ++ optional (org != null) org ++ [ model ]);

  /**
    Where a fetched model is in the Hub's cache, below the cache itself.

    # Type

    ```
    hfCachePath :: Derivation -> String
    ```
  */
  hfCachePath =
    model:
    if model.hfCachePath or null != null then
      model.hfCachePath
    else
      throw "${describe model} has no place in the Hub's cache: it was made by something else than fetchModel, or with `integration.huggingface.enable = false`";

  /**
    The folder that holds a fetched model's files under their own names.

    # Type

    ```
    getModelPath :: Derivation -> String
    ```

    # Example

    ```nix
    getModelPath phi-2
    => "/nix/store/…-phi-2/snapshots/ef382358ec9e382308935a992d908de099b64c23"
    ```
  */
  getModelPath = model: "${eager model}${snapshotOf model}";

  # Where below a model its files are.
  snapshotOf =
    model:
    if model.hfCachePath or null == null then
      ""
    else if isImpure model then
      throw "getModelPath: the commit of ${describe model} is known only when it is fetched, since it is impure: its files are in the attribute `raw`, without the layout of the Hub's cache"
    else
      "/snapshots/${model.revision}";

  # One repository's folder from several models of it.
  mergeOf =
    folder: models:
    let
      stated = concatMap (
        model:
        map (ref: {
          inherit ref model;
        }) model.refs
      ) models;
      conflicts = filter (same: length (unique (map (s: s.model.revision) same)) > 1) (
        attrValues (groupBy (s: s.ref) stated)
      );
      conflict = head conflicts;
      impure = filter isImpure models;
    in
    if impure != [ ] then
      throw "buildCache: in ${folder}, ${describe (head impure)} can't be merged with other models: it is impure, so its commit is known only when it is fetched"
    else if conflicts != [ ] then
      throw "buildCache: in ${folder}, the ref ${toJSON (head conflict).ref} can't lead to several commits: ${
        concatStringsSep ", " (map (s: "${describe s.model} has ${s.model.revision}") conflict)
      }"
    else
      concatMapStrings (model: "${model}\n${folder}\n") models;

  /**
    A folder for `HF_HUB_CACHE` that holds several models.

    Models of one repository, such as two revisions of it, are merged. Of lazy
    models it holds the models themselves. With an impure one it is impure.

    # Type

    ```
    buildCache :: Nixpkgs -> ([Derivation] | { name :: String; models :: [Derivation]; }) -> Derivation
    ```

    # Example

    ```nix
    buildCache pkgs [ phi-2 llama-2-7b ]
    => «derivation /nix/store/…-hf-hub-cache.drv»
    ```
  */
  buildCache = buildsWith (
    pkgs: argument:
    let
      models = map eager (if isList argument then argument else argument.models);
      byFolder = groupBy hfCachePath models;
      isShared = folder: length byFolder.${folder} > 1;
      folders = attrNames byFolder;
    in
    pkgs.stdenvNoCC.mkDerivation (
      optionalAttrs (filter isImpure models != [ ]) { __impure = true; }
      // {
        name = argument.name or "hf-hub-cache";
        __structuredAttrs = false;
        passAsFile = [
          "linkList"
          "mergeList"
        ];
        linkList = concatMapStrings (folder: "${head byFolder.${folder}}\n${folder}\n") (
          filter (folder: !isShared folder) folders
        );
        mergeList = concatMapStrings (folder: mergeOf folder byFolder.${folder}) (
          filter isShared folders
        );
        preferLocalBuild = true;
        allowSubstitutes = false;
        passthru = { inherit models; };
        buildCommand = ''
          mkdir -p -- "$out"
          cd -- "$out"
          xargs -d '\n' -r -n 2 ln -sT -- <"$linkListPath"
          while IFS= read -r model && IFS= read -r folder; do
            mkdir -p -- "$folder"
            for part in blobs refs snapshots trees; do
              [ -e "$model/$part" ] || continue
              cp -RPT --no-preserve=mode --remove-destination -- "$model/$part" "$folder/$part"
            done
          done <"$mergeListPath"
        '';
      }
    )
  );

  # A folder as a shell word. The home folder is left to the shell; nothing
  # else in it is.
  shellFolder =
    folder:
    if folder == null then
      ''"''${HF_HUB_CACHE:-''${HF_HOME:-''${XDG_CACHE_HOME:-$HOME/.cache}/huggingface}/hub}"''
    else
      let
        home = filter (prefix: hasPrefix "${prefix}/" folder || folder == prefix) [
          "$HOME"
          "\${HOME}"
          "~"
        ];
      in
      if home == [ ] then
        escapeShellArg folder
      else
        ''"$HOME"${escapeShellArg (removePrefix (head home) folder)}'';

  # A model as its folder's name and its store path, however it was given.
  entryOf =
    given:
    let
      model = eager given;
      drv = eager (model.drv or (model.path or (model.modelPath or model)));
    in
    {
      path = refuseImpure "a link" drv "${drv}";
      folder =
        if model ? model then
          mkCacheName {
            org = model.org or null;
            inherit (model) model;
            type = model.type or "model";
          }
        else
          hfCachePath drv;
    };

  # Links into a cache that belongs to the user: only what leads into the store
  # is replaced. It runs in a shell of its own, so that it changes nothing in
  # the user's.
  linkScript =
    {
      models,
      cacheDir ? null,
    }:
    let
      entries = map entryOf models;
      shared = filter (same: length same > 1) (attrValues (groupBy (entry: entry.folder) entries));
    in
    if shared != [ ] then
      throw "${(head (head shared)).folder} can't be a link to several models: join them with `buildCache`"
    else
      ''
        (
          cache=${shellFolder cacheDir}
          link_model() {
            if [ -L "$cache/$1" ]; then
              case $(readlink "$cache/$1") in
                "$2") return 0 ;;
                ${escapeShellArg "${builtins.storeDir}/"}*) ;;
                *)
                  printf 'warning: %s is a link to somewhere else and is left alone\n' "$cache/$1" >&2
                  return 0
                  ;;
              esac
            elif [ -e "$cache/$1" ]; then
              printf 'warning: %s exists already and is left alone\n' "$cache/$1" >&2
              return 0
            fi
            ln -sfn -- "$2" "$cache/$1"
          }
          mkdir -p -- "$cache" || exit 0
      ''
      + concatMapStrings (
        entry: "  link_model ${escapeShellArg entry.folder} ${escapeShellArg entry.path}\n"
      ) entries
      + ")\n";

  /**
    Shell code that links a model into a user's own cache.

    A link into the store is replaced; a folder or any other link of that name
    is left alone, with a warning.

    # Type

    ```
    mkLinkScript :: { model :: Derivation; cacheDir :: Null | String; } -> String
    ```

    # Example

    ```nix
    mkLinkScript { model = phi-2; cacheDir = "$HOME/.cache/huggingface/hub"; }
    ```
  */
  mkLinkScript =
    {
      model,
      cacheDir ? null,
    }:
    linkScript {
      models = [ model ];
      inherit cacheDir;
    };

  /**
    Code for `shellHook` that links models into a user's own cache.

    A model is a result of fetchModel, or names a derivation or path and the
    repository that it stands for.

    # Type

    ```
    mkShellHook :: { models :: [Derivation | { drv; org; model; }]; cacheDir :: Null | String; } -> String
    mkShellHook :: Nixpkgs -> { models; cacheDir; } -> String
    ```

    # Example

    ```nix
    mkShellHook { models = [ phi-2 { drv = other; org = "meta-llama"; model = "Llama-2-7b-hf"; } ]; }
    ```
  */
  mkShellHook = first: if isPkgs first then linkScript else linkScript first;

  /**
    A program that links one model into a user's own cache.

    # Type

    ```
    mkHfSymlinks :: Nixpkgs -> { modelPath; org; model; cacheDir :: Null | String; } -> Derivation
    ```
  */
  mkHfSymlinks = buildsWith (
    pkgs:
    {
      modelPath,
      org ? null,
      model,
      type ? "model",
      cacheDir ? null,
    }:
    pkgs.writeShellScript "setup-hf-symlinks" (linkScript {
      models = [
        {
          drv = modelPath;
          inherit org model type;
        }
      ];
      inherit cacheDir;
    })
  );

  exportOf =
    {
      path,
      envVar,
      ...
    }:
    if match "[A-Za-z_][A-Za-z0-9_]*" envVar == null then
      throw "mkModelWrapper: ${toJSON envVar} can't be the name of an environment variable"
    else
      refuseImpure "mkModelWrapper" path (
        if isLazy path then
          # The program stays lazy too: it asks when it starts.
          "${envVar}=$(${escapeShellArg "${path}/bin/${path.meta.mainProgram}"})${snapshotOf path} || exit\nexport ${envVar}\n"
        else
          "export ${envVar}=${escapeShellArg (getModelPath path)}\n"
      );

  /**
    A program with the paths of models in its environment.

    # Type

    ```
    mkModelWrapper :: Nixpkgs -> { program :: String; models :: [{ path; envVar :: String; }]; } -> Derivation
    ```

    # Example

    ```nix
    mkModelWrapper pkgs {
      program = "${pkgs.llama-cpp}/bin/llama-server";
      models = [ { path = phi-2; envVar = "PHI_2"; } ];
    }
    ```
  */
  mkModelWrapper = buildsWith (
    pkgs:
    { program, models }:
    pkgs.writeShellScriptBin (builtins.unsafeDiscardStringContext (baseNameOf program)) ''
      ${concatMapStrings exportOf models}
      exec ${escapeShellArg program} "$@"
    ''
  );
in
{
  inherit
    buildCache
    getModelPath
    hfCachePath
    mkCacheName
    mkHfSymlinks
    mkLinkScript
    mkModelWrapper
    mkShellHook
    ;
}

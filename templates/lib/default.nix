/**
  Models of the Hugging Face Hub and others as derivations.

  What builds something needs `pkgs`: given when this file is imported, or
  before the function's own argument.
*/
{
  lib,
  pkgs ? throw "This function builds something: call it with `pkgs` first",
  ...
}:
let
  inherit (lib) filterAttrs isAttrs;

  hashes = import ./hashes.nix { inherit lib; };
  checks = import ./checks.nix { inherit lib; };
  settings = import ./settings.nix { inherit lib checks; };
  types = import ./types.nix {
    inherit
      lib
      hashes
      checks
      settings
      ;
  };
  licenses = import ./licenses.nix { inherit lib; };
  sources = import ./sources { inherit lib types; };
  integration = import ./integration.nix { inherit lib pkgs; };
  framework = import ./validation { inherit lib pkgs; };

  buildsWith = f: first: if isAttrs first && first ? stdenvNoCC then f first else f pkgs first;

  /**
    The derivation of a model.

    # Type

    ```
    fetchModel :: Nixpkgs -> AttrSet -> Derivation
    ```

    # Example

    ```nix
    fetchModel pkgs {
      name = "tiny";
      source.mock.files = [ { path = "config.json"; text = "{}"; } ];
    }
    => «derivation /nix/store/…-tiny.drv»
    ```
  */
  fetchModel = buildsWith (
    pkgs:
    import ./fetchModel.nix {
      inherit
        lib
        pkgs
        types
        integration
        licenses
        ;
      sources = import ./sources { inherit lib pkgs types; };
      layout = import ./layout.nix { inherit lib pkgs; };
    }
  );

  /**
    The files of a repository of the Hugging Face Hub under their own names,
    without the layout of the Hub's cache.

    It takes what `source.huggingface` takes and what fetchModel takes beside
    `source`, in one attribute set.

    # Type

    ```
    fetchFromHuggingFace :: Nixpkgs -> AttrSet -> Derivation
    ```

    # Example

    ```nix
    fetchFromHuggingFace pkgs {
      name = "phi-2";
      repo = "microsoft/phi-2";
      revision = "ef382358ec9e382308935a992d908de099b64c23";
      files = [ "*.json" ];
      hash = "sha256-…";
    }
    => «derivation /nix/store/…-phi-2-raw-ef382358ec9e.drv»
    ```
  */
  fetchFromHuggingFace = buildsWith (
    pkgs: argument:
    let
      isOfSource = name: _: types.sourceAttributes.huggingface ? ${name};
    in
    if argument.lazy or null == true then
      throw "fetchFromHuggingFace: what it gives are files, which `lazy` would leave out: take fetchModel"
    else
      (fetchModel pkgs (
        filterAttrs (name: value: name == "auth" || !isOfSource name value) argument
        // {
          source.huggingface = removeAttrs (filterAttrs isOfSource argument) [ "auth" ];
        }
      )).raw
  );

  /**
    The models of a set of definitions, which may hold further sets.

    # Type

    ```
    instantiate :: Nixpkgs -> AttrSet -> AttrSet
    ```

    # Example

    ```nix
    (instantiate pkgs { microsoft.phi-2 = { source = …; locked = …; }; }).microsoft.phi-2
    => «derivation /nix/store/…-phi-2.drv»
    ```
  */
  instantiate = buildsWith (
    pkgs:
    import ./instantiate.nix {
      inherit lib;
      fetchModel = fetchModel pkgs;
    }
  );

  /**
    One folder made of several models.

    # Type

    ```
    compose :: Nixpkgs -> { name :: String; parts :: { base :: Derivation; … }; } -> Derivation
    ```

    # Example

    ```nix
    compose pkgs {
      name = "assistant";
      parts = { base = llama-2-7b; lora = { model = assistant-lora; into = "adapter"; }; };
    }
    ```
  */
  compose = buildsWith (pkgs: import ./compose.nix { inherit lib pkgs; });

  validation = {
    inherit (framework)
      chainOf
      mkValidator
      presets
      validators
      ;
    mkValidationDerivation = buildsWith (
      pkgs: (import ./validation { inherit lib pkgs; }).mkValidationDerivation
    );
  };
in
{
  inherit
    compose
    fetchFromHuggingFace
    fetchModel
    instantiate
    integration
    sources
    types
    validation
    ;

  inherit (validation) mkValidator validators;
  inherit (integration)
    buildCache
    getModelPath
    mkHfSymlinks
    mkLinkScript
    mkModelWrapper
    mkShellHook
    ;
  mkHfCachePath = integration.mkCacheName;

  inherit (sources) parseModelSpec;
  inherit (types) normalizeHash validateConfig;
}

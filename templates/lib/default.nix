/**
  Models of the Hugging Face Hub and others as derivations.
*/
{ lib }:
let
  hashes = import ./hashes.nix { inherit lib; };
  types = import ./types.nix { inherit lib hashes; };
  licenses = import ./licenses.nix { inherit lib; };
  sources = import ./sources { inherit lib types; };
  integration = import ./integration.nix { inherit lib; };

  /**
    The derivation of a model.

    # Type

    ```
    fetchModel :: Nixpkgs -> AttrSet -> Derivation
    ```
  */
  fetchModel =
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
    };

  /**
    The models of a set of definitions, which may hold further sets.

    # Type

    ```
    instantiate :: Nixpkgs -> AttrSet -> AttrSet
    ```
  */
  instantiate =
    pkgs:
    import ./instantiate.nix {
      inherit lib;
      fetchModel = fetchModel pkgs;
    };
in
{
  inherit
    fetchModel
    instantiate
    integration
    sources
    types
    ;

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

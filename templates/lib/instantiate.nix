/**
  From a set of model definitions to a set of models.
*/
{ lib, fetchModel }:
let
  inherit (lib) isAttrs mapAttrs;

  # What has a source is a definition, unless that source is itself one: then
  # it is a group that holds a model called "source".
  isDefinition = value: value ? source && !(isAttrs value.source && value.source ? source);

  /**
    The models of a set of definitions, which may hold further sets.

    A definition without a name is named by its attribute. Nothing is looked at
    before it is asked for: to list the names of ten thousand models
    instantiates none.

    # Type

    ```
    instantiate :: AttrSet -> AttrSet
    ```

    # Example

    ```nix
    instantiate { microsoft.phi-2 = { source = …; locked = …; }; }
    => { microsoft.phi-2 = «derivation …»; }
    ```
  */
  instantiate = mapAttrs (
    name: value:
    if isDefinition value then fetchModel ({ inherit name; } // value) else instantiate value
  );
in
instantiate

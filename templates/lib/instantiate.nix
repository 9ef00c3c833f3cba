/**
  From a set of model definitions to a set of models.
*/
{ lib, fetchModel }:
let
  inherit (lib) isAttrs isString mapAttrs;

  # What has a source is a definition, unless that source is itself one: then
  # it is a group that holds a model called "source".
  isDefinition = value: value ? source && !(isAttrs value.source && value.source ? source);

  # A composition has a base, which is no definition of its own.
  isComposition =
    value:
    value ? compose && value.compose ? base && !(isAttrs value.compose.base && value.compose.base ? source);

  # What a composition names stands beside it.
  partOf =
    models: part:
    if isString part then
      models.${part}
    else if isAttrs part && isString (part.model or null) then
      part // { model = models.${part.model}; }
    else
      part;

  /**
    The models of a set of definitions, which may hold further sets.

    A definition without a name is named by its attribute, and the parts of a
    composition are models of the same set by their names. Nothing is looked at
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
  instantiate =
    definitions:
    let
      models = mapAttrs (
        name: value:
        if isComposition value then
          fetchModel (
            { inherit name; } // value // { compose = mapAttrs (_: partOf models) value.compose; }
          )
        else if isDefinition value then
          fetchModel ({ inherit name; } // value)
        else
          instantiate value
      ) definitions;
    in
    models;
in
instantiate

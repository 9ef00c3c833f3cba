/**
  Which adapter a source belongs to.
*/
{ lib, adapters }:
let
  inherit (lib)
    attrNames
    concatStringsSep
    head
    isAttrs
    length
    ;

  known = concatStringsSep ", " (map (name: "`${name}`") (attrNames adapters));

  /**
    The adapter of a source type.

    # Type

    ```
    getAdapter :: String -> AttrSet
    ```
  */
  getAdapter =
    sourceType:
    adapters.${sourceType}
      or (throw "There is no source `${sourceType}`; there are ${known}");

  /**
    The adapter of a source, by its only attribute.

    # Type

    ```
    dispatch :: AttrSet -> AttrSet
    ```

    # Example

    ```nix
    dispatch { huggingface.repo = "microsoft/phi-2"; }
    => adapters.huggingface
    ```
  */
  dispatch =
    source:
    if isAttrs source && length (attrNames source) == 1 then
      getAdapter (head (attrNames source))
    else
      throw "A source is an attribute set with exactly one attribute, of ${known}";
in
{
  inherit adapters dispatch getAdapter;
}

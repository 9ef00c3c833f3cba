/**
  Artifacts of registries.
*/
{ lib }:
let
  inherit (lib) filterAttrs head isString;

  /**
    A function that makes sources of artifacts of one registry.

    The result takes the rest of a reference, or an attribute set that states
    further attributes of `source.oci`.

    # Type

    ```
    mkOci :: { registry :: String; ... } -> (String | AttrSet) -> AttrSet
    ```

    # Example

    ```nix
    mkOci { registry = "ghcr.io/example"; } "small-lm:v1"
    => { oci.image = "ghcr.io/example/small-lm:v1"; }
    ```
  */
  mkOci =
    { registry, ... }@common:
    request:
    let
      own = if isString request then { image = request; } else request;
    in
    {
      oci = filterAttrs (_: value: value != null) (
        removeAttrs common [ "registry" ] // own // { image = "${registry}/${own.image}"; }
      );
    };
in
{
  factories = {
    inherit mkOci;
  };

  specs = [
    {
      pattern = "oci://([^@]+(@sha256:[0-9a-f]{64})?)";
      sourceOf = groups: { oci.image = head groups; };
    }
  ];
}

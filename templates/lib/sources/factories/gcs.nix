/**
  Sources in Google Cloud Storage.
*/
{ lib }:
let
  inherit (lib) elemAt filterAttrs isString;

  /**
    A function that makes sources in Google Cloud Storage, from what they have
    in common.

    The result takes a prefix, or an attribute set that states further
    attributes of `source.gcs`.

    # Type

    ```
    mkGcs :: AttrSet -> (String | AttrSet) -> AttrSet
    ```

    # Example

    ```nix
    mkGcs { bucket = "my-models"; } "llama/v1"
    => { gcs = { bucket = "my-models"; prefix = "llama/v1"; }; }

    mkGcs { bucket = "my-models"; } { prefix = "llama/v1"; files = [ "*.json" ]; }
    => { gcs = { bucket = "my-models"; files = [ "*.json" ]; prefix = "llama/v1"; }; }
    ```
  */
  mkGcs = common: request: {
    gcs = filterAttrs (_: value: value != null) (
      common // (if isString request then { prefix = request; } else request)
    );
  };
in
{
  factories = {
    inherit mkGcs;
  };

  specs = [
    {
      pattern = "gs://([^/]+)/(.+)#([1-9][0-9]{0,18})";
      sourceOf = groups: {
        gcs = {
          bucket = elemAt groups 0;
          prefix = elemAt groups 1;
          generation = elemAt groups 2;
        };
      };
    }
    {
      pattern = "gs://([^/]+)(/(.*[^/])?/*)?";
      sourceOf = groups: {
        gcs = filterAttrs (_: value: value != null) {
          bucket = elemAt groups 0;
          prefix = elemAt groups 2;
        };
      };
    }
  ];
}

/**
  Sources in Azure Storage.
*/
{ lib }:
let
  inherit (lib) elemAt filterAttrs isString;

  /**
    A function that makes sources in Azure Storage, from what they have in
    common.

    The result takes a prefix, or an attribute set that states further
    attributes of `source.azure`.

    # Type

    ```
    mkAzure :: AttrSet -> (String | AttrSet) -> AttrSet
    ```

    # Example

    ```nix
    mkAzure { account = "myaccount"; container = "models"; } "llama/v1"
    => { azure = { account = "myaccount"; container = "models"; prefix = "llama/v1"; }; }
    ```
  */
  mkAzure = common: request: {
    azure = filterAttrs (_: value: value != null) (
      common // (if isString request then { prefix = request; } else request)
    );
  };
in
{
  factories = {
    inherit mkAzure;
  };

  specs = [
    {
      pattern = "az://([^/@]+)/([^/@]+)(/(.*[^/])?/*)?";
      sourceOf = groups: {
        azure = filterAttrs (_: value: value != null) {
          account = elemAt groups 0;
          container = elemAt groups 1;
          prefix = elemAt groups 3;
        };
      };
    }
    {
      pattern = "(abfss?|wasbs?)://([^/@]+)@([^/.]+)[.](dfs|blob)[.](core[.]windows[.]net|core[.]usgovcloudapi[.]net|core[.]chinacloudapi[.]cn)(/(.*[^/])?/*)?";
      sourceOf =
        groups:
        let
          account = elemAt groups 2;
          cloud = elemAt groups 4;
        in
        {
          azure = filterAttrs (_: value: value != null) {
            inherit account;
            container = elemAt groups 1;
            prefix = elemAt groups 6;
            endpoint = if cloud == "core.windows.net" then null else "https://${account}.blob.${cloud}";
          };
        };
    }
  ];
}

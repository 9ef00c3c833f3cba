/**
  Files at addresses.
*/
{ lib }:
let
  inherit (lib)
    filterAttrs
    head
    isString
    optionalAttrs
    removeSuffix
    ;

  /**
    A function that makes sources of files of one web server.

    The result takes the path of a file below `baseUrl`, or an attribute set
    with `path`, and with `filename` and `sha256` where they are needed.

    # Type

    ```
    mkHttp :: { baseUrl :: String; defaultAuth :: AttrSet; } -> (String | AttrSet) -> AttrSet
    ```

    # Example

    ```nix
    mkHttp { baseUrl = "https://example.com/weights"; } "bert/model.safetensors"
    => { url.urls = [ { url = "https://example.com/weights/bert/model.safetensors"; } ]; }
    ```
  */
  mkHttp =
    {
      baseUrl,
      defaultAuth ? null,
    }:
    request:
    let
      own = if isString request then { path = request; } else request;
    in
    {
      url = optionalAttrs (defaultAuth != null) { auth = defaultAuth; } // {
        urls = [
          (filterAttrs (_: value: value != null) (
            removeAttrs own [ "path" ]
            // {
              url = "${removeSuffix "/" baseUrl}/${own.path}";
            }
          ))
        ];
      };
    };
in
{
  factories = {
    inherit mkHttp;
  };

  specs = [
    {
      pattern = "(https://[^#]+)";
      sourceOf = groups: { url.url = head groups; };
    }
  ];
}

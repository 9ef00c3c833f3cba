/**
  Sources in S3 and stores like it.
*/
{ lib }:
let
  inherit (builtins) match replaceStrings;
  inherit (lib)
    elemAt
    filter
    filterAttrs
    isString
    listToAttrs
    nameValuePair
    optionalAttrs
    splitString
    ;

  /**
    A function that makes S3 sources, from what they have in common.

    The result takes a prefix within the bucket, or an attribute set that states
    further attributes of `source.s3`.

    # Type

    ```
    mkS3 :: AttrSet -> (String | AttrSet) -> AttrSet
    ```

    # Example

    ```nix
    mkS3 { bucket = "my-models"; region = "us-west-2"; } "models/llama/"
    => { s3 = { bucket = "my-models"; prefix = "models/llama/"; region = "us-west-2"; }; }

    mkS3 { bucket = "my-models"; region = "us-west-2"; } { prefix = "embeddings/v2"; files = [ "*.json" ]; }
    => { s3 = { bucket = "my-models"; files = [ "*.json" ]; prefix = "embeddings/v2"; region = "us-west-2"; }; }
    ```
  */
  mkS3 = common: request: {
    s3 = filterAttrs (_: value: value != null) (
      common // (if isString request then { prefix = request; } else request)
    );
  };

  ofBucket =
    groups:
    let
      prefix = elemAt groups 2;
      query = elemAt groups 4;
      option =
        text:
        let
          parts = match "([^=]+)=(.*)" text;
          name = elemAt parts 0;
          value = replaceStrings [ "%3A" "%2F" "%2B" "%3D" ] [ ":" "/" "+" "=" ] (elemAt parts 1);
        in
        nameValuePair name (
          if name == "endpoint" && match ".*://.*" value == null then "https://${value}" else value
        );
    in
    {
      s3 = {
        bucket = elemAt groups 0;
      }
      // optionalAttrs (prefix != null && prefix != "") { inherit prefix; }
      // optionalAttrs (query != null) (
        listToAttrs (map option (filter (text: text != "") (splitString "&" query)))
      );
    };
in
{
  factories = {
    inherit mkS3;
  };

  specs = [
    {
      pattern = "s3://([^/?]+)(/([^?]*))?([?](((region|endpoint|versionId)=[^&]+&?)+))?";
      sourceOf = ofBucket;
    }
  ];
}

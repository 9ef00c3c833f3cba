/**
  Models of MLflow.
*/
{ lib }:
let
  inherit (builtins) match;
  inherit (lib)
    elemAt
    filterAttrs
    head
    isString
    optionalAttrs
    ;

  # `name@3` and `name@latest` are versions, `name@champion` is an alias.
  mlflowOf =
    text:
    let
      groups = match "([^/:@]+)(@(.+))?" text;
      name = elemAt groups 0;
      version = elemAt groups 2;
    in
    if groups == null then
      { uri = text; }
    else if version == null then
      { modelName = name; }
    else if match "[1-9][0-9]*|[lL][aA][tT][eE][sS][tT]" version != null then
      {
        modelName = name;
        modelVersion = version;
      }
    else
      {
        modelName = name;
        modelAlias = version;
      };

  /**
    A function that makes MLflow sources, from what they have in common.

    The result takes a registered model as `name`, `name@version` or
    `name@alias`, one of MLflow's own URIs, or an attribute set that states
    further attributes of `source.mlflow`, where `name` is another spelling of
    `modelName`.

    # Type

    ```
    mkMlflow :: AttrSet -> (String | AttrSet) -> AttrSet
    ```

    # Example

    ```nix
    mkMlflow { trackingUri = "https://mlflow.example.com"; } { name = "fraud"; version = "3"; }
    => { mlflow = { modelName = "fraud"; trackingUri = "https://mlflow.example.com"; version = "3"; }; }

    mkMlflow { defaultAuth.tokenEnvVar = "MLFLOW_TOKEN"; } "fraud@champion"
    => { mlflow = { auth.tokenEnvVar = "MLFLOW_TOKEN"; modelAlias = "champion"; modelName = "fraud"; }; }
    ```
  */
  mkMlflow =
    {
      defaultAuth ? null,
      ...
    }@common:
    request:
    let
      own = if isString request then mlflowOf request else request;
    in
    {
      mlflow = filterAttrs (_: value: value != null) (
        optionalAttrs (defaultAuth != null) { auth = defaultAuth; }
        // removeAttrs common [ "defaultAuth" ]
        // optionalAttrs (own ? name) { modelName = own.name; }
        // removeAttrs own [ "name" ]
      );
    };
in
{
  factories = {
    inherit mkMlflow;
  };

  specs = [
    {
      pattern = "mlflow:((models|runs):/.+|[^/:@]+@.+)";
      sourceOf = groups: { mlflow = mlflowOf (head groups); };
    }
  ];
}

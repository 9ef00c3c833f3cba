/**
  Models of Ollama.
*/
{ lib }:
let
  inherit (builtins) match;
  inherit (lib) elemAt filterAttrs isString optionalAttrs;

  /**
    A function that makes sources of Ollama's models, from what they have in
    common: the registry, and with `namespace` whose models they are.

    The result takes a model with its tag, or an attribute set that states
    further attributes of `source.ollama`.

    # Type

    ```
    mkOllama :: AttrSet -> (String | AttrSet) -> AttrSet
    ```

    # Example

    ```nix
    mkOllama { registry = "registry.example.com"; namespace = "team"; } "assistant:v1"
    => { ollama = { model = "team/assistant:v1"; registry = "registry.example.com"; }; }

    mkOllama { } { model = "llama3.2"; tag = "3b"; }
    => { ollama = { model = "llama3.2"; tag = "3b"; }; }
    ```
  */
  mkOllama =
    {
      namespace ? null,
      ...
    }@common:
    request:
    let
      own = if isString request then { model = request; } else request;
      qualified = namespace == null || match ".*/.*" own.model != null;
    in
    {
      ollama = filterAttrs (_: value: value != null) (
        removeAttrs common [ "namespace" ]
        // own
        // {
          model = if qualified then own.model else "${namespace}/${own.model}";
        }
      );
    };
in
{
  factories = {
    inherit mkOllama;

    ollama = {
      mk = mkOllama;

      /**
        A model of Ollama's own registry.

        # Type

        ```
        model :: String -> AttrSet
        ```

        # Example

        ```nix
        model "llama2:7b"
        => { ollama.model = "llama2:7b"; }
        ```
      */
      model = mkOllama { };
    };
  };

  specs = [
    {
      # Host, namespace, model and tag; of two parts, the first is the namespace.
      pattern = "ollama:(//)?(([^/@]+)/)?(([^/:@]+)/)?([^/:@]+)(:([^/:@]+))?";
      sourceOf =
        groups:
        let
          first = elemAt groups 2;
          second = elemAt groups 4;
          namespace = if second == null then first else second;
          tag = elemAt groups 7;
        in
        if second != null && match "hf[.]co|huggingface[.]co" first != null then
          throw "parseModelSpec: which files `hf.co/…` stands for is chosen when nixgen locks: in Nix, state `source.huggingface` with `files`, and `integration.ollama.enable`"
        else
          {
            ollama = {
              model = (if namespace == null then "" else "${namespace}/") + elemAt groups 5;
            }
            // optionalAttrs (tag != null) { inherit tag; }
            // optionalAttrs (second != null) { registry = first; };
          };
    }
  ];
}

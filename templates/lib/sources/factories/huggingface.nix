/**
  Sources on the Hugging Face Hub.
*/
{ lib }:
let
  inherit (builtins) match;
  inherit (lib) elemAt filterAttrs isString optionalAttrs;

  /**
    A function that makes Hugging Face sources, from what they have in common.

    The result takes a repository, or an attribute set that states further
    attributes of `source.huggingface`. With `org`, the name of a repository is
    enough, and the attribute set may call it `model`.

    # Type

    ```
    mkHuggingFace :: AttrSet -> (String | AttrSet) -> AttrSet
    ```

    # Example

    ```nix
    mkHuggingFace { defaultAuth.tokenEnvVar = "HF_TOKEN"; } "meta-llama/Llama-2-7b-hf"
    => { huggingface = { auth.tokenEnvVar = "HF_TOKEN"; repo = "meta-llama/Llama-2-7b-hf"; }; }

    mkHuggingFace { org = "microsoft"; } { model = "phi-2"; files = [ "*.json" ]; }
    => { huggingface = { files = [ "*.json" ]; repo = "microsoft/phi-2"; }; }
    ```
  */
  mkHuggingFace =
    {
      org ? null,
      defaultAuth ? null,
      ...
    }@common:
    request:
    let
      own = if isString request then { model = request; } else request;
      model = own.repo or own.model;
      qualified = org == null || match ".*/.*" model != null;
      stated = removeAttrs common [
        "org"
        "defaultAuth"
      ];
    in
    {
      huggingface = filterAttrs (_: value: value != null) (
        optionalAttrs (defaultAuth != null) { auth = defaultAuth; }
        // stated
        // removeAttrs own [ "model" ]
        // {
          repo = if qualified then model else "${org}/${model}";
        }
      );
    };

  ofOrg = org: mkHuggingFace { inherit org; };

  ofHub =
    groups:
    let
      kind = elemAt groups 3;
      revision = elemAt groups 6;
    in
    {
      huggingface = {
        repo = elemAt groups 4;
      }
      // optionalAttrs (kind != null) { type = if kind == "datasets" then "dataset" else "space"; }
      // optionalAttrs (revision != null) { inherit revision; };
    };
in
{
  factories = {
    inherit mkHuggingFace;

    huggingface = {
      mk = mkHuggingFace;

      /**
        Sources of one organisation, which is named first.

        # Type

        ```
        org :: String -> (String | AttrSet) -> AttrSet
        ```

        # Example

        ```nix
        org "microsoft" "phi-2"
        => { huggingface.repo = "microsoft/phi-2"; }
        ```
      */
      org = ofOrg;

      google = ofOrg "google";
      metaLlama = ofOrg "meta-llama";
      microsoft = ofOrg "microsoft";
      mistralai = ofOrg "mistralai";
    };
  };

  specs = [
    {
      pattern = "(hf|huggingface):[^@:]+:[^@:]+(@.+)?";
      sourceOf =
        _:
        throw "parseModelSpec: a quantization such as `:Q4_K_M` is chosen from the list of a repository's files, which nixgen does when it locks: name the file in `source.huggingface.files`";
    }
    {
      pattern = "(hf|huggingface):(//)?((datasets|spaces)/)?([^@]+)(@(.+))?";
      sourceOf = ofHub;
    }
    {
      pattern = "https://huggingface[.]co/()()((datasets|spaces)/)?([^/?#]+/[^/?#]+|[^/?#]+)(/tree/([^?#]+[^/?#])/?)?";
      sourceOf = ofHub;
    }
  ];
}

/**
  Models of Civitai.
*/
{ lib }:
let
  inherit (builtins) fromJSON;
  inherit (lib) elemAt optionalAttrs;
in
{
  specs = [
    {
      pattern = "(urn:air:[^:]+:[^:]+:)?civitai:(([0-9]+)@)?([0-9]+)";
      sourceOf = groups: {
        civitai = {
          modelVersionId = fromJSON (elemAt groups 3);
        }
        // optionalAttrs (elemAt groups 2 != null) { modelId = fromJSON (elemAt groups 2); };
      };
    }
  ];
}

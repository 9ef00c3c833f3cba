/**
  Sources for tests.
*/
{ lib }:
let
  inherit (lib) elemAt optionalAttrs;
in
{
  specs = [
    {
      pattern = "mock:(([^/@]+)/)?([^/@]+)";
      sourceOf = groups: {
        mock = {
          model = elemAt groups 2;
        }
        // optionalAttrs (elemAt groups 1 != null) { org = elemAt groups 1; };
      };
    }
  ];
}

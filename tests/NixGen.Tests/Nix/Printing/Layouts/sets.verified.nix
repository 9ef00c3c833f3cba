{ lib, pkgs }:
let
  empty = { };

  recursive = rec {
    a = 1;
  };
in
{
  "if" = 1;
  "a.b" = 2;
  a.c."then" = 3;
  packages.${lib.system} = pkgs;
  checks."${lib.name}-check" = pkgs;
  nested = {
    deep = {
      deeper = {
        deepest = 1;
      };
    };
  };

  long = lib.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx pkgs.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx;
  longer =
    lib.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx."or"
      pkgs.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
      1
      2;
  name =
    lib.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx;
}

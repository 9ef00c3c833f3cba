{ lib, pkgs }:
{
  inherit lib;
  inherit pkgs;
  inherit (lib) a b c;
  inherit (lib.strings)
    d
    e
    f
    g
    ;
  inherit (lib) "with space" "or";
  one = { inherit lib; };
  two = { inherit lib pkgs; };
}

{ lib, pkgs }:
{
  empty = [ ];
  one = [ "a" ];
  two = [
    "a"
    "b"
  ];
  wide = [
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
  ];
  set = [
    {
      a = 1;
      b = 2;
    }
  ];
  numbers = [
    1
    (-1)
    (-9223372036854775807 - 1)
  ];
  parenthesized = [
    (lib 1)
    (x: x)
    lib.a or pkgs
    (1 + 2)
  ];
}

{ lib, pkgs }:
{
  sum = 1 - (2 - 3);
  joined = [ "a" ] ++ lib.b;
  joinedLong = [
    "a"
    "b"
  ]
  ++ lib.optionals pkgs [
    "c"
    "d"
  ];
  merged = lib // {
    a = 1;
  };
  mergedFirst = {
    a = 1;
  }
  // lib
  // lib.optionalAttrs pkgs {
    b = 2;
    c = 3;
  };
  logic =
    lib.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
    && (!pkgs.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx || lib ? x);
  compared =
    lib.a == {
      b = 1;
      c = 2;
    };
  fallback = (lib.a).b or (pkgs 1);
}

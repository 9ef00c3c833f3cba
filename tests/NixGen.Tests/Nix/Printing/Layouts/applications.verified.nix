{ lib, pkgs }:
{
  short = lib.f "a" true null;
  set = pkgs.mkDerivation {
    name = "a";
    version = "b";
  };
  singleton = pkgs.mkDerivation { name = "a"; };
  imported = import ./lib { inherit lib; };
  function = lib.genAttrs pkgs.systems (system: {
    name = system;
    value = 1;
  });
  nested = lib.mapAttrs (name: value: {
    a = name;
    b = value;
  }) pkgs;
  finalAttrs = pkgs.mkDerivation (finalAttrs: {
    pname = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";
    src = finalAttrs.version;
  });
  list = lib.optionals pkgs.enabled [
    "a"
    "b"
  ];
  lists = lib.replaceStrings [ "a" "b" ] [ "c" "d" ] pkgs.text;
  wideLists =
    lib.replaceStrings
      [ "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" "b" ]
      [ "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" "d" ];
  wide =
    lib.foldl (a: b: a b) { } lib.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
      pkgs.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx;
  middle = lib.forEach {
    a = 1;
    b = 2;
  } lib;
  throws =
    lib.throwIfNot (lib.isString pkgs) "The model ${pkgs.name} is no string, and this sentence is long."
      lib;
  inner = lib.concatStringsSep " " (
    lib.map lib.escapeShellArg (
      lib.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx pkgs.files
    )
  );
}

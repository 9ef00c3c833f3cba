{
  system ? builtins.currentSystem,
  config ? { },
  overlays ? [ ],
}:
import ./pkgs.nix {
  inherit system config overlays;
  lib = import ./lib;
}

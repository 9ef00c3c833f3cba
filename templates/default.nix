# Models for Nix without flakes: `nix-build -A NAME`, or `(import ./. { inherit pkgs; }).NAME`.
# Beside each model, each group of the manifest is one folder for HF_HUB_CACHE.
{
  pkgs ? import <nixpkgs> { },
  lib ? pkgs.lib,
}:
let
  nixgen = import ./lib { inherit lib; };

  models = nixgen.instantiate pkgs (import ./models);

  mkGroup =
    name: members:
    nixgen.integration.buildCache pkgs {
      inherit name;
      models = map (member: models.${member}) members;
    };
in
models // lib.mapAttrs mkGroup (import ./groups.nix)

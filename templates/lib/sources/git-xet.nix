/**
  Git repositories whose large files are in Xet storage, by the pointers of Git
  LFS that they hold.
*/
{
  lib,
  pkgs,
  types ? import ../types.nix { inherit lib; },
  fetchers ? import ../../fetchers,
  fetching ? import ../fetching.nix { inherit lib pkgs fetchers types; },
  repositories ? import ../repositories.nix { inherit lib pkgs types fetchers fetching; },
}:
repositories.mkRepositoryAdapter {
  kind = "git-xet";
  fetcher = fetchers.git-xet;
}

/**
  Git repositories of any host, with large files in Git LFS or without.
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
  kind = "git-lfs";
  fetcher = fetchers.git-lfs;
}

/**
  The sources of models: ways to write them, and the adapters that fetch them.

  Adapters build, so they need `pkgs`; factories do not.
*/
{
  lib,
  pkgs ? throw "The adapters build derivations: import lib/sources with `pkgs`",
  types ? import ../types.nix { inherit lib; },
  fetchers ? import ../../fetchers,
}:
let
  fetching = import ../fetching.nix {
    inherit
      lib
      pkgs
      fetchers
      types
      ;
  };
  adapter =
    file:
    import file {
      inherit
        lib
        pkgs
        types
        fetchers
        fetching
        ;
    };

  factories = import ./factories { inherit lib; };
in
factories
// import ./dispatch.nix {
  inherit lib;
  adapters = {
    civitai = adapter ./civitai.nix;
    git-lfs = adapter ./git-lfs.nix;
    git-xet = adapter ./git-xet.nix;
    azure = adapter ./azure.nix;
    gcs = adapter ./gcs.nix;
    huggingface = adapter ./huggingface.nix;
    mlflow = adapter ./mlflow.nix;
    mock = adapter ./mock.nix;
    oci = adapter ./oci.nix;
    ollama = adapter ./ollama.nix;
    s3 = adapter ./s3.nix;
    url = adapter ./url.nix;
  };
}
// {
  inherit factories;
}

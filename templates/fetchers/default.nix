/**
  The fetch scripts, as files of the store. What they share is one file there,
  joined of parts in the order in which they are read: `common` is for all, each
  of the other folders for the scripts that name it.
*/
let
  inherit (builtins) concatStringsSep readFile toFile;
in
{
  common = toFile "common.sh" (
    concatStringsSep "\n" (
      map readFile [
        ./common/settings.sh
        ./common/text.sh
        ./common/checks.sh
        ./common/facts.sh
        ./common/addresses.sh
        ./common/credentials.sh
        ./common/requests.sh
        ./common/failures.sh
        ./common/progress.sh
        ./common/lanes.sh
        ./common/schedule.sh
        ./common/transfers.sh
        ./common/recovery.sh
        ./common/partials.sh
        ./common/downloads.sh
        ./common/trees.sh
        ./common/run.sh
        ./clouds/signing.sh
        ./clouds/aws.sh
        ./clouds/google.sh
        ./clouds/entra.sh
        ./clouds/mirrors.sh
        ./registries/registries.sh
        ./git/lfs.sh
        ./git/git.sh
        ./git/repositories.sh
      ]
    )
  );
  alternates = ./alternates.sh;
  civitai = ./civitai.sh;
  git-lfs = ./git-lfs.sh;
  git-xet = ./git-xet.sh;
  azure = ./azure.sh;
  gcs = ./gcs.sh;
  huggingface = ./huggingface.sh;
  mlflow = ./mlflow.sh;
  oci = ./oci.sh;
  ollama = ./ollama.sh;
  s3 = ./s3.sh;
  url = ./url.sh;
}

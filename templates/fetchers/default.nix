/**
  The fetch scripts, as files of the store. What all of them share is one file
  there, joined of parts in the order in which they are read.
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
        ./common/signing.sh
        ./common/aws.sh
        ./common/clouds.sh
        ./common/google.sh
        ./common/entra.sh
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
        ./common/registries.sh
        ./common/lfs.sh
        ./common/git.sh
        ./common/repositories.sh
        ./common/run.sh
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

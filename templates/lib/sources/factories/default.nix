/**
  Short ways to write the `source` of a model: functions that make sources of
  what they have in common, and short specifications.
*/
{ lib }:
let
  inherit (builtins)
    concatMap
    foldl'
    match
    toJSON
    ;
  inherit (lib) filter head;

  # Of two forms that fit, the first is meant: any https URL is one of `url`.
  kinds = map (file: import file { inherit lib; }) [
    ./huggingface.nix
    ./git.nix
    ./azure.nix
    ./gcs.nix
    ./mlflow.nix
    ./mock.nix
    ./oci.nix
    ./ollama.nix
    ./s3.nix
    ./civitai.nix
    ./url.nix
  ];

  # What short specifications look like, and the source that the capture groups
  # of each make.
  specs = concatMap (kind: kind.specs) kinds;

  /**
    The source that a short specification means.

    # Type

    ```
    parseModelSpec :: String -> AttrSet
    ```

    # Example

    ```nix
    parseModelSpec "hf:microsoft/phi-2@main"
    => { huggingface = { repo = "microsoft/phi-2"; revision = "main"; }; }

    parseModelSpec "https://huggingface.co/datasets/org/name/tree/v1"
    => { huggingface = { repo = "org/name"; revision = "v1"; type = "dataset"; }; }

    parseModelSpec "git+https://github.com/example/models.git?rev=v1.0"
    => { git-lfs = { rev = "v1.0"; url = "https://github.com/example/models.git"; }; }
    ```
  */
  parseModelSpec =
    spec:
    let
      matching = filter (form: match form.pattern spec != null) specs;
      form = head matching;
    in
    if matching == [ ] then
      throw "parseModelSpec: ${toJSON spec} is none of the short forms, such as `hf:owner/name@revision`, `mlflow:models:/name@alias`, `s3://bucket/prefix`, `https://example.com/model.safetensors`, `oci://host/name:tag`, `ollama:model:tag` and `mock:org/name`"
    else
      form.sourceOf (match form.pattern spec);
in
foldl' (all: kind: all // kind.factories or { }) { inherit parseModelSpec; } kinds

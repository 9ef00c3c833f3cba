/**
  The programs that examine models, as files of the store: of each, its modules by
  their names. What these hold is all that counts, wherever they lie.
*/
let
  inherit (builtins)
    listToAttrs
    mapAttrs
    readFile
    toFile
    ;

  modulesOf =
    program: modules:
    listToAttrs (
      map (name: {
        inherit name;
        value = toFile name (readFile (./. + "/${program}/${name}"));
      }) modules
    );
in
mapAttrs modulesOf {
  run = [
    "__main__.py"
    "model.py"
    "validator.py"
  ];
  contents = [
    "__main__.py"
    "checks.py"
    "checksums.py"
    "expressions.py"
    "folder.py"
    "kinds.py"
    "licences.py"
    "links.py"
    "python.py"
  ];
  pickle-scan = [
    "__main__.py"
    "allowed.py"
    "arrays.py"
    "endings.py"
    "findings.py"
    "machine.py"
    "scan.py"
    "values.py"
    "zipped.py"
  ];
  signatures = [
    "__main__.py"
    "model_signing.py"
  ];
  structure = [
    "__main__.py"
    "gguf.py"
    "onnx.py"
    "tensors.py"
    "wrong.py"
  ];
}

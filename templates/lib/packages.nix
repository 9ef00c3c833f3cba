/**
  Packages that a definition names by their attributes in nixpkgs.
*/
{
  lib,
  pkgs,
  ...
}:
let
  inherit (builtins) foldl';
  inherit (lib) isString splitString;

  # What runs in a build.
  host = pkgs.buildPackages;

  /**
    A package of the machine that builds, by its attribute path; what is a package
    already stays as it is. `user` is what needs it, for the words of the failure.

    # Type

    ```
    packageOf :: String -> (String | Derivation) -> Derivation
    ```

    # Example

    ```nix
    packageOf "The step `convert` of the model `phi-2`" "python3Packages.safetensors"
    => «derivation /nix/store/…-python3.12-safetensors-0.5.3.drv»
    ```
  */
  packageOf =
    user: package:
    if !isString package then
      package
    else
      foldl' (
        set: attribute:
        set.${attribute}
          or (throw "${user} needs the package `${package}`, which this nixpkgs doesn't have: take one that has it, give the package itself in `buildInputs`, or leave it out")
      ) host (splitString "." package);
in
{
  inherit packageOf;
}

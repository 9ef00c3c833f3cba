/**
  What a model is changed into: derivations, each with a store path of its own, and
  links to whatever it leaves as it is.
*/
{
  lib,
  pkgs,
  packages ? import ./packages.nix { inherit lib pkgs; },
  quantization ? import ./quantize.nix { inherit lib pkgs packages; },
  ...
}:
let
  inherit (builtins) foldl' isPath readFile;
  inherit (lib)
    concatLists
    concatMapStrings
    escapeShellArg
    last
    optional
    optionalAttrs
    ;
  inherit (packages) packageOf;
  inherit (quantization) mkQuantizeStep;

  # What runs in the build.
  host = pkgs.buildPackages;

  orDefault = default: value: if value == null then default else value;

  textOf = script: if isPath script then readFile script else script;
  commandOf = step: textOf (orDefault (step.script or null) (step.command or null));

  # A link that leads through the input leads on to what it is there, so that the
  # input itself isn't kept.
  shorten = ''
    if [ ! -e "$out" ] && [ ! -L "$out" ]; then
      printf 'error: the step %s of the model %s made no output: a step writes the changed model to the folder $out\n' "$stepName" "$MODEL_NAME" >&2
      exit 1
    fi
    if [ -d "$out" ]; then
      rm -f -- "$out/.nix-model-repo-meta.json"
      find "$out" -type l -lname "$src/*" -print0 | while IFS= read -r -d "" link; do
        ln -sfT -- "$(readlink -f -- "$link")" "$link"
      done
    fi
  '';

  mkStep =
    {
      model,
      src,
      raw,
      stepName,
      buildInputs,
      run,
      outputHash,
    }:
    pkgs.stdenvNoCC.mkDerivation (
      {
        name = "${model}-${stepName}";
        inherit src raw stepName;
        MODEL_NAME = model;
        __structuredAttrs = false;
        nativeBuildInputs = [ host.jq ] ++ map (packageOf "The step `${stepName}` of the model `${model}`") (orDefault [ ] buildInputs);
        buildCommand = ''
          MODEL_SIZE=$(find -L "$src" -type f -printf '%s\n' | awk '{ sum += $1 } END { print sum + 0 }')
          export MODEL_SIZE
          export HOME=$NIX_BUILD_TOP/home
          mkdir -p -- "$HOME" "$NIX_BUILD_TOP/work"
          cd -- "$NIX_BUILD_TOP/work"
          ${run}
          ${shorten}
        '';
      }
      // optionalAttrs (outputHash != null) {
        outputHashMode = "recursive";
        outputHashAlgo = "sha256";
        inherit outputHash;
      }
    );

  # A script starts with the model as links, and changes what it wants to.
  runScript =
    script:
    let
      onFailure = orDefault "abort" (script.onFailure or null);
      name = escapeShellArg script.name;
    in
    ''
      printf 'script %s\n' ${name}
      if ! bash -euo pipefail ${host.writeText "script" (commandOf script)}; then
        ${
          {
            abort = ''
              printf 'error: the script %s of the model %s failed\n' ${name} "$MODEL_NAME" >&2
              exit 1
            '';
            warn = ''
              printf 'warning: the script %s of the model %s failed, and the build goes on\n' ${name} "$MODEL_NAME" >&2
            '';
            ignore = ":";
          }
          .${onFailure}
        }
      fi
    '';

  /**
    The derivations that a model becomes one after the other; none where nothing
    changes it.

    A step writes the changed model to `$out`, and finds it as it was in `$src`. With
    `outputHash` it is fixed to that, and may not refer to other store paths; without,
    what it leaves as it is can be links. Scripts of `postDownload` come first; they
    find `$out` filled with links, and change it. What quantizes the model comes last.

    # Type

    ```
    mkSteps :: { name :: String; src :: Derivation; raw :: Derivation; paths :: [String]; transform :: Null | AttrSet; postDownload :: Null | AttrSet; quantize :: Null | AttrSet; } -> [Derivation]
    ```

    # Example

    ```nix
    mkSteps {
      name = "phi-2";
      src = phi-2.validated;
      raw = phi-2.raw;
      transform.steps = [
        {
          name = "without-readme";
          command = ''cp -rs "$src" "$out"; chmod -R u+w "$out"; rm "$out/README.md"'';
        }
      ];
      paths = [ "README.md" "model.safetensors" ];
      postDownload = null;
      quantize = null;
    }
    => [ «derivation /nix/store/…-phi-2-without-readme.drv» ]
    ```
  */
  mkSteps =
    {
      name,
      src,
      raw,
      paths,
      transform,
      postDownload,
      quantize,
    }:
    let
      stated = orDefault [ ] ((orDefault { } transform).steps or null);
      scripts = orDefault [ ] ((orDefault { } postDownload).scripts or null);
      afterScripts =
        if scripts == [ ] then
          [ ]
        else
          [
            (mkStep {
              model = name;
              inherit src raw;
              stepName = "post-download";
              buildInputs = concatLists (
                map (script: orDefault [ ] (script.buildInputs or null)) scripts
              );
              outputHash = null;
              run = ''
                cp -rsT -- "$src" "$out"
                chmod -R u+w -- "$out"
                ${concatMapStrings runScript scripts}
              '';
            })
          ];
      add =
        made: step:
        made
        ++ [
          (mkStep {
            model = name;
            src = if made == [ ] then src else last made;
            inherit raw;
            stepName = step.name;
            buildInputs = step.buildInputs or null;
            outputHash = step.outputHash or null;
            run = "bash -euo pipefail ${host.writeText "step" (commandOf step)}";
          })
        ];
    in
    foldl' add afterScripts (
      stated
      ++ optional (quantize != null && quantize.enable or null != false) (mkQuantizeStep {
        inherit paths quantize;
        isChanged = stated != [ ];
      })
    );
in
{
  inherit mkSteps;
}

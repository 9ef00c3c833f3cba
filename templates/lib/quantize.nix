/**
  Weights of fewer bits: one more step of what a model is changed into.
*/
{
  lib,
  pkgs,
  packages ? import ./packages.nix { inherit lib pkgs; },
  ...
}:
let
  inherit (builtins) isPath readFile;
  inherit (lib)
    any
    hasSuffix
    optionalString
    optionals
    ;
  inherit (packages) packageOf;

  # What runs in the build.
  host = pkgs.buildPackages;

  orDefault = default: value: if value == null then default else value;

  # What llama.cpp recommends for a number of bits.
  typeOfBits = {
    "2" = "Q2_K";
    "3" = "Q3_K_M";
    "4" = "Q4_K_M";
    "5" = "Q5_K_M";
    "6" = "Q6_K";
    "8" = "Q8_0";
  };

  keepOriginal = ''
    if [ -e "$out/unquantized" ]; then
      printf 'error: %s has a folder "unquantized" of its own: leave keepOriginal out\n' "$MODEL_NAME" >&2
      exit 1
    fi
    mkdir -p -- "$out"
    cp -rsT -- "$src" "$out/unquantized"
    chmod -R u+w -- "$out/unquantized"
    rm -f -- "$out/unquantized/.nix-model-repo-meta.json"
  '';

  # One GGUF file out of weights as they are trained, by llama.cpp's own converter.
  converted =
    let
      package = packageOf "`quantize` of a model" "llama-cpp";
      python = host.python3.withPackages (ps: [
        ps.gguf
        ps.numpy
        ps.protobuf
        ps.safetensors
        ps.sentencepiece
        ps.torch
        ps.transformers
      ]);
    in
    ''
      printf 'converting %s to GGUF\n' "$MODEL_NAME"
      HF_HUB_OFFLINE=1 ${python}/bin/python3 ${package.src}/convert_hf_to_gguf.py \
        --outtype auto --outfile "$PWD/$MODEL_NAME.gguf" "$src"
      quantize "$PWD/$MODEL_NAME.gguf" "$MODEL_NAME"
      find "$out" -type l \( -name '*.safetensors' -o -name '*.bin' -o -name '*.pt' -o -name '*.pth' \
        -o -name '*.ckpt' -o -name '*.h5' -o -name '*.msgpack' -o -name '*.onnx' -o -name '*.onnx_data' \
        -o -name '*.safetensors.index.json' -o -name '*.bin.index.json' \) -delete
    '';

  # What is fixed to a hash may hold no links into the store.
  realFiles = ''
    rm -f -- "$out/.nix-model-repo-meta.json"
    find "$out" -type l -print0 | while IFS= read -r -d "" link; do
      cp --remove-destination --no-preserve=mode -- "$(readlink -f -- "$link")" "$link"
    done
  '';

  withoutConversion = ''
    printf 'error: %s has no GGUF file that could be quantized: choose one (gguf), or set quantize.convert\n' "$MODEL_NAME" >&2
    exit 1
  '';

  gguf = type: converts: ''
    # $1: the file, $2: the model's name in the new file's. What the name says of the
    # old file's type is left out.
    quantize() {
      local stem=$2 made
      if [[ $stem =~ ^(.+)[-._]([Ff][Pp]?(16|32)|[Bb][Ff]16|[Ii]?[Qq][1-8]_[A-Za-z0-9_]+)$ ]]; then
        stem=''${BASH_REMATCH[1]}
      fi
      made=$out/$stem-${type}.gguf
      if [ -e "$made" ] && [ "$(readlink -f -- "$made")" = "$made" ]; then
        printf 'error: several files of %s would become %s: choose one of them (gguf, files)\n' "$MODEL_NAME" "''${made#"$out/"}" >&2
        exit 1
      fi
      rm -f -- "$made"
      mkdir -p -- "''${made%/*}"
      if ! llama-quantize "$1" "$made" ${type} "$NIX_BUILD_CORES"; then
        printf 'error: llama-quantize made no ${type} of %s\n' "$2" >&2
        exit 1
      fi
    }

    weights=()
    while IFS= read -r -d "" path; do
      case ''${path##*/} in
        # What an image is read with stays as it is.
        *mmproj*) continue ;;
      esac
      if head -c 4 -- "$src/$path" | cmp -s - <(printf GGUF); then
        weights+=("$path")
      fi
    done < <(cd -- "$src" && find -L . -type f -printf '%P\0' | sort -z)

    cp -rsT -- "$src" "$out"
    chmod -R u+w -- "$out"
    for path in "''${weights[@]}"; do
      rm -f -- "$out/$path"
    done
    for path in "''${weights[@]}"; do
      name=''${path%.gguf}
      if [[ $name =~ ^(.+)-([0-9]{5})-of-[0-9]{5}$ ]]; then
        # llama.cpp finds the other parts by the name of the first.
        [ "''${BASH_REMATCH[2]}" = 00001 ] || continue
        name=''${BASH_REMATCH[1]}
      fi
      quantize "$src/$path" "$name"
    done
    if [ "''${#weights[@]}" = 0 ]; then
      ${if converts then converted else withoutConversion}
    fi
  '';

  /**
    The step of `transform` that quantizes a model.

    `gguf` is done by llama.cpp, and takes the model's GGUF files; where `paths` has
    none, it is converted first. Other methods are a script of the user's.

    # Type

    ```
    mkQuantizeStep :: { quantize :: AttrSet; paths :: [String]; isChanged :: Bool; } -> AttrSet
    ```

    # Example

    ```nix
    mkQuantizeStep {
      quantize = { method = "gguf"; bits = 4; };
      paths = [ "phi-2.F16.gguf" ];
      isChanged = false;
    }
    => { name = "Q4_K_M"; buildInputs = [ "llama-cpp" ]; command = "…"; outputHash = null; }
    ```
  */
  mkQuantizeStep =
    {
      quantize,
      paths,
      isChanged,
    }:
    let
      inherit (quantize) method;
      bits = toString (quantize.bits or "");
      isGguf = method == "gguf";
      type = orDefault (typeOfBits.${bits} or null) (quantize.type or null);
      converts = orDefault (!isChanged && !any (hasSuffix ".gguf") paths) (quantize.convert or null);
      script = orDefault (quantize.script or null) (quantize.command or null);
    in
    {
      name = if isGguf then type else "${method}-${bits}bit";
      buildInputs = optionals isGguf [ "llama-cpp" ] ++ orDefault [ ] (quantize.buildInputs or null);
      outputHash = quantize.outputHash or null;
      command =
        (
          if isGguf then
            gguf type converts
          else
            ''
              export QUANTIZE_METHOD=${method} QUANTIZE_BITS=${bits}
              bash -euo pipefail ${host.writeText "quantize" (if isPath script then readFile script else script)}
            ''
        )
        + optionalString (quantize.keepOriginal or null == true) keepOriginal
        + optionalString (isGguf && quantize.outputHash or null != null) realFiles;
    };
in
{
  inherit mkQuantizeStep;
}

/**
  One folder made of several models: a base, what was trained on it, a tokenizer.
*/
{
  lib,
  pkgs ? throw "This function builds something: call it with `pkgs` first",
  integration ? import ./integration.nix { inherit lib pkgs; },
  ...
}:
let
  inherit (builtins) match toJSON;
  inherit (lib)
    attrNames
    concatMapStrings
    filter
    isAttrs
    ;

  # The base comes first, so that what stands beside it is held against it.
  partsOf =
    parts: [ "base" ] ++ filter (name: name != "base") (attrNames parts);

  entryOf =
    parts: name:
    let
      part = parts.${name};
      isStated = isAttrs part && part ? model && !(part ? outPath);
      into = if isStated then part.into or "" else "";
    in
    if match "([^/.[:cntrl:]][^/[:cntrl:]]*(/[^/.[:cntrl:]][^/[:cntrl:]]*)*)?" into == null then
      throw "compose: `${name}.into` must be a folder within the composition, not ${toJSON into}"
    else
      "${name}\n${integration.getModelPath (if isStated then part.model else part)}\n${into}\n";

  /**
    A folder of links to the files of several models. `base` is one of them; the others
    are laid over it in the order of their names, into the folder that `into` states.

    Two different files under one path are an error. Of what isn't the base, a card, a
    licence and Git's attributes are left out where there is one already.

    # Type

    ```
    compose :: { name :: String; parts :: { base :: Derivation; … :: Derivation | { model :: Derivation; into :: String; }; }; } -> Derivation
    ```

    # Example

    ```nix
    compose {
      name = "assistant";
      parts = {
        base = llama-2-7b;
        lora = { model = assistant-lora; into = "adapter"; };
        tokenizer = extended-tokenizer;
      };
    }
    => «derivation /nix/store/…-assistant.drv»
    ```
  */
  compose =
    { name, parts }:
    if !parts ? base then
      throw "compose: ${toJSON name} has no `base`: it is what the other parts are laid over"
    else
      pkgs.stdenvNoCC.mkDerivation {
        inherit name;
        __structuredAttrs = false;
        passAsFile = [ "partList" ];
        partList = concatMapStrings (entryOf parts) (partsOf parts);
        preferLocalBuild = true;
        allowSubstitutes = false;
        passthru = { inherit parts; };
        buildCommand = ''
          mkdir -p -- "$out"
          wrong=
          while IFS= read -r part && IFS= read -r from && IFS= read -r into; do
            while IFS= read -r -d "" path; do
              case $path in
                .nix-model-repo*) continue ;;
              esac
              target=$(readlink -f -- "$from/$path")
              link=$out/''${into:+$into/}$path
              if [ -L "$link" ]; then
                if cmp -s -- "$target" "$link"; then
                  continue
                fi
                case $part:''${path##*/} in
                  base:*) ;;
                  *:README* | *:LICENSE* | *:LICENCE* | *:.gitattributes) continue ;;
                esac
                printf 'error: %s of %s is another file than the one that is there already\n' "$path" "$part" >&2
                wrong=1
              elif [ -e "$link" ]; then
                printf 'error: %s of %s is a file, and a folder of that name is there already\n' "$path" "$part" >&2
                wrong=1
              elif ! mkdir -p -- "''${link%/*}" || ! ln -sT -- "$target" "$link"; then
                wrong=1
              fi
            done < <(cd -- "$from" && find -L . -type f -printf '%P\0' | sort -z)
          done <"$partListPath"
          if [ -n "$wrong" ]; then
            printf 'Put a part into a folder of its own (into), or leave the file out of its model (exclude).\n' >&2
            exit 1
          fi
        '';
      };
in
compose

/**
  One folder made of several models: a base, what was trained on it, a tokenizer.
*/
{
  lib,
  pkgs ? throw "This function builds something: call it with `pkgs` first",
  integration ? import ./integration.nix { inherit lib pkgs; },
  licenses ? import ./licenses.nix { inherit lib; },
  ...
}:
let
  inherit (builtins) match toJSON;
  inherit (lib)
    attrNames
    concatMapStrings
    filter
    isAttrs
    mapAttrs
    optionalAttrs
    ;

  # The base comes first, so that what stands beside it is held against it.
  partsOf =
    parts: [ "base" ] ++ filter (name: name != "base") (attrNames parts);

  isStated = part: isAttrs part && part ? model && !(part ? outPath);
  modelOf = part: if isStated part then part.model else part;

  # A part as it was fetched, where it knows that.
  rawOf =
    part:
    let
      raw = (modelOf part).raw or (modelOf part);
    in
    if isStated part then part // { model = raw; } else raw;

  entryOf =
    parts: name:
    let
      part = parts.${name};
      into = if isStated part then part.into or "" else "";
    in
    if match "([^/.[:cntrl:]][^/[:cntrl:]]*(/[^/.[:cntrl:]][^/[:cntrl:]]*)*)?" into == null then
      throw "compose: `${name}.into` must be a folder within the composition, not ${toJSON into}"
    else
      "${name}\n${integration.getModelPath (modelOf part)}\n${into}\n${modelOf part}\n";

  /**
    A folder of links to the files of several models. `base` is one of them; the others
    are laid over it in the order of their names, into the folder that `into` states.

    Two different files under one path are an error. Of what isn't the base, a card, a
    licence and Git's attributes are left out where there is one already.
    `.nix-model-repo-meta.json` holds that of each part, and `raw` is the same of the
    models as they were fetched.

    # Type

    ```
    compose :: { name :: String; parts :: { base :: Derivation; … :: Derivation | { model :: Derivation; into :: String; }; }; meta :: AttrSet; } -> Derivation
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
    {
      name,
      parts,
      meta ? { },
    }:
    if !parts ? base then
      throw "compose: ${toJSON name} has no `base`: it is what the other parts are laid over"
    else
      pkgs.stdenvNoCC.mkDerivation {
        inherit name;
        __structuredAttrs = false;
        passAsFile = [ "partList" ];
        partList = concatMapStrings (entryOf parts) (partsOf parts);
        nativeBuildInputs = [ pkgs.buildPackages.jq ];
        preferLocalBuild = true;
        allowSubstitutes = false;
        passthru = {
          inherit parts;
          raw = compose {
            name = "${name}-raw";
            parts = mapAttrs (_: rawOf) parts;
          };
        };
        meta =
          meta
          // optionalAttrs (meta.license or null != null) { license = licenses.licenseOf meta.license; };
        buildCommand = ''
          mkdir -p -- "$out"
          wrong=
          described={}
          while IFS= read -r part && IFS= read -r from && IFS= read -r into && IFS= read -r model; do
            if [ -f "$model/.nix-model-repo-meta.json" ]; then
              described=$(jq --arg part "$part" --slurpfile model "$model/.nix-model-repo-meta.json" '.[$part] = $model[0]' <<<"$described")
            fi
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
          jq --sort-keys --arg name "$name" '{ name: $name, parts: . }' <<<"$described" >"$out/.nix-model-repo-meta.json"
        '';
      };
in
compose

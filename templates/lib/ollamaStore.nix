/**
  Model stores of Ollama: folders that `ollama` reads as its `OLLAMA_MODELS`.
*/
{
  lib,
  pkgs,
  layout ? import ./layout.nix { inherit lib pkgs; },
}:
let
  inherit (builtins) elemAt match;
  inherit (lib)
    attrNames
    concatMapStrings
    filter
    head
    length
    ;

  orDefault = default: value: if value == null then default else value;

  defaultRegistry = "registry.ollama.ai";

  partsOf =
    model:
    let
      groups = match "(([^/:]+)/)?([^/:]+)(:(.+))?" model;
    in
    {
      namespace = orDefault "library" (elemAt groups 1);
      model = elemAt groups 2;
      tag = elemAt groups 4;
    };

  # What `ollama` calls it, as short as it can be.
  shortName =
    name:
    (
      if name.registry != defaultRegistry then
        "${name.registry}/${name.namespace}/"
      else if name.namespace != "library" then
        "${name.namespace}/"
      else
        ""
    )
    + "${name.model}:${name.tag}";

  pathOf = name: "manifests/${name.registry}/${name.namespace}/${name.model}/${name.tag}";

  named =
    name: common:
    common
    // {
      passthru = common.passthru // {
        ollamaName = shortName name;
      };
    };

  /**
    The store of a model whose manifest a registry has: the manifest under the
    model's name, and each blob under its hash. Nothing else is in these two
    folders, since `ollama` looks at what it doesn't know as at something to
    clean up.

    # Type

    ```
    mkStore :: { common :: AttrSet; name :: AttrSet; manifest :: String; blobs :: AttrSet; } -> Derivation
    ```

    # Example

    ```nix
    mkStore {
      name = { registry = "registry.ollama.ai"; namespace = "library"; model = "llama3.2"; tag = "3b"; };
      manifest = "/nix/store/…-model-file-…";
      blobs."dde5aa3f…" = "/nix/store/…-model-file-…";
      …
    }
    => «derivation /nix/store/…-llama.drv»
    ```
  */
  mkStore =
    {
      common,
      name,
      manifest,
      blobs,
    }:
    layout.mkTree (
      named name common
      // {
        files = [
          {
            path = pathOf name;
            target = manifest;
          }
        ]
        ++ map (blob: {
          path = "blobs/sha256-${blob}";
          target = blobs.${blob};
        }) (attrNames blobs);
      }
    );

  # What a file is to Ollama, by the naming of those who publish GGUF files.
  roleOf =
    path:
    let
      base = baseNameOf path;
      marked = mark: match "(.*[^A-Za-z0-9])?${mark}([^A-Za-z0-9].*)?" base != null;
    in
    if match ".*[.][gG][gG][uU][fF]" base == null then
      null
    else if marked "[mM][mM][pP][rR][oO][jJ]" then
      "projector"
    else if marked "[mM][tT][pP]" || marked "[iI][mM][aA][tT][rR][iI][xX]" then
      null
    else
      "model";

  /**
    The store of a model that has no manifest: one GGUF file, and perhaps its
    projector. The manifest is made when the model is built, since what it says
    of the architecture stands in the file; it is the same each time.

    # Type

    ```
    mkStoreOf :: { common :: AttrSet; title :: String; stated :: AttrSet; files :: [{ path; digest; target; }]; } -> Derivation
    ```

    # Example

    ```nix
    mkStoreOf {
      title = "assistant";
      stated = { enable = true; tag = "v1"; };
      files = [ { path = "assistant.Q4_K_M.gguf"; digest = "dde5aa3f…"; target = "/nix/store/…"; } ];
      …
    }
    => «derivation /nix/store/…-assistant.drv»
    ```
  */
  mkStoreOf =
    {
      common,
      title,
      stated,
      files,
    }:
    let
      of = role: filter (file: roleOf file.path == role) files;
      models = of "model";
      layers =
        map (file: {
          role = "model";
          inherit (file) digest target;
        }) models
        ++ map (file: {
          role = "projector";
          inherit (file) digest target;
        }) (of "projector");

      name = removeAttrs (partsOf (orDefault title (stated.name or null))) [ "tag" ] // {
        registry = orDefault defaultRegistry (stated.registry or null);
        tag = orDefault "latest" (stated.tag or null);
      };
    in
    if length models != 1 || match ".*-[0-9]{5}-of-[0-9]{5}[.][^.]*" (head models).path != null then
      throw "The model `${title}` is to be a model store of Ollama (`integration.ollama`), which holds one GGUF file with the whole model; here are ${toString (length models)}, or parts of one"
    else
      layout.mkTree (
        named name common
        // {
          manifestPath = pathOf name;
          files = map (layer: {
            path = "blobs/sha256-${layer.digest}";
            inherit (layer) target;
          }) layers;
          layerList = concatMapStrings (layer: "${layer.role} ${layer.digest}\n") layers;
          finish = describe;
        }
      );

  # Writes the configuration and the manifest. The architecture is what a GGUF file
  # states first: behind four numbers there are the length and the text of a key,
  # its type (8 is text), and the same of its value (docs/gguf.md of ggml). As its
  # platform Ollama writes the same two names wherever it runs.
  describe = ''
    bytes() { dd if="$1" bs=1 skip="$2" count="$3" status=none | tr -d '\0'; }
    number() { od -An -t "u$3" -j "$2" -N "$3" --endian=little -- "$1" | tr -d ' '; }

    architecture() {
      local value=
      if [ "$(bytes "$1" 24 28)" = "$(printf '\024general.architecture')" ] && [ "$(number "$1" 52 4)" = 8 ] && [ "$(number "$1" 56 8)" -le 64 ]; then
        value=$(bytes "$1" 64 "$(number "$1" 56 8)")
      fi
      case $value in
        *[!a-z0-9_-]*) ;;
        *) printf %s "$value" ;;
      esac
    }

    family= digests= entries=
    while read -r role digest; do
      blob=blobs/sha256-$digest
      if [ "$(bytes "$blob" 0 4)" != GGUF ]; then
        printf 'error: %s is no GGUF file\n' "$(readlink -- "$blob")" >&2
        exit 1
      fi
      if [ "$role" = model ]; then
        family=$(architecture "$blob")
      fi
      digests+=",\"sha256:$digest\""
      entries+=",{\"mediaType\":\"application/vnd.ollama.image.$role\",\"digest\":\"sha256:$digest\",\"size\":$(stat -L -c %s -- "$blob")}"
    done <<<"''${layerList%$'\n'}"

    printf '{"model_format":"gguf","model_family":"%s","model_families":[%s],"model_type":"","file_type":"","architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[%s]}}' \
      "$family" "''${family:+\"$family\"}" "''${digests#,}" >blobs/config
    config=$(sha256sum blobs/config)
    config=''${config%% *}
    size=$(stat -c %s blobs/config)
    mv -- blobs/config "blobs/sha256-$config"
    mkdir -p -- "''${manifestPath%/*}"
    printf '{"schemaVersion":2,"mediaType":"application/vnd.docker.distribution.manifest.v2+json","config":{"mediaType":"application/vnd.docker.container.image.v1+json","digest":"sha256:%s","size":%s},"layers":[%s]}' \
      "$config" "$size" "''${entries#,}" >"$manifestPath"
  '';
in
{
  inherit
    defaultRegistry
    mkStore
    mkStoreOf
    partsOf
    ;
}

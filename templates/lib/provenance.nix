/**
  What is recorded of a model: where it comes from, what it holds, what is done to it.
  All of it are facts of the definition and the lock: no clock, no host.
*/
{
  lib,
  types ? import ./types.nix { inherit lib; },
  ...
}:
let
  inherit (lib)
    filter
    filterAttrs
    isAttrs
    isString
    optionalAttrs
    ;

  orDefault = default: value: if value == null then default else value;
  withoutNulls = filterAttrs (_: value: value != null);
  given = config: name: orDefault { } (config.${name} or null);
  isImpure = config: config.impure or null == true;

  sha256Of = file: if types.isFakeHash file.sha256 then null else file.sha256;

  # What changes the model, in order.
  changesOf =
    config:
    map (script: { inherit (script) name; }) (orDefault [ ] ((given config "postDownload").scripts or null))
    ++ map (
      step:
      withoutNulls {
        inherit (step) name;
        outputHash = step.outputHash or null;
      }
    ) (orDefault [ ] ((given config "transform").steps or null));

  quantizationOf =
    quantize:
    withoutNulls {
      inherit (quantize) method;
      type = quantize.type or null;
      bits = quantize.bits or null;
      outputHash = quantize.outputHash or null;
    };

  # Where it comes from, unless that is nobody's business.
  sourceOf =
    {
      kind,
      locked,
      sourceMeta,
    }:
    {
      source = kind;
      inherit (sourceMeta) type;
      requested = withoutNulls { inherit (sourceMeta) repo revision; };
    }
    // optionalAttrs (locked != null) {
      inherit (locked) repo revision;
      endpoint = locked.endpoint or null;
      storage = locked.storage or null;
      resolvedVersion = locked.version or null;
    };

  contentOf = config: locked: {
    license = locked.license or null;
    gated = locked.gated or null;
    digest = locked.digest or null;
    scan = locked.scan or null;
    hash = config.hash or null;
    files =
      if locked.files == null then
        null
      else
        map (
          file:
          withoutNulls {
            inherit (file) path;
            # Of the files of a tree whose hash is stated as a whole, none may be known.
            sha256 = sha256Of file;
            size = file.size or null;
            blob = file.blob or null;
          }
        ) locked.files;
  };

  licensesOf =
    set:
    let
      license = set.license or null;
      name = if isAttrs license then license.spdxId or license.shortName or null else license;
    in
    filter (l: isString l && l != "other" && l != "unknown") [ name ];

  /**
    The metadata of a model, which stands in it as `.nix-model-repo-meta.json`.
    `locked` is null for a model that is fetched without hashes.

    # Type

    ```
    metadataOf :: { config :: AttrSet; kind :: String; sourceMeta :: AttrSet; locked :: Null | AttrSet; hfCachePath :: Null | String; } -> AttrSet
    ```

    # Example

    ```nix
    (metadataOf {
      inherit config sourceMeta locked;
      kind = "huggingface";
      hfCachePath = "models--microsoft--phi-2";
    }).revision
    => "ef382358ec9e382308935a992d908de099b64c23"
    ```
  */
  metadataOf =
    {
      config,
      kind,
      sourceMeta,
      locked,
      hfCachePath,
    }:
    let
      provenance = given config "provenance";
      changes = changesOf config;
      quantize = config.quantize or null;
    in
    withoutNulls (
      {
        inherit (config) name;
        inherit hfCachePath;
        version = config.version or null;
        impure = if locked == null then true else null;
      }
      // optionalAttrs (provenance.recordSource or null != false) (sourceOf {
        inherit kind locked sourceMeta;
      })
      // optionalAttrs (locked != null) (contentOf config locked)
      // optionalAttrs (locked != null && provenance.recordTimestamp or null != false) {
        commitDate = locked.commitDate or null;
      }
      // optionalAttrs (changes != [ ]) { transform = changes; }
      // optionalAttrs (quantize != null && quantize.enable or null != false) {
        quantize = quantizationOf quantize;
      }
    );

  /**
    What validators may know of a model. `entries` are its files where these are
    known, as they are laid out.

    # Type

    ```
    factsOf :: { config :: AttrSet; locked :: Null | AttrSet; entries :: Null | [AttrSet]; } -> AttrSet
    ```

    # Example

    ```nix
    (factsOf { inherit config locked; entries = null; }).licenses
    => [ "mit" ]
    ```
  */
  factsOf =
    {
      config,
      locked,
      entries,
    }:
    {
      inherit (config) name;
      licenses = licensesOf (given config "meta") ++ (if locked == null then [ ] else licensesOf locked);
      pickleAllow = orDefault [ ] ((given config "pickle").allow or null);
      files = map (
        file:
        withoutNulls {
          inherit (file) path target;
          size = file.size or null;
          sha256 = if file.isUnknown then null else file.digest;
        }
      ) (orDefault [ ] entries);
    };
in
{
  inherit factsOf metadataOf;
}

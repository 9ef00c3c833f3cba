/**
  Artifacts of registries: models that ORAS, KitOps, ModelPack or Docker Model
  Runner have packed.

  Layers that are files are the files. Layers that are archives are unpacked
  when the model is built, since only their own hash is known beforehand.
*/
{
  lib,
  pkgs,
  types ? import ../types.nix { inherit lib; },
  fetchers ? import ../../fetchers,
  fetching ? import ../fetching.nix { inherit lib pkgs fetchers types; },
  layout ? import ../layout.nix { inherit lib pkgs; },
}:
let
  inherit (builtins) elemAt match;
  inherit (lib)
    concatMapStrings
    filter
    listToAttrs
    nameValuePair
    optional
    removeSuffix
    ;

  orDefault = default: value: if value == null then default else value;

  # Host, repository, tag and digest. A first part is a host where it has a dot
  # or a port, or is localhost.
  partsOf =
    image:
    let
      groups = match "(([^/@]*[.:][^/@]*|localhost)/)?([^:@]+)(:([^@]+))?(@(.+))?" image;
      host = elemAt groups 1;
      path = elemAt groups 2;
      isHub = host == null || host == "docker.io";
    in
    {
      repo = if isHub && match ".*/.*" path == null then "library/${path}" else path;
      reference = orDefault (orDefault "latest" (elemAt groups 4)) (elemAt groups 6);
      endpoint =
        if isHub then
          "https://registry-1.docker.io"
        # Plain HTTP is for this machine only.
        else if match "(localhost|127[.][0-9.]+):.*" host != null then
          "http://${host}"
        else
          "https://${host}";
    };

  extractMeta =
    sourceConfig:
    let
      parts = partsOf sourceConfig.image;
    in
    {
      sourceType = "oci";
      type = "model";
      inherit (parts) repo;
      org = null;
      model = null;
      revision = null;
      homepage = null;
    };

  adapter = fetching.mkAdapter {
    kind = "oci";
    fetcher = fetchers.oci;
    # Registries may want a token that another server gives, in JSON.
    tools = [ pkgs.buildPackages.jq ];
    byBlob = true;
    inherit extractMeta;
    variablesOf =
      { locked, sourceConfig, ... }:
      {
        fetch_endpoint = removeSuffix "/" (
          orDefault (partsOf sourceConfig.image).endpoint (locked.endpoint or null)
        );
        fetch_repo = locked.repo;
        fetch_usual_token = "";
      };
  };

  isArchive = object: object != null && match ".*[.]tar([+.](gzip|zstd))?" object != null;
  isZstd = object: match ".*zstd" object != null;

  # What the archives hold, beside the other files. A name that leads elsewhere,
  # a link, a device and a file that is there already end the build.
  unpack =
    {
      name,
      plain,
      archives,
      zstd,
    }:
    pkgs.stdenvNoCC.mkDerivation {
      inherit name;
      __structuredAttrs = false;
      passAsFile = [
        "plainList"
        "archiveList"
      ];
      plainList = concatMapStrings (file: "${file.target}\n${file.path}\n") plain;
      archiveList = concatMapStrings (file: "${file.target}\n") archives;
      nativeBuildInputs = [
        pkgs.buildPackages.gnutar
        pkgs.buildPackages.gzip
      ]
      ++ optional zstd pkgs.buildPackages.zstd;

      # The archives are where this is built, or would have to be brought there.
      preferLocalBuild = true;

      buildCommand = ''
        mkdir -p -- "$out"
        cd -- "$out"
        while IFS= read -r archive; do
          tar -tvf "$archive" >"$NIX_BUILD_TOP/members"
          if grep -q '^[^-d]' "$NIX_BUILD_TOP/members"; then
            printf 'error: an archive of the model holds a link or a device, which is not unpacked: %s\n' "$archive" >&2
            exit 1
          fi
          tar -tf "$archive" >"$NIX_BUILD_TOP/members"
          if grep -qE '^/|(^|/)\.\.(/|$)' "$NIX_BUILD_TOP/members"; then
            printf 'error: an archive of the model holds a name that leads out of it: %s\n' "$archive" >&2
            exit 1
          fi
          tar -xf "$archive" --keep-old-files --no-same-owner --no-same-permissions
        done <"$archiveListPath"
        while IFS= read -r target && IFS= read -r path; do
          case $path in
            */*) mkdir -p -- "''${path%/*}" ;;
          esac
          ln -sT -- "$target" "$path"
        done <"$plainListPath"
      '';
    };

  isPackedIn =
    locked:
    let
      objects = listToAttrs (
        map (file: nameValuePair file.path (file.object or null)) locked.files
      );
    in
    {
      any = file: isArchive objects.${file.path};
      zstd = file: isZstd objects.${file.path};
    };

  # What archives hold as files; null where there is no archive. It is what
  # validators look at.
  mkUnpacked =
    {
      name,
      locked,
      files,
    }:
    let
      isPacked = isPackedIn locked;
      archives = filter isPacked.any files;
    in
    if archives == [ ] then
      null
    else
      unpack {
        name = "${name}-unpacked";
        plain = filter (file: !isPacked.any file) files;
        inherit archives;
        zstd = filter isPacked.zstd archives != [ ];
      };
in
adapter
// {
  # Blobs have no other names than their hashes.
  resolve =
    args:
    let
      locked = adapter.resolve args;
    in
    locked
    // {
      inherit (partsOf args.sourceConfig.image) endpoint;
      files = map (file: file // { blob = types.hashToHex file.sha256; }) locked.files;
    };

  inherit mkUnpacked;

  mkLayout =
    {
      common,
      locked,
      files,
      tree,
      ...
    }:
    let
      unpacked = mkUnpacked {
        name = common.name or common.pname;
        inherit locked files;
      };
    in
    layout.mkTree (
      common
      // (
        if unpacked == null then
          { inherit files tree; }
        else
          {
            files = null;
            tree = unpacked;
          }
      )
    );
}

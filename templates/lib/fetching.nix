/**
  Fetch derivations: what those of all sources have in common, and the adapter
  that most sources are.
*/
{
  lib,
  pkgs,
  fetchers ? import ../fetchers,
  types ? import ./types.nix { inherit lib; },
  environment ? import ./environment.nix { inherit lib pkgs; },
  lockedFiles ? import ./lockedFiles.nix { inherit lib pkgs types; },
}:
let
  inherit (builtins) stringLength;
  inherit (lib)
    concatMapStrings
    concatStringsSep
    filter
    makeBinPath
    mapAttrsToList
    optional
    optionalAttrs
    ;
  inherit (environment)
    awsVariables
    impureEnvVars
    toolsFor
    treeAttrs
    variables
    ;
  inherit (lockedFiles)
    digestOf
    discovery
    factsOf
    hasText
    lineOf
    nameOf
    sizeOf
    textDerivation
    ;

  host = pkgs.buildPackages;

  orDefault = default: value: if value == null then default else value;

  /**
    The attributes of a fetch derivation that the downloads of all sources
    have, beside its name, its hash, and what is to be fetched.

    `tools` are packages that the fetcher needs beside those of all fetchers,
    and `usualVariables` the variables that it always sees.

    It makes a plain derivation and not one of stdenv, so that each file costs
    microseconds to evaluate.

    # Type

    ```
    fetcherAttrs :: { fetcher :: String; model :: AttrSet; tools :: [Derivation]; usualVariables :: [String]; } -> AttrSet
    ```

    # Example

    ```nix
    fetcherAttrs { fetcher = fetchers.huggingface; model = { locked = …; network.connections = 16; }; }
    => { builder = …; fetch_connections = 16; … }
    ```
  */
  fetcherAttrs =
    {
      fetcher,
      model,
      tools ? [ ],
      usualVariables ? [ ],
    }:
    {
      inherit (pkgs.stdenvNoCC.buildPlatform) system;
      builder = pkgs.stdenvNoCC.shell;
      args = [ "${fetcher}" ];
      PATH = makeBinPath (
        [
          host.coreutils
          host.curl
          host.openssl
        ]
        ++ tools
        ++ toolsFor model
      );
      SSL_CERT_FILE = "${host.cacert}/etc/ssl/certs/ca-bundle.crt";

      outputHashAlgo = "sha256";
      impureEnvVars = impureEnvVars usualVariables model;
      # It waits for the network and not for a processor: through a remote
      # builder, every byte would travel twice.
      preferLocalBuild = true;

      fetch_common = "${fetchers.common}";
      fetch_shell = pkgs.stdenvNoCC.shell;
      fetch_name = orDefault (model.locked.repo or "model") (model.modelName or null);
    }
    // variables model;

  /**
    The adapter of a source whose files are fetched one by one: each is a flat
    fixed-output derivation that is named by its content, so that the same bytes
    are one store path, whatever they come from.

    `variablesOf` says where a model is, as variables that the fetcher reads, and
    `usualVariables` which of the building process's variables it always sees,
    both from the source's attributes.

    # Type

    ```
    mkAdapter :: { kind :: String; fetcher :: String; variablesOf :: AttrSet -> AttrSet; extractMeta :: AttrSet -> AttrSet; tools :: [Derivation]; usualVariables :: AttrSet -> [String]; byBlob :: Bool; } -> AttrSet
    ```

    # Example

    ```nix
    mkAdapter {
      kind = "url";
      fetcher = fetchers.url;
      variablesOf = _: { };
      extractMeta = sourceConfig: { … };
    }
    => { mkFileDerivation = …; … }
    ```
  */
  mkAdapter =
    {
      kind,
      fetcher,
      variablesOf,
      extractMeta,
      tools ? [ ],
      usualVariables ? _: [ ],
      byBlob ? false,
    }:
    let
      common =
        model:
        fetcherAttrs {
          inherit fetcher model tools;
          usualVariables = usualVariables model.sourceConfig;
        }
        // variablesOf model;

      # What the derivation of a file is made with. Several sources of one file
      # are joined by it.
      mkFileAttrs =
        model:
        let
          shared = common model;
        in
        file:
        let
          sha256 = types.normalizeHash file.sha256;
        in
        shared
        // discovery sha256
        // factsOf byBlob file
        // {
          name = nameOf file;
          outputHashMode = "flat";
          outputHash = sha256;
          fetch_path = file.path;
          fetch_size = sizeOf file;
          fetch_sha256 = digestOf file;
        };
    in
    {
      inherit extractMeta mkFileAttrs;
      isRepository = types.sourceRecords.${kind}.isRepository or false;

      buildInputs =
        pkgs:
        [
          pkgs.cacert
          pkgs.coreutils
          pkgs.curl
          pkgs.openssl
        ]
        ++ tools;

      impureEnvVars =
        sourceConfig: impureEnvVars (usualVariables sourceConfig) { inherit sourceConfig; };

      validateConfig = sourceConfig: {
        inherit (types.validateSource { ${kind} = sourceConfig; }) valid errors;
      };

      # What stands for `locked` where nothing was locked: the files that the
      # user vouches for. They name themselves, as there is no revision.
      resolve =
        {
          sourceConfig,
          fileHashes ? { },
        }:
        let
          files = mapAttrsToList (path: hash: {
            inherit path;
            sha256 = types.normalizeHash hash;
          }) fileHashes;
          lines = map (file: "${types.hashToHex file.sha256}  ${file.path}\n") files;
        in
        {
          inherit (extractMeta sourceConfig) repo;
          revision = builtins.hashString "sha1" (concatStringsSep "" lines);
          endpoint = sourceConfig.endpoint or null;
          inherit files;
        };

      mkFileDerivation =
        model:
        let
          attrsOf = mkFileAttrs model;
        in
        file: if hasText file then textDerivation file else derivation (attrsOf file);

      # The whole tree as one fixed-output derivation.
      mkFetchDerivation =
        { name, hash, ... }@model:
        let
          texts = filter hasText model.locked.files;
        in
        derivation (
          common model
          // treeAttrs model
          // discovery hash
          // {
            inherit name;
            outputHashMode = "recursive";
            outputHash = types.normalizeHash hash;
            passAsFile = [ "fetch_files" ] ++ optional (texts != [ ]) "fetch_texts";
            fetch_files = concatMapStrings (lineOf byBlob) (
              filter (file: !hasText file) model.locked.files
            );
          }
          // optionalAttrs (texts != [ ]) {
            # A path, the length of its text, and the text itself.
            fetch_texts = concatMapStrings (
              file: "${file.path}\n${toString (stringLength file.text)}\n${file.text}"
            ) texts;
          }
        );
    };
in
{
  inherit
    awsVariables
    discovery
    fetcherAttrs
    impureEnvVars
    mkAdapter
    treeAttrs
    ;
}

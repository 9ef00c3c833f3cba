/**
  Models, datasets and spaces of the Hugging Face Hub, or of a server that
  speaks its protocol.
*/
{
  lib,
  pkgs,
  types ? import ../types.nix { inherit lib; },
  fetchers ? import ../../fetchers,
}:
let
  inherit (builtins) elemAt match;
  inherit (lib)
    concatMapStrings
    makeBinPath
    mapAttrsToList
    optional
    optionalAttrs
    removeSuffix
    stringToCharacters
    substring
    unique
    ;
  inherit (lib.fetchers) proxyImpureEnvVars;

  host = pkgs.buildPackages;

  orDefault = default: value: if value == null then default else value;

  defaultEndpoint = "https://huggingface.co";
  endpointOf = from: removeSuffix "/" (orDefault defaultEndpoint (from.endpoint or null));

  buildInputs = pkgs: [
    pkgs.cacert
    pkgs.coreutils
    pkgs.curl
    pkgs.jq
  ];

  # The usual token is for the user's own Hub. One that only the definition
  # names gets a token that the definition names too: whoever writes definitions
  # must not be sent the token of whoever builds them.
  takesUsualToken = sourceConfig: endpointOf sourceConfig == defaultEndpoint;

  # The values are those of the process that builds: with a Nix daemon, the
  # daemon's and not the user's.
  variablesOf =
    sourceConfig: auth:
    unique (
      proxyImpureEnvVars
      ++ [ "NIX_SSL_CERT_FILE" ]
      ++ optional (takesUsualToken sourceConfig) "HF_TOKEN"
      ++ optional (auth.tokenEnvVar or null != null) auth.tokenEnvVar
    );

  authOf = sourceConfig: auth: orDefault { } (sourceConfig.auth or null) // orDefault { } auth;

  # What all downloads of a model have in common. This is a plain derivation
  # and not one of stdenv: a model may have thousands of files, and so each
  # costs microseconds to evaluate.
  common =
    {
      locked,
      sourceConfig,
      auth,
      network,
    }:
    let
      credentials = authOf sourceConfig auth;
      setting =
        group: name: default:
        let
          settings = orDefault { } (network.${group} or null);
        in
        orDefault default (settings.${name} or null);
    in
    {
      inherit (pkgs.stdenvNoCC.buildPlatform) system;
      builder = pkgs.stdenvNoCC.shell;
      args = [ "${fetchers.huggingface}" ];
      PATH = makeBinPath [
        host.coreutils
        host.curl
      ];
      SSL_CERT_FILE = "${host.cacert}/etc/ssl/certs/ca-bundle.crt";

      outputHashAlgo = "sha256";
      impureEnvVars = variablesOf sourceConfig credentials;
      # It waits for the network and not for a processor: through a remote
      # builder, every byte would travel twice.
      preferLocalBuild = true;

      fetch_common = "${fetchers.common}";
      fetch_endpoint = endpointOf locked;
      fetch_type = orDefault "model" (sourceConfig.type or null);
      fetch_repo = locked.repo;
      fetch_revision = locked.revision;
      fetch_connect_timeout = setting "timeout" "connect" 30;
      fetch_read_timeout = setting "timeout" "read" 300;
      fetch_max_attempts = setting "retry" "maxAttempts" 3;
      fetch_base_delay = setting "retry" "baseDelay" 2;
      fetch_usual_token = if takesUsualToken sourceConfig then "HF_TOKEN" else "";
      fetch_token_required = if orDefault false (credentials.required or null) then "1" else "";
    }
    // optionalAttrs (credentials.tokenFile or null != null) {
      # `toString`, since a path that is interpolated is copied to the store.
      fetch_token_file = toString credentials.tokenFile;
    }
    // optionalAttrs (credentials.tokenEnvVar or null != null) {
      fetch_token_variable = credentials.tokenEnvVar;
    };

  sizeOf = file: if file.size or null == null then "-" else toString file.size;

  # A hash that is being discovered is left to Nix, which keeps what was fetched
  # and states its hash: the fetcher would only throw it away.
  digestOf = file: if types.isFakeHash file.sha256 then "-" else types.normalizeHash file.sha256;
  discovery = hash: optionalAttrs (types.isFakeHash hash) { fetch_discovers = "1"; };

  # Files whose hashes are discovered are told apart by name, and not by the
  # hash that they have in common.
  nameOf =
    file:
    if types.isFakeHash file.sha256 then
      "hash-of-${
        concatMapStrings (c: if match "[A-Za-z0-9.+_-]" c == null then "-" else c) (
          stringToCharacters (substring 0 160 (baseNameOf file.path))
        )
      }"
    else
      types.fileDerivationName file.sha256;

  patterns = list: concatMapStrings (pattern: "${pattern}\n") (orDefault [ ] list);

  # What a fetcher that lists the repository needs beside `common`.
  listing = sourceConfig: {
    PATH = makeBinPath (buildInputs host);
    fetch_include = patterns (sourceConfig.files or null);
    fetch_exclude = patterns (sourceConfig.exclude or null);
  };

  # What stands for `locked` where nothing was locked: the files that the user
  # vouches for, or null where only the hash of the whole tree is known.
  resolve =
    {
      sourceConfig,
      fileHashes ? null,
    }:
    {
      inherit (sourceConfig) repo revision;
      endpoint = sourceConfig.endpoint or null;
      files =
        if fileHashes == null then
          null
        else
          mapAttrsToList (path: hash: {
            inherit path;
            sha256 = types.normalizeHash hash;
            blob = types.blobName path hash;
          }) fileHashes;
    };

  # One file: a flat fixed-output derivation, named by its content.
  mkFileDerivation =
    model:
    let
      shared = common model;
    in
    file:
    let
      sha256 = types.normalizeHash file.sha256;
    in
    derivation (
      shared
      // discovery sha256
      // {
        name = nameOf file;
        outputHashMode = "flat";
        outputHash = sha256;
        fetch_path = file.path;
        fetch_size = sizeOf file;
        fetch_sha256 = digestOf file;
      }
    );

  # The whole tree as one fixed-output derivation.
  mkFetchDerivation =
    {
      name,
      hash,
      sourceConfig,
      locked ? resolve { inherit sourceConfig; },
      auth ? { },
      network ? { },
      ...
    }:
    let
      shared = common {
        inherit
          locked
          sourceConfig
          auth
          network
          ;
      };
    in
    derivation (
      shared
      // discovery hash
      // {
        inherit name;
        outputHashMode = "recursive";
        outputHash = types.normalizeHash hash;
      }
      // (
        if locked.files == null then
          listing sourceConfig
        else
          {
            passAsFile = [ "fetch_files" ];
            fetch_files = concatMapStrings (
              file: "${sizeOf file}\t${digestOf file}\t${file.path}\n"
            ) locked.files;
          }
      )
    );

  # The tree as it is when this is built, with no hash to hold it to. Beside the
  # files there is an output that says what they are, for those who lay them out.
  mkImpureDerivation =
    {
      name,
      sourceConfig,
      auth ? { },
      network ? { },
    }:
    derivation (
      common {
        locked = {
          inherit (sourceConfig) repo;
          inherit (extractMeta sourceConfig) revision;
          endpoint = sourceConfig.endpoint or null;
        };
        inherit sourceConfig auth network;
      }
      // listing sourceConfig
      // {
        inherit name;
        outputs = [
          "out"
          "facts"
        ];
        __impure = true;
        outputHashMode = "recursive";
        fetch_impure = "1";
      }
    );

  # What the repository is called and where its page is.
  extractMeta =
    sourceConfig:
    let
      parts = match "(([^/]+)/)?([^/]+)" sourceConfig.repo;
      type = orDefault "model" (sourceConfig.type or null);
      prefix = if type == "model" then "" else "${type}s/";
    in
    {
      sourceType = "huggingface";
      inherit type;
      inherit (sourceConfig) repo;
      org = elemAt parts 1;
      model = elemAt parts 2;
      revision = orDefault "main" (sourceConfig.revision or null);
      homepage = "${endpointOf sourceConfig}/${prefix}${sourceConfig.repo}";
    };
in
{
  inherit
    buildInputs
    extractMeta
    mkFetchDerivation
    mkFileDerivation
    mkImpureDerivation
    resolve
    ;

  validateConfig = sourceConfig: {
    inherit (types.validateSource { huggingface = sourceConfig; }) valid errors;
  };

  impureEnvVars = sourceConfig: variablesOf sourceConfig (authOf sourceConfig null);
}

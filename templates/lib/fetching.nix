/**
  What the downloads of all sources have in common: the settings of a model
  definition as variables that the fetchers read.

  The fetchers know the defaults, so that only what differs is stated here: a
  model may have thousands of files, each with these variables.
*/
{
  lib,
  pkgs,
  fetchers ? import ../fetchers,
  types ? import ./types.nix { inherit lib; },
}:
let
  inherit (builtins)
    elemAt
    fromJSON
    hasContext
    match
    stringLength
    toFile
    ;
  inherit (lib)
    concatMapStrings
    concatStringsSep
    filter
    filterAttrs
    hasPrefix
    isAttrs
    isString
    makeBinPath
    mapAttrsToList
    optional
    optionalAttrs
    optionals
    removeSuffix
    splitString
    stringToCharacters
    substring
    unique
    ;
  inherit (lib.fetchers) proxyImpureEnvVars;

  host = pkgs.buildPackages;

  orDefault = default: value: if value == null then default else value;

  # Attributes with null stand for absent ones.
  given = filterAttrs (_: value: value != null);
  group = set: name: given (orDefault { } (set.${name} or null));
  unless = default: value: if value == default then null else value;

  # A script as a file of the store. It is never pasted into other text.
  scriptFile =
    name: script:
    if isAttrs script && script.meta.mainProgram or null != null then
      "${script}/bin/${script.meta.mainProgram}"
    else if !isString script then
      "${script}"
    else if hasContext script then
      "${host.writeText name script}"
    else
      toFile name script;

  packageOf =
    package:
    if isString package then
      builtins.foldl' (
        set: name:
        set.${name} or (throw "nixpkgs has no package `${package}`, which `auth.buildInputs` names")
      ) host (splitString "." package)
    else
      package;

  bytesOf =
    size:
    let
      parts = match "([0-9]+)([KMG]?)" size;
      units = {
        "" = 1;
        K = 1024;
        M = 1024 * 1024;
        G = 1024 * 1024 * 1024;
      };
    in
    fromJSON (elemAt parts 0) * units.${elemAt parts 1};

  # KIND TAB PREFER TAB URL
  mirrorLine =
    mirror:
    let
      prefer = if mirror.prefer or false then "1" else "-";
      lineOf = kind: "${kind}\t${prefer}\t${removeSuffix "/" mirror.${kind}}\n";
    in
    concatMapStrings lineOf (
      filter (kind: mirror ? ${kind}) [
        "endpoint"
        "hashed"
        "base"
      ]
    );

  # `onFailure` is another spelling of `onDownloadFailure`.
  failureOf =
    model:
    let
      other = group model "onFailure";
    in
    group model "onDownloadFailure"
    // removeAttrs other [ "notify" ]
    // optionalAttrs (other ? notify) { notifyCommand = other.notify; };

  authOf = model: group (model.sourceConfig or { }) "auth" // group model "auth";

  mirrorsOf = model: map given (orDefault [ ] ((group model "network").mirrors or null));

  # Whether S3 is asked beside the source: what that takes is needed then.
  asksS3 =
    model:
    let
      isOnS3 = mirror: hasPrefix "s3://" (mirror.base or mirror.hashed or "");
    in
    authOf model ? awsProfile || filter isOnS3 (mirrorsOf model) != [ ];

  # What the vendor's own clients read, as far as builds can use it.
  awsVariables = [
    "AWS_ACCESS_KEY_ID"
    "AWS_SECRET_ACCESS_KEY"
    "AWS_SESSION_TOKEN"
    "AWS_PROFILE"
    "AWS_SHARED_CREDENTIALS_FILE"
    "AWS_CONFIG_FILE"
    "HOME"
    "AWS_REGION"
    "AWS_ROLE_ARN"
    "AWS_ROLE_SESSION_NAME"
    "AWS_WEB_IDENTITY_TOKEN_FILE"
    "AWS_ENDPOINT_URL_STS"
    "AWS_CONTAINER_CREDENTIALS_FULL_URI"
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"
    "AWS_CONTAINER_AUTHORIZATION_TOKEN"
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"
    "AWS_EC2_METADATA_DISABLED"
    "AWS_EC2_METADATA_SERVICE_ENDPOINT"
  ];

  /**
    The variables of the building process that the downloads of a model see.

    Their values are those of the process that builds: with a Nix daemon, the
    daemon's and not the user's.

    # Type

    ```
    impureEnvVars :: [String] -> AttrSet -> [String]
    ```

    # Example

    ```nix
    impureEnvVars [ "HF_TOKEN" ] { auth.tokenEnvVar = "MY_TOKEN"; }
    => [ "http_proxy" … "NIX_SSL_CERT_FILE" "HF_TOKEN" "MY_TOKEN" ]
    ```
  */
  impureEnvVars =
    usual: model:
    let
      auth = authOf model;
    in
    unique (
      proxyImpureEnvVars
      ++ [ "NIX_SSL_CERT_FILE" ]
      ++ usual
      ++ optional (auth ? tokenEnvVar) auth.tokenEnvVar
      ++ optionals (auth.useHfCli or false) [
        "HF_TOKEN_PATH"
        "HF_HOME"
        "XDG_CACHE_HOME"
        "HOME"
      ]
      ++ optionals (asksS3 model) awsVariables
      ++ orDefault [ ] (model.impureEnvVars or null)
    );

  # The settings as variables, those that have their default left out.
  variables =
    model:
    let
      auth = authOf model;
      network = group model "network";
      download = group model "download";
      failure = failureOf model;
      refresh = group auth "tokenRefresh";
      mirrors = mirrorsOf model;
      timeout = group network "timeout";
      retry = group network "retry";
      bandwidth = group network "bandwidth";
      refreshes = refresh ? command && refresh.enable or true;
      retries = failure.action or "clean" == "retry";
      # `toString`, since a path that is interpolated is copied to the store.
      pathOf = path: if path == null then null else toString path;
    in
    {
      fetch_connect_timeout = timeout.connect or 30;
      fetch_read_timeout = timeout.read or 300;
      fetch_max_attempts = retry.maxAttempts or 3;
      fetch_base_delay = retry.baseDelay or 2;
      fetch_token_required = if auth.required or false then "1" else "";
    }
    // given {
      fetch_token_file = pathOf (auth.tokenFile or null);
      fetch_token_variable = auth.tokenEnvVar or null;
      fetch_use_hf_cli = if auth.useHfCli or false then 1 else null;
      fetch_netrc_file = pathOf (auth.netrcFile or null);
      fetch_aws_profile = auth.awsProfile or null;
      fetch_gcp_key = pathOf (auth.gcpServiceAccountKey or null);
      fetch_gated_help = auth.gatedModelHelp or null;
      fetch_auth_script =
        if auth ? authScript then scriptFile "auth-script" auth.authScript else null;
      fetch_token_command = if refreshes then scriptFile "token-command" refresh.command else null;
      fetch_token_margin = unless 300 (if refreshes then refresh.refreshBeforeExpirySec or 300 else 300);
      fetch_token_age = unless 3600 (if refreshes then refresh.maxTokenAgeSec or 3600 else 3600);
      fetch_script_path =
        if auth.buildInputs or [ ] == [ ] then null else makeBinPath (map packageOf auth.buildInputs);
      fetch_connections = unless 8 (network.connections or 8);
      fetch_bandwidth = if bandwidth ? limit then bytesOf bandwidth.limit else null;
      fetch_mirrors = if mirrors == [ ] then null else concatMapStrings mirrorLine mirrors;
      fetch_resume_on_auth = if download.resumeOnAuthFailure or true then null else 0;
      fetch_resume_attempts = unless 3 (download.maxResumeAttempts or 3);
      fetch_on_failure = unless "clean" (failure.action or "clean");
      fetch_persist = pathOf (failure.persistPath or null);
      fetch_rounds = if retries then failure.maxRetries or 3 else null;
      fetch_round_delay = if retries then failure.retryDelay or 5 else null;
      fetch_notify =
        if failure ? notifyCommand then scriptFile "notify-command" failure.notifyCommand else null;
    };

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
    let
      auth = authOf model;
    in
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
        ++ optional (auth ? gcpServiceAccountKey || asksS3 model) host.jq
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
    The attributes that a derivation of several files has beside those of
    `fetcherAttrs`.

    # Type

    ```
    treeAttrs :: AttrSet -> AttrSet
    ```

    # Example

    ```nix
    treeAttrs { sharding.parallelDownloads = 8; }
    => { fetch_parallel_files = 8; }
    ```
  */
  treeAttrs =
    model:
    given {
      fetch_parallel_files = unless 4 ((group model "sharding").parallelDownloads or 4);
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

  # What the lock states of a file beside its size and its hash.
  factsOf =
    byBlob: file:
    given {
      fetch_blob = if byBlob then file.blob or null else null;
      fetch_object = file.object or null;
      fetch_url = file.url or null;
      fetch_version = file.version or null;
    };

  # SIZE TAB DIGEST TAB PATH, and where there are any: TAB BLOB TAB OBJECT TAB
  # URL TAB VERSION, each after a `=`, or `-` alone.
  lineOf =
    byBlob: file:
    let
      fact = name: if file.${name} or null == null then "-" else "=${file.${name}}";
      facts = map fact [
        "blob"
        "object"
        "url"
        "version"
      ];
    in
    concatStringsSep "\t" (
      [
        (sizeOf file)
        (digestOf file)
        file.path
      ]
      ++ optionals (byBlob || file ? object || file ? url || file ? version) facts
    )
    + "\n";

  # A file whose text the lock keeps: nothing has to be fetched.
  textDerivation =
    file:
    derivation {
      inherit (pkgs.stdenvNoCC.buildPlatform) system;
      name = nameOf file;
      builder = pkgs.stdenvNoCC.shell;
      PATH = makeBinPath [ host.coreutils ];
      outputHashAlgo = "sha256";
      outputHashMode = "flat";
      outputHash = types.normalizeHash file.sha256;
      preferLocalBuild = true;
      passAsFile = [ "content" ];
      content = file.text;
      # It must not end as `cp`: see sources/mock.nix.
      args = [
        "-euc"
        ''
          cp -- "$contentPath" "$out"
          exit 0
        ''
      ];
    };

  hasText = file: file.text or null != null;

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

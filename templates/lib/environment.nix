/**
  What a fetcher sees of the world: the settings of a model as variables, and the
  variables of the building process.

  The fetchers know the defaults, so that only what differs is stated here: a
  model may have thousands of files, each with these variables.
*/
{
  lib,
  pkgs,
  packages ? import ./packages.nix { inherit lib pkgs; },
}:
let
  inherit (builtins)
    elemAt
    fromJSON
    hasContext
    match
    toFile
    ;
  inherit (lib)
    concatMapStrings
    filter
    filterAttrs
    hasPrefix
    isAttrs
    isString
    makeBinPath
    optional
    optionalAttrs
    optionals
    removeSuffix
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

  packageOf = packages.packageOf "`auth` of a model";

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

  # The programs that the settings of a model need, beside those of all fetchers.
  toolsFor =
    model:
    optional (authOf model ? gcpServiceAccountKey || asksS3 model) host.jq;
in
{
  inherit
    awsVariables
    impureEnvVars
    toolsFor
    treeAttrs
    variables
    ;
}

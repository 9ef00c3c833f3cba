/**
  The settings of downloads that a model definition may hold, what a model is
  changed into afterwards, and what each of them may be.
*/
{
  lib,
  checks ? import ./checks.nix { inherit lib; },
}:
let
  inherit (builtins) isPath;
  inherit (lib)
    attrNames
    concatStringsSep
    elem
    filter
    hasPrefix
    isAttrs
    isBool
    isString
    length
    optional
    optionals
    ;
  inherit (checks)
    absolutePath
    between
    boolean
    describe
    endpoint
    enumerate
    isOf
    listOf
    matching
    natural
    oneOf
    positive
    record
    variable
    ;

  # A program on purpose: it goes into a file of the store, and bash runs that.
  script = isOf (
    v: (isString v && v != "") || isPath v || (isAttrs v && v ? outPath)
  ) "the text of a bash script, or the path or derivation of one";

  package =
    place: value:
    if isString value then
      matching "[A-Za-z_][A-Za-z0-9_'-]*([.][A-Za-z_][A-Za-z0-9_'-]*)*"
        "a package, or its attribute in nixpkgs such as `python3Packages.requests`"
        place
        value
    else
      isOf (v: isAttrs v && v ? outPath) "a package, or its attribute in nixpkgs" place value;

  text = isOf (v: isString v && v != "") "text";

  # What is always so may be said, and not denied.
  always =
    why: place: value:
    isOf isBool "true" place value
    ++ optional (value == false) "`${place}` can't be turned off: ${why}";

  server = "(https://)?[A-Za-z0-9.-]+(:[0-9]+)?|http://(127[.]0[.]0[.]1|localhost|\\[::1])(:[0-9]+)?";
  parameter = "(region=[a-z0-9-]+|endpoint=(${server}))";
  folder = "(/[A-Za-z0-9._~%=/-]*)?";

  mirrorUrl =
    place: value:
    if isString value && hasPrefix "s3://" value then
      matching "s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]${folder}([?]${parameter}(&${parameter})?)?"
        "a URL such as `s3://bucket/prefix?region=eu-central-1`"
        place
        value
    else if isString value && hasPrefix "gs://" value then
      matching "gs://[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]${folder}" "a URL such as `gs://bucket/prefix`"
        place
        value
    else
      endpoint place value;

  mirrorKinds = {
    inherit endpoint;
    hashed = mirrorUrl;
    base = mirrorUrl;
  };

  mirror =
    place: value:
    let
      given = filter (kind: value.${kind} or null != null) (attrNames mirrorKinds);
    in
    record {
      optional = mirrorKinds // {
        prefer = boolean;
      };
    } place value
    ++
      optional (isAttrs value && length given != 1)
        "`${place}` must hold exactly one of ${enumerate mirrorKinds}; it holds ${
          if given == [ ] then "none" else concatStringsSep ", " (map (kind: "`${kind}`") given)
        }";

  auth = record {
    optional = {
      tokenFile = absolutePath;
      tokenEnvVar = variable;
      required = boolean;
      useHfCli = boolean;
      netrcFile = absolutePath;
      awsProfile = matching "[^][[:cntrl:]]+" "the name of a profile, without brackets";
      gcpServiceAccountKey = absolutePath;
      gatedModelHelp = text;
      tokenRefresh = record {
        optional = {
          enable = boolean;
          command = script;
          refreshBeforeExpirySec = natural;
          maxTokenAgeSec = positive;
        };
      };
      authScript = script;
      buildInputs = listOf package;
    };
  };

  failure = {
    action = oneOf [
      "clean"
      "persist"
      "retry"
    ];
    persistPath = absolutePath;
    maxRetries = positive;
    retryDelay = natural;
  };

  changeName =
    matching "[A-Za-z0-9][A-Za-z0-9_.+-]{0,63}"
      "a name of at most 64 letters, digits, `_`, `.`, `+` and `-`, beginning with a letter or a digit";

  treeHash = isOf (
    v: isString v && v != ""
  ) "the hash of the changed model's folder, as Nix hashes one";

  # GGUF is llama.cpp's business, and the other methods are a script of the user's.
  quantizing =
    check: place: value:
    let
      errors = check place value;
      given = name: value.${name} or null != null;
      foreign =
        if value.method == "gguf" then
          [
            "script"
            "command"
          ]
        else
          [
            "type"
            "convert"
          ];
    in
    if errors != [ ] then
      errors
    else
      map (
        name: "`${place}.${name}` has no meaning where the method is `${value.method}`: leave it out"
      ) (filter given foreign)
      ++ optional (
        value.method == "gguf" && given "type" == given "bits"
      ) "`${place}` must have one of `type` and `bits`"
      ++ optional (
        given "outputHash" && value.keepOriginal or null == true
      ) "`${place}.outputHash` is of what has no links into the store, and `keepOriginal` makes some: leave one of the two out"
      ++ optional (
        value.method != "gguf" && !given "bits"
      ) "`${place}.bits` is missing: it is told to the script"
      ++ optional (
        value.method != "gguf" && given "command" == given "script"
      ) "`${place}` must have one of `command` and `script`, which quantizes the model";

  # `script` is another spelling of `command`.
  changing =
    attributes: place: value:
    record attributes place value
    ++
      optional (isAttrs value && (value.command or null == null) == (value.script or null == null))
        "`${place}` must have one of `command` and `script`";

  security = {
    maskSecretsInLogs = always "everybody can read the log of a build";
    isolateCredentialsFromHooks = always "what runs over files has no use for a credential";
  };

  /**
    The attributes of a model definition that say how it is downloaded, each
    with its check.
  */
  fields = {
    inherit auth;
    impureEnvVars = listOf variable;

    # Scopes are looked at when a model is locked, so they have no place here.
    security = record { optional = security; };

    network = record {
      optional = {
        timeout = record {
          optional = {
            connect = positive;
            read = positive;
          };
        };
        retry = record {
          optional = {
            maxAttempts = positive;
            baseDelay = natural;
          };
        };
        connections = between 1 64;
        bandwidth = record {
          optional.limit = matching "[1-9][0-9]{0,8}[KMG]?" "a size such as \"50M\"";
        };
        mirrors = listOf mirror;
      };
    };

    download = record {
      optional = {
        resumeOnAuthFailure = boolean;
        maxResumeAttempts = natural;
      };
    };

    onDownloadFailure = record {
      optional = failure // {
        notifyCommand = script;
      };
    };

    # Another spelling of the same.
    onFailure = record {
      optional = failure // {
        notify = script;
      };
    };

    transform = record {
      required.steps = listOf (changing {
        required.name = changeName;
        optional = {
          outputHash = treeHash;
          command = script;
          inherit script;
          buildInputs = listOf package;
        };
      });
    };

    postDownload = record {
      required.scripts = listOf (changing {
        required.name = changeName;
        optional = {
          inherit script;
          command = script;
          buildInputs = listOf package;
          onFailure = oneOf [
            "abort"
            "ignore"
            "warn"
          ];
        };
      });
    };

    quantize = quantizing (record {
      required.method = oneOf [
        "awq"
        "gguf"
        "gptq"
      ];
      optional = {
        enable = boolean;
        bits = oneOf [
          2
          3
          4
          5
          6
          8
        ];
        type =
          matching
            "Q[458]_[01]|Q[2-6]_K(_(S|M|L|XL))?|IQ[1-4]_(XXS|XS|S|M|NL)|TQ[12]_0|MXFP4_MOE|F16|BF16|F32"
            "a type of llama.cpp's, such as `Q4_K_M`";
        keepOriginal = boolean;
        convert = boolean;
        inherit script;
        command = script;
        buildInputs = listOf package;
        outputHash = treeHash;
      };
    });

    # `signOutput` is asked for when what was built is signed, and changes no build.
    provenance = record {
      optional = {
        recordSource = boolean;
        recordTimestamp = boolean;
        signOutput = boolean;
      };
    };

    sharding = record { optional.parallelDownloads = between 1 32; };
  };

  # What no single attribute can tell.
  relations =
    value:
    let
      given = name: value.${name} or null != null;
      persistence =
        name:
        let
          persists = value.${name}.action or null == "persist";
          hasPath = value.${name}.persistPath or null != null;
        in
        optional (given name && persists && !hasPath)
          "`${name}.persistPath` is missing: it says where partial downloads are kept"
        ++ optional (
          given name && hasPath && !persists
        ) "`${name}.persistPath` is for `action = \"persist\"`, and the action is another";
      refresh = value.auth.tokenRefresh or null;
      changes = filter given [
        "transform"
        "postDownload"
        "quantize"
      ];
    in
    map
      (
        name:
        "`impure` and `${name}` don't go together: nothing that is pure can be made of what is impure"
      )
      (if value.impure or null == true then changes else [ ])
    ++
      map (name: "`integration.ollama.enable` and `${name}` don't go together: Ollama's store names its files by hashes that are known beforehand")
        (if value.integration.ollama.enable or null == true then changes else [ ])
    ++ persistence "onDownloadFailure"
    ++ persistence "onFailure"
    ++ optional (
      given "onDownloadFailure" && given "onFailure"
    ) "`onFailure` is another spelling of `onDownloadFailure`: give one of them"
    ++ optional (
      refresh != null && refresh.enable or true != false && refresh.command or null == null
    ) "`auth.tokenRefresh.command` is missing: it makes the token";
in
{
  inherit
    auth
    fields
    package
    relations
    security
    text
    ;
}

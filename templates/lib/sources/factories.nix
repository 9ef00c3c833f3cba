/**
  Short ways to write the `source` of a model.
*/
{ lib }:
let
  inherit (builtins) fromJSON match replaceStrings;
  inherit (lib)
    elemAt
    filter
    filterAttrs
    head
    isString
    listToAttrs
    nameValuePair
    optionalAttrs
    removePrefix
    removeSuffix
    splitString
    ;

  /**
    A function that makes Hugging Face sources, from what they have in common.

    The result takes a repository, or an attribute set that states further
    attributes of `source.huggingface`. With `org`, the name of a repository is
    enough, and the attribute set may call it `model`.

    # Type

    ```
    mkHuggingFace :: AttrSet -> (String | AttrSet) -> AttrSet
    ```

    # Example

    ```nix
    mkHuggingFace { defaultAuth.tokenEnvVar = "HF_TOKEN"; } "meta-llama/Llama-2-7b-hf"
    => { huggingface = { auth.tokenEnvVar = "HF_TOKEN"; repo = "meta-llama/Llama-2-7b-hf"; }; }

    mkHuggingFace { org = "microsoft"; } { model = "phi-2"; files = [ "*.json" ]; }
    => { huggingface = { files = [ "*.json" ]; repo = "microsoft/phi-2"; }; }
    ```
  */
  mkHuggingFace =
    {
      org ? null,
      defaultAuth ? null,
      ...
    }@common:
    request:
    let
      own = if isString request then { model = request; } else request;
      model = own.repo or own.model;
      qualified = org == null || match ".*/.*" model != null;
      stated = removeAttrs common [
        "org"
        "defaultAuth"
      ];
    in
    {
      huggingface = filterAttrs (_: value: value != null) (
        optionalAttrs (defaultAuth != null) { auth = defaultAuth; }
        // stated
        // removeAttrs own [ "model" ]
        // {
          repo = if qualified then model else "${org}/${model}";
        }
      );
    };

  /**
    A function that makes sources in Google Cloud Storage, from what they have
    in common.

    The result takes a prefix, or an attribute set that states further
    attributes of `source.gcs`.

    # Type

    ```
    mkGcs :: AttrSet -> (String | AttrSet) -> AttrSet
    ```

    # Example

    ```nix
    mkGcs { bucket = "my-models"; } "llama/v1"
    => { gcs = { bucket = "my-models"; prefix = "llama/v1"; }; }

    mkGcs { bucket = "my-models"; } { prefix = "llama/v1"; files = [ "*.json" ]; }
    => { gcs = { bucket = "my-models"; files = [ "*.json" ]; prefix = "llama/v1"; }; }
    ```
  */
  mkGcs = common: request: {
    gcs = filterAttrs (_: value: value != null) (
      common // (if isString request then { prefix = request; } else request)
    );
  };

  /**
    A function that makes sources in Azure Storage, from what they have in
    common.

    The result takes a prefix, or an attribute set that states further
    attributes of `source.azure`.

    # Type

    ```
    mkAzure :: AttrSet -> (String | AttrSet) -> AttrSet
    ```

    # Example

    ```nix
    mkAzure { account = "myaccount"; container = "models"; } "llama/v1"
    => { azure = { account = "myaccount"; container = "models"; prefix = "llama/v1"; }; }
    ```
  */
  mkAzure = common: request: {
    azure = filterAttrs (_: value: value != null) (
      common // (if isString request then { prefix = request; } else request)
    );
  };

  ofOrg = org: mkHuggingFace { inherit org; };

  /**
    A function that makes sources of files of one web server.

    The result takes the path of a file below `baseUrl`, or an attribute set
    with `path`, and with `filename` and `sha256` where they are needed.

    # Type

    ```
    mkHttp :: { baseUrl :: String; defaultAuth :: AttrSet; } -> (String | AttrSet) -> AttrSet
    ```

    # Example

    ```nix
    mkHttp { baseUrl = "https://example.com/weights"; } "bert/model.safetensors"
    => { url.urls = [ { url = "https://example.com/weights/bert/model.safetensors"; } ]; }
    ```
  */
  mkHttp =
    {
      baseUrl,
      defaultAuth ? null,
    }:
    request:
    let
      own = if isString request then { path = request; } else request;
    in
    {
      url = optionalAttrs (defaultAuth != null) { auth = defaultAuth; } // {
        urls = [
          (filterAttrs (_: value: value != null) (
            removeAttrs own [ "path" ]
            // {
              url = "${removeSuffix "/" baseUrl}/${own.path}";
            }
          ))
        ];
      };
    };

  /**
    A function that makes S3 sources, from what they have in common.

    The result takes a prefix within the bucket, or an attribute set that states
    further attributes of `source.s3`.

    # Type

    ```
    mkS3 :: AttrSet -> (String | AttrSet) -> AttrSet
    ```

    # Example

    ```nix
    mkS3 { bucket = "my-models"; region = "us-west-2"; } "models/llama/"
    => { s3 = { bucket = "my-models"; prefix = "models/llama/"; region = "us-west-2"; }; }

    mkS3 { bucket = "my-models"; region = "us-west-2"; } { prefix = "embeddings/v2"; files = [ "*.json" ]; }
    => { s3 = { bucket = "my-models"; files = [ "*.json" ]; prefix = "embeddings/v2"; region = "us-west-2"; }; }
    ```
  */
  mkS3 = common: request: {
    s3 = filterAttrs (_: value: value != null) (
      common // (if isString request then { prefix = request; } else request)
    );
  };

  withoutNulls = filterAttrs (_: value: value != null);

  /**
    A function that makes sources of git repositories below one address.

    The result takes a repository's name, or an attribute set with `repo` and
    further attributes of `source.git-lfs`. Without a `rev`, it is the default
    branch.

    # Type

    ```
    mkGitLfs :: { baseUrl :: String; } -> (String | AttrSet) -> AttrSet
    ```

    # Example

    ```nix
    mkGitLfs { baseUrl = "https://github.com/example"; } {
      repo = "models";
      rev = "v1.0";
      subdir = "bert";
    }
    => { git-lfs = { rev = "v1.0"; subdir = "bert"; url = "https://github.com/example/models"; }; }
    ```
  */
  mkGitLfs =
    { baseUrl, ... }@common:
    request:
    let
      own = if isString request then { repo = request; } else request;
    in
    {
      git-lfs = withoutNulls (
        {
          rev = "HEAD";
        }
        // removeAttrs common [ "baseUrl" ]
        // removeAttrs own [ "repo" ]
        // {
          url = "${removeSuffix "/" baseUrl}/${own.repo}";
        }
      );
    };

  /**
    A function that makes sources of git repositories whose content one Xet
    server has.

    # Type

    ```
    mkGitXet :: { endpoint :: String; } -> AttrSet -> AttrSet
    ```

    # Example

    ```nix
    mkGitXet { endpoint = "https://xet.example.com"; } {
      url = "https://github.com/example/models";
      rev = "main";
    }
    => { git-xet = { rev = "main"; url = "https://github.com/example/models"; xet.endpoint = "https://xet.example.com"; }; }
    ```
  */
  mkGitXet =
    {
      endpoint ? null,
      ...
    }@common:
    request: {
      git-xet = withoutNulls (
        optionalAttrs (endpoint != null) { xet = { inherit endpoint; }; }
        // removeAttrs common [ "endpoint" ]
        // request
      );
    };

  # `git+URL?rev=…&subdir=…`
  ofRepository =
    groups:
    let
      query = elemAt groups 2;
      decode = replaceStrings [ "%2F" "%2f" "%20" "%2B" "%25" ] [ "/" "/" " " "+" "%" ];
      parameters = map (
        part:
        let
          pair = splitString "=" part;
        in
        nameValuePair (head pair) (decode (removePrefix "${head pair}=" part))
      ) (if query == null || query == "" then [ ] else splitString "&" query);
    in
    {
      git-lfs = {
        url = elemAt groups 0;
        rev = "HEAD";
      }
      // listToAttrs parameters;
    };

  # `name@3` and `name@latest` are versions, `name@champion` is an alias.
  mlflowOf =
    text:
    let
      groups = match "([^/:@]+)(@(.+))?" text;
      name = elemAt groups 0;
      version = elemAt groups 2;
    in
    if groups == null then
      { uri = text; }
    else if version == null then
      { modelName = name; }
    else if match "[1-9][0-9]*|[lL][aA][tT][eE][sS][tT]" version != null then
      {
        modelName = name;
        modelVersion = version;
      }
    else
      {
        modelName = name;
        modelAlias = version;
      };

  /**
    A function that makes MLflow sources, from what they have in common.

    The result takes a registered model as `name`, `name@version` or
    `name@alias`, one of MLflow's own URIs, or an attribute set that states
    further attributes of `source.mlflow`, where `name` is another spelling of
    `modelName`.

    # Type

    ```
    mkMlflow :: AttrSet -> (String | AttrSet) -> AttrSet
    ```

    # Example

    ```nix
    mkMlflow { trackingUri = "https://mlflow.example.com"; } { name = "fraud"; version = "3"; }
    => { mlflow = { modelName = "fraud"; trackingUri = "https://mlflow.example.com"; version = "3"; }; }

    mkMlflow { defaultAuth.tokenEnvVar = "MLFLOW_TOKEN"; } "fraud@champion"
    => { mlflow = { auth.tokenEnvVar = "MLFLOW_TOKEN"; modelAlias = "champion"; modelName = "fraud"; }; }
    ```
  */
  mkMlflow =
    {
      defaultAuth ? null,
      ...
    }@common:
    request:
    let
      own = if isString request then mlflowOf request else request;
    in
    {
      mlflow = filterAttrs (_: value: value != null) (
        optionalAttrs (defaultAuth != null) { auth = defaultAuth; }
        // removeAttrs common [ "defaultAuth" ]
        // optionalAttrs (own ? name) { modelName = own.name; }
        // removeAttrs own [ "name" ]
      );
    };

  # What short specifications look like, and the source that the capture groups
  # of each make.
  specs = [
    {
      pattern = "(hf|huggingface):(//)?((datasets|spaces)/)?([^@]+)(@(.+))?";
      sourceOf = ofHub;
    }
    {
      pattern = "https://huggingface[.]co/()()((datasets|spaces)/)?([^/?#]+/[^/?#]+|[^/?#]+)(/tree/([^?#]+[^/?#])/?)?";
      sourceOf = ofHub;
    }
    {
      pattern = "git[+]([^?]+)([?](.*))?";
      sourceOf = ofRepository;
    }
    {
      pattern = "az://([^/@]+)/([^/@]+)(/(.*[^/])?/*)?";
      sourceOf = groups: {
        azure = filterAttrs (_: value: value != null) {
          account = elemAt groups 0;
          container = elemAt groups 1;
          prefix = elemAt groups 3;
        };
      };
    }
    {
      pattern = "(abfss?|wasbs?)://([^/@]+)@([^/.]+)[.](dfs|blob)[.](core[.]windows[.]net|core[.]usgovcloudapi[.]net|core[.]chinacloudapi[.]cn)(/(.*[^/])?/*)?";
      sourceOf =
        groups:
        let
          account = elemAt groups 2;
          cloud = elemAt groups 4;
        in
        {
          azure = filterAttrs (_: value: value != null) {
            inherit account;
            container = elemAt groups 1;
            prefix = elemAt groups 6;
            endpoint = if cloud == "core.windows.net" then null else "https://${account}.blob.${cloud}";
          };
        };
    }
    {
      pattern = "gs://([^/]+)/(.+)#([1-9][0-9]{0,18})";
      sourceOf = groups: {
        gcs = {
          bucket = elemAt groups 0;
          prefix = elemAt groups 1;
          generation = elemAt groups 2;
        };
      };
    }
    {
      pattern = "gs://([^/]+)(/(.*[^/])?/*)?";
      sourceOf = groups: {
        gcs = filterAttrs (_: value: value != null) {
          bucket = elemAt groups 0;
          prefix = elemAt groups 2;
        };
      };
    }
    {
      pattern = "mlflow:((models|runs):/.+|[^/:@]+@.+)";
      sourceOf = groups: { mlflow = mlflowOf (head groups); };
    }
    {
      pattern = "mock:(([^/@]+)/)?([^/@]+)";
      sourceOf = groups: {
        mock = {
          model = elemAt groups 2;
        }
        // optionalAttrs (elemAt groups 1 != null) { org = elemAt groups 1; };
      };
    }
    {
      pattern = "oci://([^@]+(@sha256:[0-9a-f]{64})?)";
      sourceOf = groups: { oci.image = head groups; };
    }
    {
      # Host, namespace, model and tag; of two parts, the first is the namespace.
      pattern = "ollama:(//)?(([^/@]+)/)?(([^/:@]+)/)?([^/:@]+)(:([^/:@]+))?";
      sourceOf =
        groups:
        let
          first = elemAt groups 2;
          second = elemAt groups 4;
          namespace = if second == null then first else second;
          tag = elemAt groups 7;
        in
        {
          ollama = {
            model = (if namespace == null then "" else "${namespace}/") + elemAt groups 5;
          }
          // optionalAttrs (tag != null) { inherit tag; }
          // optionalAttrs (second != null) { registry = first; };
        };
    }
    {
      pattern = "s3://([^/?]+)(/([^?]*))?([?](((region|endpoint|versionId)=[^&]+&?)+))?";
      sourceOf = ofBucket;
    }
    {
      pattern = "(urn:air:[^:]+:[^:]+:)?civitai:(([0-9]+)@)?([0-9]+)";
      sourceOf = groups: {
        civitai = {
          modelVersionId = fromJSON (elemAt groups 3);
        }
        // optionalAttrs (elemAt groups 2 != null) { modelId = fromJSON (elemAt groups 2); };
      };
    }
    {
      pattern = "(https://[^#]+)";
      sourceOf = groups: { url.url = head groups; };
    }
  ];

  ofBucket =
    groups:
    let
      prefix = elemAt groups 2;
      query = elemAt groups 4;
      option =
        text:
        let
          parts = match "([^=]+)=(.*)" text;
          name = elemAt parts 0;
          value = replaceStrings [ "%3A" "%2F" "%2B" "%3D" ] [ ":" "/" "+" "=" ] (elemAt parts 1);
        in
        nameValuePair name (
          if name == "endpoint" && match ".*://.*" value == null then "https://${value}" else value
        );
    in
    {
      s3 = {
        bucket = elemAt groups 0;
      }
      // optionalAttrs (prefix != null && prefix != "") { inherit prefix; }
      // optionalAttrs (query != null) (
        listToAttrs (map option (filter (text: text != "") (splitString "&" query)))
      );
    };

  ofHub =
    groups:
    let
      kind = elemAt groups 3;
      revision = elemAt groups 6;
    in
    {
      huggingface = {
        repo = elemAt groups 4;
      }
      // optionalAttrs (kind != null) { type = if kind == "datasets" then "dataset" else "space"; }
      // optionalAttrs (revision != null) { inherit revision; };
    };

  /**
    The source that a short specification means.

    # Type

    ```
    parseModelSpec :: String -> AttrSet
    ```

    # Example

    ```nix
    parseModelSpec "hf:microsoft/phi-2@main"
    => { huggingface = { repo = "microsoft/phi-2"; revision = "main"; }; }

    parseModelSpec "https://huggingface.co/datasets/org/name/tree/v1"
    => { huggingface = { repo = "org/name"; revision = "v1"; type = "dataset"; }; }

    parseModelSpec "git+https://github.com/example/models.git?rev=v1.0"
    => { git-lfs = { rev = "v1.0"; url = "https://github.com/example/models.git"; }; }
    ```
  */
  parseModelSpec =
    spec:
    let
      matching = filter (form: match form.pattern spec != null) specs;
      form = head matching;
    in
    if matching == [ ] then
      throw "parseModelSpec: ${builtins.toJSON spec} is none of the short forms, such as `hf:owner/name@revision`, `mlflow:models:/name@alias`, `s3://bucket/prefix`, `https://example.com/model.safetensors`, `oci://host/name:tag`, `ollama:model:tag` and `mock:org/name`"
    else
      form.sourceOf (match form.pattern spec);

  /**
    A function that makes sources of Ollama's models, from what they have in
    common: the registry, and with `namespace` whose models they are.

    The result takes a model with its tag, or an attribute set that states
    further attributes of `source.ollama`.

    # Type

    ```
    mkOllama :: AttrSet -> (String | AttrSet) -> AttrSet
    ```

    # Example

    ```nix
    mkOllama { registry = "registry.example.com"; namespace = "team"; } "assistant:v1"
    => { ollama = { model = "team/assistant:v1"; registry = "registry.example.com"; }; }

    mkOllama { } { model = "llama3.2"; tag = "3b"; }
    => { ollama = { model = "llama3.2"; tag = "3b"; }; }
    ```
  */
  mkOllama =
    {
      namespace ? null,
      ...
    }@common:
    request:
    let
      own = if isString request then { model = request; } else request;
      qualified = namespace == null || match ".*/.*" own.model != null;
    in
    {
      ollama = filterAttrs (_: value: value != null) (
        removeAttrs common [ "namespace" ]
        // own
        // {
          model = if qualified then own.model else "${namespace}/${own.model}";
        }
      );
    };

  /**
    A function that makes sources of artifacts of one registry.

    The result takes the rest of a reference, or an attribute set that states
    further attributes of `source.oci`.

    # Type

    ```
    mkOci :: { registry :: String; ... } -> (String | AttrSet) -> AttrSet
    ```

    # Example

    ```nix
    mkOci { registry = "ghcr.io/example"; } "small-lm:v1"
    => { oci.image = "ghcr.io/example/small-lm:v1"; }
    ```
  */
  mkOci =
    { registry, ... }@common:
    request:
    let
      own = if isString request then { image = request; } else request;
    in
    {
      oci = filterAttrs (_: value: value != null) (
        removeAttrs common [ "registry" ] // own // { image = "${registry}/${own.image}"; }
      );
    };
in
{
  inherit
    mkAzure
    mkGcs
    mkGitLfs
    mkGitXet
    mkHttp
    mkHuggingFace
    mkMlflow
    mkOci
    mkOllama
    mkS3
    parseModelSpec
    ;

  ollama = {
    mk = mkOllama;

    /**
      A model of Ollama's own registry.

      # Type

      ```
      model :: String -> AttrSet
      ```

      # Example

      ```nix
      model "llama2:7b"
      => { ollama.model = "llama2:7b"; }
      ```
    */
    model = mkOllama { };
  };

  huggingface = {
    mk = mkHuggingFace;

    /**
      Sources of one organisation, which is named first.

      # Type

      ```
      org :: String -> (String | AttrSet) -> AttrSet
      ```

      # Example

      ```nix
      org "microsoft" "phi-2"
      => { huggingface.repo = "microsoft/phi-2"; }
      ```
    */
    org = ofOrg;

    google = ofOrg "google";
    metaLlama = ofOrg "meta-llama";
    microsoft = ofOrg "microsoft";
    mistralai = ofOrg "mistralai";
  };
}

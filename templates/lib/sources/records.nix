/**
  What the sources of each kind may hold.

  A record says which attributes are `required` and which are `optional`, and:

  - `isRepository`: whether its models lie in the Hub's cache unless they say
    otherwise; those of other kinds are plain folders.
  - `isKnown`: whether the source itself says what its files are, so that
    nothing has to be locked; or a function that tells it of a source.
  - `isListed`: whether the hash of the whole tree is enough without a lock,
    because the fetcher can list what is there.
  - `mayBeImpure`: whether it can be fetched without any hash.
  - `relations`: what is wrong with a source whose attributes are sound, one by
    one.
  - `locked`: checks of attributes of `locked` that are the kind's own.
  - `unlocked`: what is wrong with a source that is fetched without a lock.
*/
{
  lib,
  hashes ? import ../hashes.nix { inherit lib; },
  checks ? import ../checks.nix { inherit lib; },
  settings ? import ../settings.nix { inherit lib; },
}:
let
  inherit (builtins) match toJSON;
  inherit (lib)
    all
    concatMap
    head
    isString
    length
    optional
    ;
  inherit (checks)
    boolean
    endpoint
    isOf
    listOf
    matching
    oneOf
    path
    positive
    record
    string
    tree
    ;
  inherit (settings) auth;

  # The Hub has no `--` in names, which is why its cache can part them with it.
  named =
    pattern: what: place: value:
    matching pattern what place value
    ++ optional (
      isString value && match ".*(--|[.][.]).*" value != null
    ) "`${place}` must hold neither `--` nor `..`, as ${toJSON value} does";
  name = "[A-Za-z0-9_][A-Za-z0-9_.-]{0,95}";
  segment = named name "a name of letters, digits, `_`, `.` and `-`";
  repoName = named "(${name}/)?${name}" "`owner/name` or `name`";

  # Buckets and what is in them.
  bucket = matching "[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]" "the name of a bucket";
  prefix =
    matching "[^/[:cntrl:]][^[:cntrl:]]*"
      "what names of objects begin with, without a slash before it";

  glob = isOf (
    v: isString v && v != "" && match "[^[:cntrl:]]*" v != null
  ) "a pattern without control characters";
  mlflowVersion = matching "[1-9][0-9]*|[lL][aA][tT][eE][sS][tT]" "a version's number as a string, or `latest`";
  mlflowStage = oneOf [
    "None"
    "Staging"
    "Production"
    "Archived"
  ];
  bucketName =
    matching "[A-Za-z0-9][A-Za-z0-9._-]{1,254}"
      "the name of a bucket: letters, digits, `.`, `_` and `-`";
  objectName = isOf (
    v: isString v && match "[^[:cntrl:]]{0,1024}" v != null
  ) "the beginning of keys, without control characters";
  selection = {
    files = listOf glob;
    exclude = listOf glob;
  };

  # Names of Ollama's, with its own limits.
  ollama =
    let
      part = "[A-Za-z0-9_][A-Za-z0-9_.-]{0,79}";
      name = "([A-Za-z0-9_][A-Za-z0-9_-]{0,79}/)?${part}";
    in
    {
      name = matching name "`model` or `namespace/model`";
      model = matching "${name}(:${part})?" "`model:tag` or `namespace/model:tag`";
      tag = matching part "a tag of letters, digits, `_`, `.` and `-`";
      registry = matching "(https?://)?[A-Za-z0-9_][A-Za-z0-9_.-]*(:[0-9]{1,5})?" "a host such as `registry.example.com`";
    };

  sha256 =
    place: value:
    let
      problem = hashes.hashError value;
    in
    optional (problem != null) "`${place}`: ${problem}";

  # A file at an address of its own.
  address =
    let
      origin = "https://[^[:cntrl:][:space:]@#/?]+|http://(127[.]0[.]0[.]1|localhost|\\[::1])(:[0-9]+)?";
    in
    matching "(${origin})/[^[:cntrl:][:space:]#]*"
      "an https URL with a path, and without user and fragment (http is accepted for this machine only)";
  addressed = {
    inherit sha256;
    filename = path;
  };
  pathOf =
    entry:
    if entry.filename or null != null then
      entry.filename
    else
      head (match "[^?]*/([^/?]*)([?].*)?" entry.url);
  nameErrors =
    entry:
    if entry.filename or null == null && match ".*%.*" (pathOf entry) != null then
      [ "`filename` is missing beside ${toJSON entry.url}, which holds the name with escapes only" ]
    else
      path "the name in ${toJSON entry.url}" (pathOf entry);

  word = "[^?#[:space:][:cntrl:]]";
  authority = "[^@/?#[:space:][:cntrl:]]+";
  # https, a path of this machine, SSH, and git's short form for SSH.
  gitUrl =
    matching
      "https?://${authority}/${word}+|file:///${word}+|ssh://([^:@/[:space:]]+@)?${authority}/${word}+|([^:@/[:space:]]+@)?[^:@/[:space:]]+:[^/?#[:space:]]${word}*"
      "the address of a repository, without a password";

  repository = {
    required = {
      url = gitUrl;
      rev = path;
    };
    optional = selection // {
      inherit auth;
      subdir = path;
    };
    locked.revision = matching "[0-9a-f]{40}" "a commit of 40 hexadecimal digits";
    unlocked =
      source:
      optional (match "[0-9a-f]{40}" source.rev == null)
        "`rev` must be a commit of 40 hexadecimal digits when nothing is locked, since `${source.rev}` can move: `nixgen lock` resolves it"
      ++ optional (
        match "(https?|file)://.*" source.url == null
      ) "`url` must begin with https:// when nothing is locked, since builds have no SSH keys";
  };
in
{
  inherit ollama segment sha256;

  kinds = {
    azure = {
      required = {
        account = matching "[a-z0-9]{3,24}" "the name of a storage account";
        container = matching "[$]root|[$]web|[$]logs|[a-z0-9](-?[a-z0-9]){2,62}" "the name of a container";
      };
      optional = selection // {
        inherit auth endpoint prefix;
      };
    };

    gcs = {
      required.bucket = bucket;
      optional = selection // {
        inherit auth endpoint prefix;
        generation = matching "[1-9][0-9]{0,18}" "a generation: a whole number as a string";
      };
      unlocked =
        source:
        optional (source.generation or null != null && source.prefix or null == null)
          "`source.gcs.generation` is the version of one object, whose whole name `source.gcs.prefix` must be";
    };

    civitai = {
      required.modelVersionId = positive;
      optional = selection // {
        inherit auth endpoint;
        modelId = positive;
        fileId = positive;
        select = record {
          optional = {
            type = string;
            format = string;
            size = string;
            fp = string;
          };
        };
      };
      locked.repo = matching "[0-9]+@[0-9]+" "the numbers of a model and a version, such as `3036@9857`";
      unlocked =
        source:
        optional (source.fileId or null == null)
          "`source.civitai.fileId` must say which file it is when nothing is locked: `nixgen lock` finds it";
    };

    git-lfs = repository // {
      optional = repository.optional // {
        lfsFiles = listOf glob;
      };
    };

    git-xet = repository // {
      optional = repository.optional // {
        xet = record { optional = { inherit endpoint; }; };
      };
    };

    huggingface = {
      required.repo = repoName;
      optional = selection // {
        inherit auth endpoint;
        type = oneOf [
          "model"
          "dataset"
          "space"
        ];
        revision = path;
      };
      isRepository = true;
      isListed = true;
      mayBeImpure = true;
      locked.repo = repoName;
      unlocked =
        source:
        let
          revision = if source.revision or null == null then "main" else source.revision;
        in
        optional (match "[0-9a-f]{40}" revision == null)
          "`source.huggingface.revision` must be a commit of 40 hexadecimal digits when nothing is locked, since `${revision}` can move: `nixgen lock` resolves it, or copy the commit from the repository's history";
    };

    mlflow = {
      optional = selection // {
        inherit auth;
        trackingUri = endpoint;
        modelName = matching "[^/:[:cntrl:]]{1,250}" "a registered model's name, without `/` and `:`";
        modelVersion = mlflowVersion;
        version = mlflowVersion;
        modelStage = mlflowStage;
        stage = mlflowStage;
        modelAlias = matching "[^/:@[:cntrl:][:space:]]{1,255}" "an alias";
        run = matching "[A-Za-z0-9][A-Za-z0-9_-]{0,255}" "a run's id";
        artifactPath = path;
        artifacts = oneOf [
          "server"
          "store"
        ];
        uri = matching "(models|runs):/[^/[:cntrl:]][^[:cntrl:]]*" "one of MLflow's URIs, such as `models:/fraud/3`";
      };
      unlocked = _: [
        "an MLflow model must be locked, since only its server knows where the files are: nixgen lock"
      ];
    };

    mock = {
      optional = {
        org = segment;
        model = segment;
        files = tree (listOf (record {
          required = {
            inherit path;
            text = string;
          };
        })) (map (f: f.path));
      };
      isRepository = true;
      isKnown = true;
    };

    oci = {
      required.image =
        matching "([A-Za-z0-9.-]+(:[0-9]{1,5})?/)?[a-z0-9._/-]+(:[A-Za-z0-9_][A-Za-z0-9._-]{0,127})?(@sha256:[0-9a-f]{64})?"
          "a reference such as `registry.example.com/org/model:tag`";
      optional = selection // {
        inherit auth;
      };
      isRepository = false;
    };

    ollama = {
      required = {
        inherit (ollama) model;
      };
      optional = {
        inherit auth;
        inherit (ollama) registry tag;
      };
      isRepository = false;
    };

    s3 = {
      required.bucket = bucketName;
      optional = selection // {
        inherit auth endpoint;
        prefix = objectName;
        region =
          matching "[a-z0-9-]{1,40}"
            "a region's name: lower-case letters, digits and `-`, such as `us-east-1`";
        versionId = matching "[A-Za-z0-9._~+/=-]{1,1024}" "a version id, as S3 states it";
        unsigned = boolean;
      };
      locked.region = matching "[a-z0-9-]{1,40}" "a region's name";
    };

    url =
      let
        entriesOf =
          source: if source.urls or null == null then [ source ] else source.urls;
      in
      {
        optional = addressed // selection // {
          inherit auth;
          url = address;
          extract = boolean;
          urls = listOf (record {
            required.url = address;
            optional = addressed;
          });
        };
        relations =
          source:
          if (source.url or null == null) == (source.urls or null == null) then
            [ "`source.url` must hold one of `url` and `urls`" ]
          else if source.urls or null == [ ] then
            [ "`source.url.urls` is empty" ]
          else if source.extract or null == true then
            optional (
              length (entriesOf source) != 1 || (head (entriesOf source)).filename or null != null
            ) "`source.url.extract` takes one archive apart, whose files have names of their own: neither `filename` nor several `urls` go with it"
          else
            concatMap nameErrors (entriesOf source)
            ++ tree (_: _: [ ]) (map pathOf) "source.url" (entriesOf source);
        isListed = true;
        isKnown =
          source:
          source.extract or null != true && all (entry: entry.sha256 or null != null) (entriesOf source);
        unlocked =
          source:
          optional (
            source.extract or null == true && (source.url or null == null || source.sha256 or null == null)
          ) "`source.url.sha256` must be the archive's hash, and `fileHashes` those of its files, when nothing is locked";
      };
  };
}

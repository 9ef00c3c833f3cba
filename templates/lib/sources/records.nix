/**
  What the sources of each kind may hold.

  A record says which attributes are `required` and which are `optional`, and:

  - `isRepository`: whether its models lie in the Hub's cache unless they say
    otherwise; those of other kinds are plain folders.
  - `isKnown`: whether the source itself says what its files are, so that
    nothing has to be locked.
  - `isListed`: whether the hash of the whole tree is enough without a lock,
    because the fetcher can list what is there.
  - `mayBeImpure`: whether it can be fetched without any hash.
  - `locked`: checks of attributes of `locked` that are the kind's own.
  - `unlocked`: what is wrong with a source that is fetched without a lock.
*/
{
  lib,
  checks ? import ../checks.nix { inherit lib; },
  settings ? import ../settings.nix { inherit lib; },
}:
let
  inherit (builtins) match toJSON;
  inherit (lib) isString optional;
  inherit (checks)
    boolean
    endpoint
    isOf
    listOf
    matching
    oneOf
    path
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

  glob = isOf (
    v: isString v && v != "" && match "[^[:cntrl:]]*" v != null
  ) "a pattern without control characters";
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
in
{
  inherit segment;

  kinds = {
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
  };
}

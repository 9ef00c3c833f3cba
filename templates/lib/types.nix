/**
  What a model definition may hold, and everything that is wrong with one.

  Checks collect: a definition with five mistakes reports five.
*/
{
  lib,
  hashes ? import ./hashes.nix { inherit lib; },
}:
let
  inherit (builtins)
    match
    stringLength
    toJSON
    typeOf
    ;
  inherit (lib)
    attrNames
    concatLists
    concatMap
    concatStringsSep
    elem
    filter
    genList
    groupBy
    hasPrefix
    head
    imap0
    isAttrs
    isBool
    isInt
    isList
    isString
    length
    listToAttrs
    mapAttrs
    mapAttrsToList
    nameValuePair
    optional
    optionals
    splitString
    take
    toLower
    ;

  # A check takes the place it looks at, for messages, and the value; it
  # returns the list of what is wrong.

  isOf = test: what: place: value:
    optional (!test value) "`${place}` must be ${what}, not ${describe value}";

  describe =
    value:
    if isString value || isInt value || isBool value || value == null then
      "`${toJSON value}`"
    else
      "a ${typeOf value}";

  enumerate = set: concatStringsSep ", " (map (name: "`${name}`") (attrNames set));

  boolean = isOf isBool "true or false";
  string = isOf isString "a string";
  attributes = isOf isAttrs "an attribute set";
  natural = isOf (v: isInt v && v >= 0) "a whole number, zero or more";
  positive = isOf (v: isInt v && v >= 1) "a whole number, one or more";
  oneOf = values: isOf (v: elem v values) "one of ${concatStringsSep ", " (map toJSON values)}";
  matching = pattern: isOf (v: isString v && stringLength v <= 1024 && match pattern v != null);

  listOf =
    check: place: value:
    if isList value then
      concatLists (imap0 (i: check "${place}[${toString i}]") value)
    else
      isOf isList "a list" place value;

  attrsOf =
    check: place: value:
    if isAttrs value then
      concatLists (mapAttrsToList (name: check "${place}.${toJSON name}") value)
    else
      attributes place value;

  # An attribute set with known attributes; null stands for an absent one.
  record =
    {
      required ? { },
      optional ? { },
    }:
    let
      known = required // optional;
    in
    place: value:
    let
      dot = name: if place == "" then name else "${place}.${name}";
      unknown = filter (name: !known ? ${name}) (attrNames value);
      missing = filter (name: value.${name} or null == null) (attrNames required);
      checkOne =
        name: check: optionals (value.${name} or null != null) (check (dot name) value.${name});
    in
    if !isAttrs value then
      attributes place value
    else
      map (name: "`${dot name}` is not known here; there are ${enumerate known}") unknown
      ++ map (name: "`${dot name}` is missing") missing
      ++ concatLists (mapAttrsToList checkOne known);

  sha256 =
    place: value:
    let
      problem = hashes.hashError value;
    in
    optional (problem != null) "`${place}`: ${problem}";

  # Why a string can't be the path of a file within a model, or null.
  pathError =
    path:
    let
      segments = splitString "/" path;
    in
    if !isString path then
      "a path is a string, not ${describe path}"
    else if path == "" then
      "a path can't be empty"
    else if stringLength path > 4096 then
      "a path can't be longer than 4096 bytes"
    else if match "[^[:cntrl:]]*" path == null then
      "${toJSON path} holds a control character"
    else if hasPrefix "/" path then
      "${toJSON path} is absolute"
    else if elem "" segments || elem "." segments || elem ".." segments then
      "${toJSON path} holds an empty segment, `.` or `..`"
    else if elem ".git" (map toLower segments) then
      "${toJSON path} leads into a Git folder"
    else if filter (segment: stringLength segment > 255) segments != [ ] then
      "${toJSON path} holds a segment of more than 255 bytes"
    else
      null;

  path =
    place: value:
    let
      problem = pathError value;
    in
    optional (problem != null) "`${place}`: ${problem}";

  # What is wrong with paths as a whole: one given twice, or one that is a
  # file and a folder at once.
  treeErrors =
    place: paths:
    let
      byPath = groupBy (p: p) paths;
      twice = filter (p: length byPath.${p} > 1) (attrNames byPath);
      parents =
        p:
        let
          segments = splitString "/" p;
        in
        genList (i: concatStringsSep "/" (take (i + 1) segments)) (length segments - 1);
      folders = listToAttrs (map (p: nameValuePair p null) (concatMap parents paths));
    in
    map (p: "`${place}`: ${toJSON p} is there more than once") twice
    ++ map (p: "`${place}`: ${toJSON p} is a file and a folder at once") (
      filter (p: folders ? ${p}) paths
    );

  # The paths are looked at together only once each is sound.
  tree =
    check: pathsOf: place: value:
    let
      errors = check place value;
    in
    if errors == [ ] then treeErrors place (pathsOf value) else errors;

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
  commit = matching "[0-9a-f]{40}" "a commit of 40 hexadecimal digits";
  glob = isOf (
    v: isString v && v != "" && match "[^[:cntrl:]]*" v != null
  ) "a pattern without control characters";

  endpoint =
    let
      origin = "https://[A-Za-z0-9.-]+|http://(127[.]0[.]0[.]1|localhost|\\[::1])";
    in
    matching "(${origin})(:[0-9]+)?(/[A-Za-z0-9._~/-]*)?"
      "an https URL without user, query or fragment (http is accepted for this machine only)";

  # The variable must not be one that the build itself lives by.
  variable =
    place: value:
    matching "[A-Za-z_][A-Za-z0-9_]*" "the name of an environment variable" place value
    ++ optional (
      isString value
      && (
        filter (prefix: hasPrefix prefix value) [
          "BASH"
          "LD_"
          "NIX_"
          "fetch_"
        ] != [ ]
        || elem value [
          "ENV"
          "EUID"
          "HOME"
          "IFS"
          "PATH"
          "PPID"
          "PWD"
          "SHELL"
          "SHELLOPTS"
          "SSL_CERT_FILE"
          "TMPDIR"
          "UID"
          "builder"
          "name"
          "out"
          "system"
        ]
      )
    ) "`${place}`: the build uses `${value}` itself";

  auth = record {
    optional = {
      tokenFile = isOf (
        v: (isString v || builtins.isPath v) && match "/[^[:cntrl:]]*" (toString v) != null
      ) "the absolute path of a file that is on the machine when it builds";
      tokenEnvVar = variable;
      required = boolean;
    };
  };

  file = record {
    required = {
      inherit path sha256;
    };
    optional = {
      size = natural;
      blob = matching "[0-9a-f]{40}|[0-9a-f]{64}" "40 or 64 hexadecimal digits";
    };
  };

  locked = record {
    required = {
      repo = repoName;
      revision = commit;
      files = tree (listOf file) (map (f: f.path));
    };
    optional = {
      inherit endpoint;
      license = string;
      gated = string;
      commitDate = string;
    };
  };

  fields = {
    name =
      matching "[A-Za-z0-9_][A-Za-z0-9_.+-]{0,127}"
        "at most 128 letters, digits, `_`, `.`, `+` and `-`, and begin with a letter, a digit or `_`";
    version =
      matching "[A-Za-z0-9][A-Za-z0-9_.+-]{0,31}"
        "at most 32 letters, digits, `_`, `.`, `+` and `-`";
    source = place: value: (validateSource value).errors;
    fileHashes = tree (attrsOf sha256) attrNames;
    hash = sha256;
    impure = boolean;
    lazy = boolean;
    meta = attributes;
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
      };
    };
    integration = record {
      optional.huggingface = record {
        optional = {
          enable = boolean;
          org = segment;
          model = segment;
          refs = tree (listOf path) (refs: refs);
        };
      };
    };
    inherit auth locked;
  };

  config = record {
    required = {
      inherit (fields) name source;
    };
    optional = removeAttrs fields [
      "name"
      "source"
    ];
  };

  # What no single attribute can tell.
  relations =
    value:
    let
      kind = head (attrNames value.source);
      source = value.source.${kind};
      given = name: value.${name} or null != null;
      isSet = name: value.${name} or null == true;
      revision = if source.revision or null == null then "main" else source.revision;
      byPath = listToAttrs (map (f: nameValuePair f.path f.sha256) value.locked.files);
      disagrees =
        p: hash:
        if !byPath ? ${p} then
          [ "`fileHashes` names ${toJSON p}, which `locked` does not hold" ]
        else
          optional (
            hashes.normalizeHash hash != hashes.normalizeHash byPath.${p}
          ) "`fileHashes` and `locked` disagree about ${toJSON p}";
    in
    optionals (given "locked" && given "fileHashes") (
      concatLists (mapAttrsToList disagrees value.fileHashes)
    )
    ++ optionals (isSet "impure") (
      map
        (
          name:
          "`impure` fetches whatever is there, so `${name}` would check nothing: leave one of the two out"
        )
        (
          filter given [
            "fileHashes"
            "hash"
            "locked"
          ]
        )
      ++ optional (
        kind != "huggingface"
      ) "`impure` is for sources that are fetched; there is nothing to fetch for `source.${kind}`"
      ++ optional (isSet "lazy") "`impure` and `lazy` don't go together: every use would fetch the model again"
    )
    ++ optionals (kind == "huggingface" && !given "locked" && !isSet "impure") (
      optional (!given "hash" && !given "fileHashes")
        "nothing says what the files are: `nixgen lock` writes `locked`; by hand, state `hash` (of the whole tree) or `fileHashes`"
      ++ optional (match "[0-9a-f]{40}" revision == null)
        "`source.huggingface.revision` must be a commit of 40 hexadecimal digits when nothing is locked, since `${revision}` can move: `nixgen lock` resolves it, or copy the commit from the repository's history"
    );

  result = errors: {
    valid = errors == [ ];
    inherit errors;
  };

  sourceRecords = {
    huggingface = {
      required.repo = repoName;
      optional = {
        inherit auth endpoint;
        type = oneOf [
          "model"
          "dataset"
          "space"
        ];
        revision = path;
        files = listOf glob;
        exclude = listOf glob;
      };
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
    };
  };

  /**
    The sources there are, each with the check of its attributes.
  */
  sourceTypes = mapAttrs (_: record) sourceRecords;

  /**
    The sources there are, each with the attributes that it knows.
  */
  sourceAttributes = mapAttrs (
    _: attributes: attributes.required or { } // attributes.optional
  ) sourceRecords;

  /**
    Everything that is wrong with the `source` of a model.

    # Type

    ```
    validateSource :: AttrSet -> { valid :: Bool; errors :: [String]; sourceType :: String | Null; }
    ```

    # Example

    ```nix
    validateSource { huggingface.repo = "microsoft/phi-2"; }
    => { valid = true; errors = [ ]; sourceType = "huggingface"; }
    ```
  */
  validateSource =
    source:
    let
      names = attrNames source;
      sourceType = head names;
      known = enumerate sourceTypes;
      errors =
        if !isAttrs source then
          attributes "source" source
        else if length names != 1 then
          [
            "`source` must hold exactly one source, of ${known}; it holds ${
              if names == [ ] then "none" else enumerate source
            }"
          ]
        else if !sourceTypes ? ${sourceType} then
          [ "`source.${sourceType}` is not known; there are ${known}" ]
        else
          sourceTypes.${sourceType} "source.${sourceType}" source.${sourceType};
    in
    result errors
    // {
      sourceType = if isAttrs source && length names == 1 then sourceType else null;
    };

  /**
    Everything that is wrong with a model definition.

    # Type

    ```
    validateConfig :: AttrSet -> { valid :: Bool; errors :: [String]; }
    ```

    # Example

    ```nix
    validateConfig { name = "phi-2"; }
    => { valid = false; errors = [ "`source` is missing" ]; }
    ```
  */
  validateConfig =
    value:
    let
      errors = config "" value;
    in
    result (if errors == [ ] then relations value else errors);
in
{
  inherit (hashes)
    blobName
    fileDerivationName
    hashToHex
    isFakeHash
    normalizeHash
    ;
  inherit
    pathError
    sourceAttributes
    sourceTypes
    validateConfig
    validateSource
    ;
}

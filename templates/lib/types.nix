/**
  What a model definition may hold, and everything that is wrong with one.

  Checks collect: a definition with five mistakes reports five.
*/
{
  lib,
  hashes ? import ./hashes.nix { inherit lib; },
  checks ? import ./checks.nix { inherit lib; },
  settings ? import ./settings.nix { inherit lib; },
  records ? import ./sources/records.nix { inherit lib hashes checks settings; },
  validationSettings ? import ./validation/settings.nix { inherit lib checks settings; },
}:
let
  inherit (builtins)
    isFunction
    isPath
    match
    stringLength
    toJSON
    ;
  inherit (lib)
    attrNames
    concatLists
    filter
    head
    imap0
    isAttrs
    isString
    length
    listToAttrs
    mapAttrs
    mapAttrsToList
    nameValuePair
    optional
    optionals
    ;
  inherit (checks)
    attributes
    attrsOf
    boolean
    endpoint
    enumerate
    isOf
    listOf
    matching
    natural
    oneOf
    path
    pathError
    record
    string
    tree
    ;

  inherit (records) segment sha256;
  commit = matching "[0-9a-f]{40}" "a commit of 40 hexadecimal digits";
  line = isOf (
    v: isString v && v != "" && stringLength v <= 4096 && match "[^[:cntrl:]]*" v != null
  ) "a line of text";
  url = matching "https?://[^[:cntrl:][:space:]@#/]+(/[^[:cntrl:][:space:]#]*)?" "an http(s) URL without a user";

  file = record {
    required = {
      inherit path sha256;
    };
    optional = {
      size = natural;
      blob = matching "[0-9a-f]{40}|[0-9a-f]{64}" "40 or 64 hexadecimal digits";
      inherit url;
      object = line;
      text = string;
      version = line;
    };
  };

  locked = record {
    required = {
      repo = line;
      revision = commit;
      files = tree (listOf file) (map (f: f.path));
    };
    optional = {
      inherit endpoint;
      license = string;
      gated = string;
      commitDate = string;
      digest = matching "sha256:[0-9a-f]{64}" "`sha256:` and 64 hexadecimal digits";
      region = matching "[A-Za-z0-9-]+" "the name of a region";
      scan = line;
      storage = line;
      version = line;
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
    integration = record {
      optional = {
        huggingface = record {
          optional = {
            enable = boolean;
            org = segment;
            model = segment;
            refs = tree (listOf path) (refs: refs);
          };
        };
        materialize = oneOf [
          "auto"
          "always"
          "never"
        ];
      };
      optional.ollama = record {
        optional = {
          enable = boolean;
          inherit (records.ollama) name registry tag;
        };
      };
    };
    inherit locked;
    alternates = listOf alternate;
  }
  // settings.fields
  // validationSettings.fields;

  alternate = record {
    required = {
      inherit (fields) source;
      inherit locked;
    };
    optional = {
      inherit (settings) auth;
    };
  };

  part =
    place: value:
    if isAttrs value && value ? model && !(value ? outPath) then
      record {
        required.model = model;
        optional.into = string;
      } place value
    else
      model place value;

  model = isOf (v: isPath v || isString v || (isAttrs v && v ? outPath)) "a model";

  # What is made of models says nothing of where they come from.
  composition = record {
    required = {
      inherit (fields) name;
      compose =
        place: value:
        attrsOf part place value
        ++ optional (isAttrs value && !value ? base) "`${place}.base` is missing: the other parts are laid over it";
    };
    optional = {
      inherit (fields) meta;
    };
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

  # What a kind of source asks of `locked` beside what all do.
  lockedErrors =
    place: kind: value:
    concatLists (
      mapAttrsToList (name: check: check "${place}.${name}" value.${name}) (
        sourceRecords.${kind}.locked or { }
      )
    );

  # What no single attribute can tell.
  relations =
    value:
    let
      kind = head (attrNames value.source);
      source = value.source.${kind};
      traits = sourceRecords.${kind};
      integration = if value.integration or null == null then { } else value.integration;
      hub = integration.huggingface or { };
      ollama = integration.ollama or { };
      knows = traits.isKnown or false;
      isKnown = if isFunction knows then knows source else knows;
      given = name: value.${name} or null != null;
      isSet = name: value.${name} or null == true;
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
    ++ optionals (given "alternates") (
      map
        (
          name:
          "`alternates` stand in for each other file by file, which `${name}` does not: leave one of the two out"
        )
        (filter (name: given name && value.${name} != false) [
          "hash"
          "impure"
        ])
      ++ concatLists (
        imap0 (
          index: other:
          lockedErrors "alternates[${toString index}].locked" (head (attrNames other.source)) other.locked
        ) value.alternates
      )
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
      ++ optional (!traits.mayBeImpure or false) (
        if traits.isKnown or false then
          "`impure` is for sources that are fetched; there is nothing to fetch for `source.${kind}`"
        else
          "`impure` is for sources of the Hub: what `source.${kind}` holds is fetched by what is locked only"
      )
      ++ optional (isSet "lazy") "`impure` and `lazy` don't go together: every use would fetch the model again"
    )
    ++ optionals (given "locked") (lockedErrors "locked" kind value.locked)
    ++ optionals (!isKnown && !given "locked" && !isSet "impure") (
      optional (!given "fileHashes" && !(given "hash" && traits.isListed or false)) (
        "nothing says what the files are: `nixgen lock` writes `locked`; by hand, state "
        + (if traits.isListed or false then "`hash` (of the whole tree) or `fileHashes`" else "`fileHashes`")
      )
      ++ (traits.unlocked or (_: [ ])) source
    )
    ++
      optional (!traits.isRepository or false && hub.enable or null == true && hub.model or null == null)
        "`integration.huggingface.model` is missing: `source.${kind}` does not say what the model's folder in the Hub's cache is called"
    ++
      optional (hub.enable or null == true && ollama.enable or null == true)
        "`integration.huggingface.enable` and `integration.ollama.enable` don't go together: a model is laid out in one way"
    ++
      optional (isSet "impure" && ollama.enable or null == true)
        "`impure` and `integration.ollama.enable` don't go together: Ollama's store names its files by hashes"
    ++ settings.relations value;

  result = errors: {
    valid = errors == [ ];
    inherit errors;
  };

  sourceRecords = records.kinds;

  /**
    The sources there are, each with the check of its attributes.
  */
  sourceTypes = mapAttrs (
    _: kind: place: value:
    let
      errors = record {
        required = kind.required or { };
        optional = kind.optional or { };
      } place value;
    in
    if errors == [ ] then (kind.relations or (_: [ ])) value else errors
  ) sourceRecords;

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
    if isAttrs value && value.compose or null != null then
      result (composition "" value)
    else
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
    sourceRecords
    sourceTypes
    validateConfig
    validateSource
    ;
}

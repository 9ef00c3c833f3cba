/**
  Checks of values, and what they are put together from.

  A check takes the place it looks at, for messages, and the value; it returns
  the list of what is wrong.
*/
{ lib }:
let
  inherit (builtins)
    isPath
    match
    stringLength
    toJSON
    typeOf
    ;
  inherit (lib)
    attrNames
    concatLists
    concatStringsSep
    concatMap
    elem
    filter
    genList
    groupBy
    hasPrefix
    imap0
    isAttrs
    isBool
    isInt
    isList
    isString
    length
    listToAttrs
    mapAttrsToList
    nameValuePair
    optional
    optionals
    splitString
    take
    toLower
    ;

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
  between =
    least: most:
    isOf (v: isInt v && v >= least && v <= most)
      "a whole number from ${toString least} to ${toString most}";
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

  absolutePath = isOf (
    v: (isString v || isPath v) && match "/[^[:cntrl:]]*" (toString v) != null
  ) "the absolute path of a file that is on the machine when it builds";

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
in
{
  inherit
    absolutePath
    attributes
    attrsOf
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
    path
    pathError
    positive
    record
    string
    tree
    variable
    ;
}

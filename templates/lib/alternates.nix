/**
  Files that several sources have: one derivation that asks them in turn.

  Nix checks a file by its hash, so it is the same store path whoever sends it,
  and whoever may be asked.
*/
{
  lib,
  pkgs,
  fetchers ? import ../fetchers,
}:
let
  inherit (lib)
    attrNames
    concatLists
    concatStringsSep
    filterAttrs
    head
    imap0
    length
    listToAttrs
    makeBinPath
    nameValuePair
    optionalAttrs
    unique
    ;

  orDefault = default: value: if value == null then default else value;

  /**
    The settings that a further source is fetched with.

    A credential that the model names is its first source's: an alternate names
    its own, or has what its kind of source usually has. What belongs to a
    service is for sources of that service. Mirrors and variables of the user's
    are the first source's too.

    # Type

    ```
    settingsOf :: String -> AttrSet -> AttrSet -> AttrSet
    ```

    # Example

    ```nix
    settingsOf "s3" { auth = { tokenEnvVar = "HF_TOKEN"; awsProfile = "models"; }; } { source.s3 = { … }; }
    => { auth = { awsProfile = "models"; }; impureEnvVars = null; … }
    ```
  */
  settingsOf =
    kind: settings: alternate:
    let
      auth = orDefault { } (settings.auth or null);
      network = settings.network or null;
      isForAll = name: _: name == "netrcFile" || name == "buildInputs";
      ofService =
        filterAttrs isForAll auth
        // optionalAttrs (kind == "s3" && auth ? awsProfile) { inherit (auth) awsProfile; }
        // optionalAttrs (kind == "gcs" && auth ? gcpServiceAccountKey) {
          inherit (auth) gcpServiceAccountKey;
        };
    in
    settings
    // {
      auth = orDefault ofService (alternate.auth or null);
      impureEnvVars = null;
      network = if network == null then null else removeAttrs network [ "mirrors" ];
    };

  # What Nix itself reads of a derivation, and what is run once where all fail.
  ofNix = [
    "args"
    "builder"
    "fetch_notify"
    "impureEnvVars"
    "name"
    "outputHash"
    "outputHashAlgo"
    "outputHashMode"
    "passAsFile"
    "preferLocalBuild"
    "system"
  ];

  prefix = index: "alt${toString index}_";

  # The variables of one source, told apart from those of the others by name.
  variablesOf =
    index:
    { label, attrs }:
    let
      own =
        removeAttrs attrs ofNix
        // {
          inherit label;
          impure = concatStringsSep " " (attrs.impureEnvVars or [ ]);
          script = head attrs.args;
        };
    in
    map (name: nameValuePair "${prefix index}${name}" own.${name}) (attrNames own);

  /**
    The derivation of a file of a model, from what each of its sources would make
    it with alone: the attributes, and what the source is called in messages.

    # Type

    ```
    mkFile :: String -> [{ label :: String; attrs :: AttrSet; }] -> Derivation
    ```

    # Example

    ```nix
    mkFile "phi-2" [
      { label = "huggingface org/name"; attrs = { args = [ … ]; fetch_repo = …; }; }
      { label = "s3 bucket/name"; attrs = { args = [ … ]; fetch_bucket = …; }; }
    ]
    => «derivation /nix/store/…-sha256-….drv»
    ```
  */
  mkFile =
    title: parts:
    let
      first = (head parts).attrs;
      of = name: part: part.attrs.${name} or [ ];
    in
    if length parts == 1 then
      derivation first
    else
      derivation (
        {
          inherit (first)
            builder
            name
            outputHash
            outputHashAlgo
            outputHashMode
            system
            ;
          args = [ "${fetchers.alternates}" ];
          PATH = makeBinPath [ pkgs.buildPackages.coreutils ];
          impureEnvVars = unique (concatLists (map (of "impureEnvVars") parts));
          passAsFile = concatLists (
            imap0 (index: part: map (name: "${prefix index}${name}") (of "passAsFile" part)) parts
          );
          preferLocalBuild = true;
          fetch_sources = length parts;
          # Nix calls a builder by its bare name, by which bash can't find itself.
          fetch_shell = first.builder;
          fetch_title = title;
          fetch_file = first.fetch_path or first.name;
        }
        // optionalAttrs (first ? fetch_notify) { inherit (first) fetch_notify; }
        // listToAttrs (concatLists (imap0 variablesOf parts))
      );
in
{
  inherit mkFile settingsOf;
}

/**
  What a model definition may say of validation, and what each of it may be.
*/
{
  lib,
  checks ? import ../checks.nix { inherit lib; },
  settings ? import ../settings.nix { inherit lib checks; },
  validatorSet ? import ./validators.nix { inherit lib; },
  presets ? import ./presets.nix { inherit validatorSet; },
}:
let
  inherit (builtins) isPath;
  inherit (lib)
    attrNames
    concatStringsSep
    elem
    filter
    isAttrs
    isString
    length
    listToAttrs
    nameValuePair
    optional
    ;
  inherit (checks)
    boolean
    describe
    enumerate
    isOf
    listOf
    matching
    natural
    oneOf
    path
    positive
    record
    ;
  inherit (settings) package text;
  inherit (validatorSet) validators;

  onFailure = oneOf [
    "abort"
    "warn"
    "skip"
  ];

  license = matching "[A-Za-z0-9][A-Za-z0-9.+-]{0,63}" "the identifier of a licence";

  # What the validators that take an argument take.
  arguments = {
    maxSize = matching "[1-9][0-9]{0,8}[KMGT]?" "a size such as \"20G\"";
    requiredFiles = listOf path;
    fileTypes = listOf (matching "[.]?[A-Za-z0-9_]{1,32}" "the ending of a file's name");
    licenseCheck = record {
      optional = {
        allowed = listOf license;
        denied = listOf license;
      };
    };
    signatureVerify = record {
      required = {
        method = oneOf [
          "cosign"
          "minisign"
          "model-signing"
          "ssh"
        ];
        publicKey = isOf (v: isPath v || (isString v && v != "")) "the text of a public key, or its file";
      };
      optional = {
        namespace = text;
        signature = path;
        files = listOf text;
      };
    };
    clamav = record {
      required.database = isOf (
        v: isPath v || isString v || (isAttrs v && v ? outPath)
      ) "a file or folder of ClamAV's signatures";
    };
  };

  isPlain = name: isAttrs (validators.${name} or null);

  common = {
    inherit onFailure;
    timeout = positive;
    description = isOf isString "text";
    buildInputs = listOf package;
  };

  own = record {
    required.name =
      matching "[A-Za-z0-9][A-Za-z0-9 _.+-]{0,63}"
        "a name of at most 64 letters, digits, spaces, `_`, `.`, `+` and `-`";
    optional = common // {
      command = text;
      script = text;
      secondsPerGigabyte = natural;
      __functor = _: _: [ ];
    };
  };

  validator =
    place: value:
    let
      names = filter (key: validators ? ${key} && key != "custom") (attrNames value);
    in
    if isString value then
      optional (!isPlain value) (
        if arguments ? ${value} then
          "`${place}`: the validator `${value}` needs an argument: write `{ ${value} = …; }`"
        else
          "`${place}`: ${describe value} is no validator; there are ${enumerate (removeAttrs validators [ "custom" ])}, or one of your own with `name` and `command`"
      )
    else if !isAttrs value then
      isOf isAttrs "the name of a validator, or an attribute set" place value
    else if value ? command || value ? script then
      own place value
      ++ optional (
        value ? command && value ? script
      ) "`${place}`: `script` is another spelling of `command`: give one of them"
    else if length names != 1 then
      [
        "`${place}` must have a `command`, or exactly one of ${enumerate arguments}; it has ${
          if names == [ ] then "none" else concatStringsSep ", " (map (name: "`${name}`") names)
        }"
      ]
    else
      record { optional = common // arguments // plainOf names; } place value;

  # A plain validator with settings of its own: `{ noSymlinks = true; onFailure = "warn"; }`.
  plainOf =
    names:
    listToAttrs (
      map (name: nameValuePair name (isOf (v: v == true) "`true`")) (
        filter (name: !arguments ? ${name}) names
      )
    );

  preset = oneOf (attrNames presets);

  validation = record {
    optional = {
      inherit onFailure preset;
      enable = boolean;
      skipDefaults = boolean;
      timeout = positive;
      validators = listOf validator;
      defaults = record {
        optional = {
          checksums = boolean;
          modelscan = boolean;
          pickleScan = boolean;
          structure = boolean;
        };
      };
    };
  };

  /**
    The attributes of a model definition that say how it is examined, each with
    its check.
  */
  fields = {
    validation = place: value: if isString value then preset place value else validation place value;

    security = record {
      optional = settings.security // {
        enablePickleScan = boolean;
        enableModelScan = boolean;
        customScanners = listOf validator;
        failOnScanError = boolean;
      };
    };

    pickle = record {
      optional.allow = listOf (
        matching "[A-Za-z_][A-Za-z0-9_]*([.][A-Za-z_][A-Za-z0-9_]*)+" "a module and a name in it, such as `sklearn.svm._classes.SVC`"
      );
    };
  };
in
{
  inherit fields;
}

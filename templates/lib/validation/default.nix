/**
  From what a definition says of validation to a derivation that is built only where
  every validator accepts the model. It holds links, and what the validators found.
*/
{
  lib,
  pkgs ? throw "This function builds something: call it with `pkgs` first",
  layout ? import ../layout.nix { inherit lib pkgs; },
  packages ? import ../packages.nix { inherit lib pkgs; },
  validatorSet ? import ./validators.nix { inherit lib; },
  presets ? import ./presets.nix { inherit validatorSet; },
  programs ? import ../../validators,
  ...
}:
let
  inherit (builtins) toJSON;
  inherit (lib)
    attrNames
    concatLists
    concatMapStrings
    filter
    filterAttrs
    head
    isAttrs
    isString
    makeBinPath
    mapAttrsToList
    optional
    optionals
    splitString
    ;
  inherit (validatorSet) mkValidator validators;

  # What runs in the build.
  host = pkgs.buildPackages;

  orDefault = default: value: if value == null then default else value;
  given = filterAttrs (_: value: value != null);

  # What a list of validators may hold: one as an attribute set, the name of one, or
  # the name of one with its argument, as manifests have them.
  named =
    name: argument:
    let
      validator = validators.${name};
    in
    if isAttrs validator && (argument == null || argument == true) then
      validator
    else if argument == null then
      throw "The validator `${name}` needs an argument: state it as `{ ${name} = …; }`"
    else
      validator argument;

  validatorOf =
    stated:
    if isString stated then
      named stated null
    else if stated ? command then
      mkValidator (removeAttrs stated [ "__functor" ])
    else if stated ? script then
      validators.custom stated
    else
      let
        name = head (filter (key: validators ? ${key}) (attrNames stated));
      in
      named name stated.${name} // given (removeAttrs stated [ name ]);

  # A preset by its name, and what is stated beside it: `standard` where nothing is.
  settle =
    validation:
    let
      stated =
        if validation == null then
          { }
        else if isString validation then
          { preset = validation; }
        else
          given validation;
      preset = presets.${stated.preset or "standard"};
    in
    preset
    // removeAttrs stated [ "preset" ]
    // {
      enable = stated.enable or preset.enable;
      defaults = preset.defaults or { } // given (stated.defaults or { });
      # What is stated beside a preset's name comes to its validators; where a preset
      # was changed with `//`, they are there already.
      validators = (if stated ? preset then preset.validators or [ ] else [ ]) ++ stated.validators or [ ];
    };

  isPresent =
    package:
    let
      walk = set: path: path == [ ] || (set ? ${head path} && walk set.${head path} (builtins.tail path));
    in
    walk host (splitString "." package);

  # The scanners that are on by a word, in the order in which they run.
  scannersOf =
    defaults:
    concatLists (
      map
        (
          name:
          optional (defaults.${name} or false) (
            if name == "modelscan" && !isPresent "modelscan" then
              mkValidator {
                name = "modelscan";
                command = "exit 1";
              }
              // {
                unavailable = "this nixpkgs has no package `modelscan`; `pickle-scan` looks at the same and more";
              }
            else
              validators.${name}
          )
        )
        [
          "checksums"
          "structure"
          "pickleScan"
          "modelscan"
        ]
    );

  # `security` says the same in words of its own.
  withSecurity =
    security: validation:
    let
      isWarning = security.failOnScanError or true == false;
      weaken = validator: if isWarning then validator // { onFailure = "warn"; } else validator;
    in
    validation
    // {
      scanners = map weaken (
        optionals (!(validation.skipDefaults or false)) (
          scannersOf (
            validation.defaults
            // given {
              pickleScan = security.enablePickleScan or null;
              modelscan = security.enableModelScan or null;
            }
          )
        )
      );
      customScanners = map (stated: weaken (validatorOf stated)) (security.customScanners or [ ]);
    };

  /**
    The validators of a model in the order in which they run, each with its own
    `onFailure` and `timeout`; none where validation is turned off.

    # Type

    ```
    chainOf :: { validation :: Null | String | AttrSet; security :: AttrSet; } -> [AttrSet]
    ```

    # Example

    ```nix
    map (validator: validator.name) (chainOf { validation = "minimal"; security = { }; })
    => [ "checksums" ]
    ```
  */
  chainOf =
    { validation, security }:
    let
      settled = withSecurity (given security) (settle validation);
      chain = settled.scanners ++ map validatorOf settled.validators ++ settled.customScanners;
    in
    if settled.enable == false then
      [ ]
    else
      map (
        validator:
        validator
        // {
          onFailure = orDefault (settled.onFailure or "abort") (validator.onFailure or null);
          timeout = orDefault (settled.timeout or 300) (validator.timeout or null);
        }
      ) chain;

  plannedOf =
    model: validator:
    removeAttrs (given validator) [
      "__functor"
      "buildInputs"
    ]
    // {
      path = makeBinPath (
        map (packages.packageOf "The validator `${validator.name}` of the model `${model}`") (
          validator.buildInputs or [ ]
        )
      );
    };

  # PROGRAM/MODULE, and where it is in the store.
  moduleList = concatMapStrings (line: "${line}\n") (
    concatLists (
      mapAttrsToList (
        program: modules: mapAttrsToList (module: path: "${path}\n${program}/${module}") modules
      ) programs
    )
  );

  /**
    A folder of links to a model's files, which is there only if the validators accept
    them. `.nix-model-repo-meta.json` holds `metadata` and what each validator said.

    `src` is what they look at: a folder with the files under their own names. Where
    `files` lists what is in it, the links lead straight to those.

    # Type

    ```
    mkValidationDerivation :: Nixpkgs -> { name :: String; src :: Derivation; validators :: [AttrSet]; facts :: AttrSet; metadata :: AttrSet; files :: Null | [{ path :: String; target :: String; }]; ... } -> Derivation
    ```

    # Example

    ```nix
    mkValidationDerivation pkgs {
      name = "phi-2";
      src = phi-2.raw;
      validators = [ validators.noPickleFiles ];
    }
    => «derivation /nix/store/…-phi-2-validated.drv»
    ```
  */
  mkValidationDerivation =
    {
      name,
      src,
      validators ? [ ],
      validation ? null,
      facts ? { },
      metadata ? { inherit name; },
      files ? null,
      ...
    }@given:
    let
      chain = chainOf {
        validation = if validation == null then { inherit validators; } else validation;
        security = { };
      };
      plan = toJSON {
        inherit name metadata;
        facts = {
          inherit name;
          licenses = [ ];
          pickleAllow = [ ];
        }
        // facts;
        validators = map (plannedOf name) (given.chain or chain);
      };
    in
    layout.mkTree (
      removeAttrs given [
        "chain"
        "facts"
        "metadata"
        "validation"
        "validators"
      ]
      // {
        name = "${name}-validated";
        inherit src files plan;
        tree = src;
        inherit moduleList;
        passAsFile = [
          "moduleList"
          "plan"
        ];
        nativeBuildInputs = [
          host.jq
          host.python3
        ];
        # It may read all of the weights: once is enough for all machines.
        preferLocalBuild = false;
        allowSubstitutes = true;
        validate = ''
          export validators=$NIX_BUILD_TOP/validators
          while IFS= read -r path && IFS= read -r module; do
            mkdir -p -- "$validators/''${module%/*}"
            ln -sT -- "$path" "$validators/$module"
          done <"$moduleListPath"
          python3 -I "$validators/run" "$planPath" "$NIX_BUILD_TOP/metadata.json"
          cp --no-preserve=mode -- "$NIX_BUILD_TOP/metadata.json" .nix-model-repo-meta.json
        '';
      }
    );
in
{
  inherit
    chainOf
    mkValidationDerivation
    mkValidator
    presets
    validators
    ;
}

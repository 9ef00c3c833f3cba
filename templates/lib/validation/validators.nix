/**
  The validators that there are, as plain attribute sets. To change one, use `//`.

  A command is run by bash with the model's files in `$src`; the programs that it
  calls are below `$validators`, or in the packages that `buildInputs` names.
*/
{ lib }:
let
  inherit (builtins)
    isPath
    isString
    match
    readFile
    toJSON
    ;
  inherit (lib) concatMapStrings escapeShellArg;

  arguments = concatMapStrings (argument: " ${escapeShellArg argument}");
  options = name: concatMapStrings (value: " --${name} ${escapeShellArg value}");
  contents = check: ''python3 -I "$validators/contents" ${check}'';
  textOf = value: if isPath value then readFile value else value;

  /**
    A validator: a command that accepts a model by ending with 0.

    It finds the model's files under their own names in `$src`, what is known of
    the model as JSON in the file `$MODEL_FACTS`, and may write what it finds to
    the file `$findings`, a line each. Without `timeout` (seconds) or `onFailure`
    those of the whole validation count.

    # Type

    ```
    mkValidator :: { name :: String; command :: String; description :: String; timeout :: Int; onFailure :: "abort" | "warn" | "skip"; buildInputs :: [String | Derivation]; } -> AttrSet
    ```

    # Example

    ```nix
    mkValidator {
      name = "has-vocabulary";
      command = ''[ "$(jq .vocab_size "$src/config.json")" -gt 0 ]'';
      onFailure = "warn";
    }
    ```
  */
  mkValidator =
    {
      name,
      command,
      description ? "",
      timeout ? null,
      onFailure ? null,
      buildInputs ? [ ],
      secondsPerGigabyte ? 0,
    }:
    {
      inherit
        name
        command
        description
        timeout
        onFailure
        buildInputs
        secondsPerGigabyte
        ;
    };

  signers = {
    minisign = "minisign";
    model-signing = "openssl";
    ssh = "openssh";
    cosign = "cosign";
  };

  validators = {
    /**
      Every file against the SHA-256 that the lock has of it.
    */
    checksums = mkValidator {
      name = "checksums";
      description = "each file has the SHA-256 of the lock";
      command = contents "checksums";
      # A disk that reads 20 MB in a second is a slow one.
      secondsPerGigabyte = 50;
    };

    /**
      No pickle that would run anything but what is allowed.
    */
    pickleScan = mkValidator {
      name = "pickle-scan";
      description = "no pickle runs what isn't allowed";
      command = ''
        mapfile -t allowed < <(jq -r '.pickleAllow[]' "$MODEL_FACTS")
        python3 -I "$validators/pickle-scan" "''${allowed[@]/#/--allow=}" --findings "$findings" "$src"
      '';
      secondsPerGigabyte = 2;
    };

    /**
      safetensors, GGUF and ONNX files and their shards are whole.
    */
    structure = mkValidator {
      name = "structure";
      description = "model files are whole, by their headers";
      command = ''python3 -I "$validators/structure" --findings "$findings" "$src"'';
    };

    /**
      No pickle at all, in whatever it is packed.
    */
    noPickleFiles = mkValidator {
      name = "no-pickle";
      description = "no file is or holds a pickle";
      command = contents "no-pickle";
      onFailure = "abort";
      secondsPerGigabyte = 2;
    };

    /**
      No weights in another format than safetensors.
    */
    safetensorsOnly = mkValidator {
      name = "safetensors-only";
      description = "weights are in safetensors format";
      command = contents "safetensors-only";
      onFailure = "abort";
      secondsPerGigabyte = 2;
    };

    /**
      At most so many bytes in all, such as `"20G"` (K, M, G, T are powers of 1024).
    */
    maxSize =
      limit:
      if !isString limit || match "[1-9][0-9]{0,8}[KMGT]?" limit == null then
        throw "validators.maxSize: ${toJSON limit} is no size: write one such as \"20G\""
      else
        mkValidator {
          name = "max-size-${limit}";
          description = "the model has at most ${limit}";
          command = contents "max-size" + arguments [ limit ];
          onFailure = "abort";
        };

    /**
      These files are there.
    */
    requiredFiles =
      files:
      mkValidator {
        name = "required-files";
        description = "required files are there";
        command = contents "required-files" + arguments files;
        onFailure = "abort";
      };

    /**
      No code of Python's, and no setting that makes loaders run some.
    */
    noPythonCode = mkValidator {
      name = "no-python-code";
      description = "no code of Python's, and none asked for";
      command = contents "no-python";
      onFailure = "abort";
      secondsPerGigabyte = 2;
    };

    /**
      No link that leads out of the model.
    */
    noSymlinks = mkValidator {
      name = "no-symlinks";
      description = "no link leads out of the model";
      command = contents "no-symlinks";
      onFailure = "abort";
    };

    /**
      Only files with these endings, which hold what their endings say.
    */
    fileTypes =
      endings:
      mkValidator {
        name = "file-types";
        description = "files have certain types only";
        command = contents "file-types" + arguments endings;
        onFailure = "abort";
        secondsPerGigabyte = 2;
      };

    /**
      A licence is stated. Called with `allowed` or `denied` (SPDX identifiers, or
      the Hub's names), that each licence which is stated is acceptable.
    */
    licenseCheck =
      mkValidator {
        name = "license-check";
        description = "a licence is stated";
        command = contents "license";
        onFailure = "warn";
      }
      // {
        __functor =
          _:
          {
            allowed ? [ ],
            denied ? [ ],
          }:
          mkValidator {
            name = "license-check";
            description = "each licence is acceptable";
            command = contents "license" + options "allowed" allowed + options "denied" denied;
            onFailure = "abort";
          };
      };

    /**
      Files are signed by a key. Without one nothing can be verified, so that it only
      warns; call it with `method` and `publicKey` (the public key's text, or its file).
      `signature` is the file that holds the one of OpenSSF Model Signing.
    */
    signatureVerify =
      mkValidator {
        name = "signature-verify";
        description = "files are signed by a known key";
        command = ''
          echo 'no key is given, so that no signature can be verified: state `signatureVerify` with `method` and `publicKey`' >"$findings"
          exit 1
        '';
        onFailure = "warn";
      }
      // {
        __functor =
          _:
          {
            method,
            publicKey,
            namespace ? "file",
            signature ? "model.sig",
            files ? [ ],
          }:
          mkValidator {
            name = "signature-verify";
            description = "files are signed by a given key";
            command =
              ''python3 -I "$validators/signatures"''
              + options "method" [ method ]
              + options "key" [ (textOf publicKey) ]
              + options "namespace" [ namespace ]
              + options "signature" [ signature ]
              + options "files" files;
            onFailure = "abort";
            buildInputs = [ signers.${method} ];
            secondsPerGigabyte = 50;
          };
      };

    /**
      Protect AI's modelscan. It ends with 3 where there is nothing that it knows.
    */
    modelscan = mkValidator {
      name = "modelscan";
      description = "modelscan finds nothing";
      command = ''
        status=0
        modelscan --path "$src" || status=$?
        if [ "$status" -ne 3 ]; then exit "$status"; fi
      '';
      onFailure = "abort";
      buildInputs = [ "modelscan" ];
      secondsPerGigabyte = 50;
    };

    /**
      ClamAV with the signatures in `database`, a file or folder: a build has no
      network to get them from.
    */
    clamav =
      { database }:
      mkValidator {
        name = "clamav";
        description = "ClamAV finds nothing";
        command = ''
          status=0
          clamscan --recursive --infected --no-summary --follow-dir-symlinks=2 --follow-file-symlinks=2 \
            --max-filesize=0 --max-scansize=0 --database=${escapeShellArg "${database}"} "$src" >report || status=$?
          cat report
          sed -n "s|^$src/||; s/ FOUND\$//p" report >"$findings"
          exit "$status"
        '';
        onFailure = "abort";
        buildInputs = [ "clamav" ];
        secondsPerGigabyte = 100;
      };

    /**
      A validator of one's own, by its script.
    */
    custom =
      {
        name,
        script,
        onFailure ? "abort",
        ...
      }@given:
      mkValidator (
        {
          description = "";
        }
        // removeAttrs given [ "script" ]
        // {
          inherit name onFailure;
          command = script;
        }
      );
  };
in
{
  inherit mkValidator validators;
}

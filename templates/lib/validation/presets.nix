/**
  Validations for usual needs, as plain attribute sets. To change one, use `//`.
*/
{ validatorSet }:
let
  inherit (validatorSet.validators)
    licenseCheck
    maxSize
    noPickleFiles
    noPythonCode
    safetensorsOnly
    signatureVerify
    ;

  scanners = {
    modelscan = true;
    pickleScan = true;
    structure = true;
    checksums = true;
  };

  # That a licence is stated is demanded here, and not only wished for.
  licensed = licenseCheck // {
    onFailure = "abort";
  };
in
{
  /**
    For production: safetensors only, with a licence.
  */
  strict = {
    enable = true;
    defaults = scanners;
    validators = [
      noPickleFiles
      safetensorsOnly
      licensed
    ];
    onFailure = "abort";
    timeout = 600;
  };

  /**
    What counts where nothing is stated: the scanners alone.
  */
  standard = {
    enable = true;
    defaults = scanners;
    validators = [ ];
    onFailure = "abort";
    timeout = 300;
  };

  /**
    Hashes are checked, and what is wrong is a warning.
  */
  minimal = {
    enable = true;
    defaults = scanners // {
      modelscan = false;
      pickleScan = false;
      structure = false;
    };
    validators = [ ];
    onFailure = "warn";
    timeout = 60;
  };

  /**
    Nothing is looked at.
  */
  none = {
    enable = false;
  };

  /**
    All there is. Signatures are verified where a key is given.
  */
  paranoid = {
    enable = true;
    defaults = scanners;
    validators = [
      noPickleFiles
      safetensorsOnly
      noPythonCode
      (maxSize "50G")
      licensed
      signatureVerify
    ];
    onFailure = "abort";
    timeout = 1200;
  };
}

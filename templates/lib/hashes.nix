/**
  SHA-256 digests: their spellings, and the names made from them.

  Nothing newer than Nix 2.4 is used, so `builtins.convertHash` is not.
*/
{ lib }:
let
  inherit (builtins)
    genList
    hashString
    match
    replaceStrings
    substring
    ;
  inherit (lib)
    concatStrings
    hasPrefix
    imap0
    isString
    listToAttrs
    nameValuePair
    removePrefix
    stringToCharacters
    toLower
    ;

  base16 = "0123456789abcdef";
  base64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

  valuesOf = alphabet: listToAttrs (imap0 (i: c: nameValuePair c i) (stringToCharacters alphabet));
  base16Values = valuesOf base16;
  base64Values = valuesOf base64;

  at = text: i: substring i 1 text;

  # Three digits of base 16 are two of base 64. A digest has 64 hexadecimal
  # digits: 21 such groups, and one digit over.
  hexToBase64 =
    hex:
    let
      value = i: base16Values.${at hex i};
      group =
        g:
        let
          n = value (3 * g) * 256 + value (3 * g + 1) * 16 + value (3 * g + 2);
        in
        at base64 (n / 64) + at base64 (n - n / 64 * 64);
    in
    concatStrings (genList group 21) + at base64 (value 63 * 4) + "=";

  base64ToHex =
    text:
    let
      value = i: base64Values.${at text i};
      group =
        g:
        let
          n = value (2 * g) * 64 + value (2 * g + 1);
        in
        at base16 (n / 256) + at base16 (n / 16 - n / 256 * 16) + at base16 (n - n / 16 * 16);
    in
    concatStrings (genList group 21) + at base16 (value 42 / 4);

  # The last digit carries four bits of the digest and two that must be zero.
  isSri = hash: match "sha256-[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=" hash != null;
  isHex = hash: match "[0-9a-fA-F]{64}" hash != null;
  isNix32 = hash: match "[0-9a-df-np-sv-z]{52}" hash != null;

  withoutAlgorithm = removePrefix "sha256:";

  # What to set while the hash isn't known: the build fails and states the right one.
  fakeHash = "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

  # Why a value is no SHA-256, or null if it is one.
  hashError =
    hash:
    if !isString hash then
      "a hash is a string such as `${fakeHash}`, not a ${builtins.typeOf hash}"
    else if hash == "" || isSri hash || isHex (withoutAlgorithm hash) then
      null
    else if isNix32 (withoutAlgorithm hash) then
      "`${hash}` is a SHA-256 in Nix's own base 32; `nix hash to-sri --type sha256 ${withoutAlgorithm hash}` prints the form that is needed"
    else if hasPrefix "sha512-" hash || hasPrefix "sha1-" hash || hasPrefix "md5-" hash then
      "only SHA-256 is used, so ${builtins.toJSON hash} can't be checked"
    else
      "${builtins.toJSON hash} is no SHA-256: give `sha256-` and 44 characters of base 64, or 64 hexadecimal digits";

  /**
    A SHA-256 in the form that Nix calls SRI.

    Hexadecimal digests are converted. The empty string stands for a hash that
    is not known yet, as it does in nixpkgs.

    # Type

    ```
    normalizeHash :: String -> String
    ```

    # Example

    ```nix
    normalizeHash "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    => "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
    ```
  */
  normalizeHash =
    hash:
    let
      problem = hashError hash;
    in
    if problem != null then
      throw "normalizeHash: ${problem}"
    else if hash == "" then
      fakeHash
    else if isSri hash then
      hash
    else
      "sha256-${hexToBase64 (toLower (withoutAlgorithm hash))}";

  /**
    The 64 hexadecimal digits of a SHA-256, in lower case.

    # Type

    ```
    hashToHex :: String -> String
    ```

    # Example

    ```nix
    hashToHex "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
    => "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    ```
  */
  hashToHex = hash: base64ToHex (removePrefix "sha256-" (normalizeHash hash));

  /**
    Whether a hash is the fake one, which stands for one that is not known yet.

    # Type

    ```
    isFakeHash :: String -> Bool
    ```

    # Example

    ```nix
    isFakeHash ""
    => true
    ```
  */
  isFakeHash = hash: normalizeHash hash == fakeHash;

  # What stands for a blob's name where only the file's hash is given. Hashes
  # that are being discovered are all the same, but their files are not.
  blobName = path: hash: if isFakeHash hash then hashString "sha256" path else hashToHex hash;

  /**
    The derivation name of a file with this content.

    It says nothing of the file's own name, which may hold characters that
    the store refuses. So equal content is one store path, whichever model or
    source it comes from.

    # Type

    ```
    fileDerivationName :: String -> String
    ```

    # Example

    ```nix
    fileDerivationName "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
    => "model-file-47DEQpj8HBSa-_TI"
    ```
  */
  fileDerivationName =
    hash:
    let
      digest = removePrefix "sha256-" (normalizeHash hash);
    in
    "model-file-${replaceStrings [ "+" "/" ] [ "-" "_" ] (substring 0 16 digest)}";
in
{
  inherit
    blobName
    fakeHash
    fileDerivationName
    hashError
    hashToHex
    isFakeHash
    normalizeHash
    ;
}

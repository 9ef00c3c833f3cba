/**
  From the name of a licence, as a user or the Hub writes it, to `meta.license`.
*/
{ lib }:
let
  inherit (lib)
    attrValues
    filter
    isAttrs
    isString
    listToAttrs
    nameValuePair
    toLower
    ;

  known = lib.licenses;

  # The Hub's names are SPDX identifiers in lower case, where SPDX has one.
  bySpdxId = listToAttrs (
    map (license: nameValuePair (toLower license.spdxId) license) (
      filter (license: isAttrs license && license ? spdxId) (attrValues known)
    )
  );

  # nixpkgs refuses to evaluate what is marked `free = false` unless the user
  # allows it, globally and by environment. That gate is for software that
  # nixpkgs hands out; here the user has named the model, and the Hub asks for
  # the terms itself. Most model licences (Llama, Gemma, OpenRAIL) would be
  # refused, so a licence that is merely named says nothing of `free` where it
  # isn't. Who wants the gate gives `meta.license` as an attribute set, which is
  # kept as it is.
  withoutGate =
    license:
    if license.free or true then
      license
    else
      # Newer nixpkgs takes what has a `licenseType` to say whether it is free.
      removeAttrs license [
        "free"
        "licenseType"
        "redistributable"
      ];

  isLicense = name: known ? ${name} && isAttrs known.${name};

  named =
    name:
    if isLicense name then
      withoutGate known.${name}
    else
      withoutGate (
        bySpdxId.${toLower name} or {
          shortName = name;
          fullName = name;
        }
      );
in
{
  /**
    What to set as `meta.license`: licences of nixpkgs by attribute name or
    SPDX identifier, unknown names as they are, attribute sets untouched.

    # Type

    ```
    licenseOf :: (String | AttrSet | [AttrSet]) -> (AttrSet | [AttrSet])
    ```

    # Example

    ```nix
    (licenseOf "apache-2.0").fullName
    => "Apache License 2.0"
    ```
  */
  licenseOf = license: if isString license then named license else license;
}

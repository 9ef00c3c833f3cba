# The functions of nixpkgs' lib that the emitted code uses, each as nixpkgs
# defines it by behaviour.
let
  lib = rec {
    inherit (builtins)
      all
      any
      attrNames
      attrValues
      concatLists
      concatMap
      concatStringsSep
      elem
      elemAt
      filter
      genList
      head
      isAttrs
      isBool
      isFunction
      isInt
      isList
      isString
      length
      listToAttrs
      mapAttrs
      substring
      ;

    # Lists
    groupBy =
      builtins.groupBy or (
        keyOf:
        builtins.foldl' (
          groups: item:
          let
            key = keyOf item;
          in
          groups // { ${key} = (groups.${key} or [ ]) ++ [ item ]; }
        ) { }
      );
    imap0 = f: list: genList (i: f i (elemAt list i)) (length list);
    last = list: elemAt list (length list - 1);
    optional = condition: item: if condition then [ item ] else [ ];
    optionals = condition: list: if condition then list else [ ];
    take = count: list: genList (elemAt list) (if count < length list then count else length list);
    unique = builtins.foldl' (seen: item: if elem item seen then seen else seen ++ [ item ]) [ ];

    # Attribute sets
    filterAttrs =
      keep: set: removeAttrs set (filter (name: !keep name set.${name}) (attrNames set));
    genAttrs = names: f: listToAttrs (map (name: nameValuePair name (f name)) names);
    mapAttrsToList = f: set: map (name: f name set.${name}) (attrNames set);
    nameValuePair = name: value: { inherit name value; };
    optionalAttrs = condition: set: if condition then set else { };

    # Strings
    concatMapStrings = f: list: concatStrings (map f list);
    concatStrings = concatStringsSep "";
    escapeShellArg =
      argument:
      let
        text = toString argument;
      in
      if builtins.match "[[:alnum:],._+:@%/-]+" text == null then
        "'${builtins.replaceStrings [ "'" ] [ "'\\''" ] text}'"
      else
        text;
    optionalString = condition: text: if condition then text else "";
    hasSuffix =
      suffix: text:
      let
        start = builtins.stringLength text - builtins.stringLength suffix;
      in
      start >= 0 && substring start (builtins.stringLength suffix) text == suffix;
    hasPrefix = prefix: text: substring 0 (builtins.stringLength prefix) text == prefix;
    makeBinPath = packages: concatStringsSep ":" (map (package: "${package}/bin") packages);
    removePrefix =
      prefix: text:
      if hasPrefix prefix text then substring (builtins.stringLength prefix) (-1) text else text;
    removeSuffix =
      suffix: text:
      let
        kept = builtins.stringLength text - builtins.stringLength suffix;
      in
      if kept >= 0 && substring kept (-1) text == suffix then substring 0 kept text else text;
    splitString =
      separator: text:
      filter isString (builtins.split (escapeRegex separator) (toString text));
    stringToCharacters = text: genList (i: substring i 1 text) (builtins.stringLength text);
    toLower = builtins.replaceStrings (stringToCharacters "ABCDEFGHIJKLMNOPQRSTUVWXYZ") (
      stringToCharacters "abcdefghijklmnopqrstuvwxyz"
    );
    escapeRegex =
      let
        special = stringToCharacters "\\[{()^$?*+|.";
      in
      builtins.replaceStrings special (map (c: "\\${c}") special);

    fetchers.proxyImpureEnvVars = [
      "http_proxy"
      "https_proxy"
      "ftp_proxy"
      "all_proxy"
      "no_proxy"
      "HTTP_PROXY"
      "HTTPS_PROXY"
      "FTP_PROXY"
      "ALL_PROXY"
      "NO_PROXY"
      "NIX_SSL_CERT_FILE"
    ];

    licenses = {
      asl20 = {
        deprecated = false;
        free = true;
        fullName = "Apache License 2.0";
        licenseType = "simple";
        redistributable = true;
        shortName = "asl20";
        spdxId = "Apache-2.0";
        url = "https://spdx.org/licenses/Apache-2.0.html";
      };
      cc-by-nc-40 = {
        deprecated = false;
        free = false;
        fullName = "Creative Commons Attribution Non Commercial 4.0 International";
        licenseType = "simple";
        redistributable = false;
        shortName = "cc-by-nc-40";
        spdxId = "CC-BY-NC-4.0";
        url = "https://spdx.org/licenses/CC-BY-NC-4.0.html";
      };
      mit = {
        deprecated = false;
        free = true;
        fullName = "MIT License";
        licenseType = "simple";
        redistributable = true;
        shortName = "mit";
        spdxId = "MIT";
        url = "https://spdx.org/licenses/MIT.html";
      };
    };
  };
in
lib

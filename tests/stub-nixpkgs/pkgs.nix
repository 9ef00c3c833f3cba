{
  lib,
  system,
  config,
  overlays,
}:
let
  inherit (lib)
    concatMapStrings
    escapeShellArg
    filter
    head
    isAttrs
    isFunction
    mapAttrsToList
    optionalAttrs
    ;

  # The one program of the host that builds start with; nixpkgs has its own.
  hostShell = "/bin/bash";

  # A package of links to host programs.
  hostTools =
    name: programs:
    derivation {
      name = "host-${name}";
      inherit system programs;
      builder = hostShell;
      PATH = "/usr/local/bin:/usr/bin:/bin";
      args = [
        "-euc"
        ''
          mkdir -p "$out/bin"
          for program in $programs; do
            ln -s "$(command -v "$program")" "$out/bin/$program"
          done
        ''
      ];
    }
    // {
      meta = {
        inherit name;
        mainProgram = head programs;
      };
    };

  # As in nixpkgs, licences that are not free are refused unless allowed.
  allowed =
    name: meta: drv:
    let
      license = meta.license or { };
      licenses = if isAttrs license then [ license ] else license;
      # What has a type must say whether it is free.
      unfree = filter (l: if l ? licenseType then !l.free else !(l.free or true)) licenses;
    in
    if unfree != [ ] && !(config.allowUnfree or false) then
      throw "Package ‘${name}’ has an unfree license (‘${(head unfree).shortName}’), refusing to evaluate."
    else
      drv;

  mkDerivation =
    argument:
    let
      own = if isFunction argument then argument package else argument;
      name = own.name or "${own.pname}-${own.version}";
      pos = own.pos or null;
      meta = {
        inherit name;
      }
      // optionalAttrs (pos != null) { position = "${pos.file}:${toString pos.line}"; }
      // own.meta or { };
      drv = derivation (
        removeAttrs own [
          "meta"
          "passthru"
          "pos"
        ]
        // optionalAttrs (!(own.__structuredAttrs or false)) { __structuredAttrs = false; }
        // {
          inherit name system;
          builder = hostShell;
          args = [
            "-e"
            ./setup.sh
          ];
          initialPath = with pkgs; [
            bash
            coreutils
            diffutils
            findutils
            gawk
            gnugrep
            gnused
            gnutar
            gzip
          ];
          outputs = own.outputs or [ "out" ];
        }
      );
      # In nixpkgs too, passthru wins over meta.
      package = allowed name meta (
        drv
        // {
          inherit meta;
          passthru = own.passthru or { };
          overrideAttrs = change: mkDerivation (own // (if isFunction change then change own else change));
        }
        // own.passthru or { }
      );
    in
    package;

  platform = {
    inherit system;
    isLinux = true;
    isDarwin = false;
  };

  stdenvNoCC = {
    inherit mkDerivation system;
    shell = hostShell;
    hostPlatform = platform;
    buildPlatform = platform;
  };

  runCommand =
    name: environment: buildCommand:
    mkDerivation (
      environment
      // {
        inherit name buildCommand;
        passAsFile = [ "buildCommand" ] ++ environment.passAsFile or [ ];
      }
    );

  writeTextFile =
    {
      name,
      text,
      executable ? false,
      destination ? "",
    }:
    runCommand name
      {
        inherit text;
        passAsFile = [ "text" ];
        preferLocalBuild = true;
        allowSubstitutes = false;
      }
      ''
        target=$out${escapeShellArg destination}
        mkdir -p "$(dirname "$target")"
        cp "$textPath" "$target"
        ${if executable then ''chmod +x "$target"'' else ""}
      '';

  initial = {
    inherit
      config
      lib
      runCommand
      stdenvNoCC
      system
      writeTextFile
      ;
    stdenv = stdenvNoCC;
    runtimeShell = hostShell;

    bash = hostTools "bash" [ "bash" ];
    cacert = runCommand "host-cacert" { } ''
      mkdir -p "$out/etc/ssl/certs"
      cp ${builtins.toFile "ca-bundle.crt" ""} "$out/etc/ssl/certs/ca-bundle.crt"
    '';
    coreutils = hostTools "coreutils" [
      "base64" "basename" "cat" "chmod" "cksum" "comm" "cp" "cut" "date" "dd" "df" "dirname" "du" "env"
      "expr" "false" "head" "id" "install" "join" "ln" "ls" "md5sum" "mkdir" "mkfifo" "mktemp" "mv"
      "nproc" "numfmt" "od" "paste" "printenv" "printf" "pwd" "readlink" "realpath" "rm" "rmdir"
      "seq" "sha1sum" "sha256sum" "sha512sum" "shuf" "sleep" "sort" "split" "stat" "sync" "tac"
      "tail" "tee" "test" "timeout" "touch" "tr" "true" "truncate" "uname" "uniq" "wc"
    ];
    curl = hostTools "curl" [ "curl" ];
    diffutils = hostTools "diffutils" [ "cmp" "diff" ];
    findutils = hostTools "findutils" [ "find" "xargs" ];
    gawk = hostTools "gawk" [ "awk" ];
    gnugrep = hostTools "gnugrep" [ "grep" ];
    gnused = hostTools "gnused" [ "sed" ];
    gnutar = hostTools "gnutar" [ "tar" ];
    gzip = hostTools "gzip" [ "gzip" ];
    gitMinimal = hostTools "git-minimal" [ "git" ];
    jq = hostTools "jq" [ "jq" ];
    zstd = hostTools "zstd" [ "zstd" ];
    clamav = hostTools "clamav" [ "clamscan" ];
    minisign = hostTools "minisign" [ "minisign" ];
    openssh = hostTools "openssh" [ "ssh-keygen" ];
    openssl = hostTools "openssl" [ "openssl" ];
    python3 = hostTools "python3" [ "python3" ];
    python3Minimal = hostTools "python3" [ "python3" ];

    linkFarm =
      name: entries:
      let
        list =
          if isAttrs entries then
            mapAttrsToList (name: path: { inherit name path; }) entries
          else
            entries;
      in
      runCommand name { } ''
        mkdir -p "$out"
        cd "$out"
        ${concatMapStrings (entry: ''
          mkdir -p -- "$(dirname -- ${escapeShellArg entry.name})"
          ln -s -- ${escapeShellArg "${entry.path}"} ${escapeShellArg entry.name}
        '') list}
      '';

    mkShell =
      {
        packages ? [ ],
        ...
      }@attributes:
      mkDerivation (
        {
          name = "nix-shell";
        }
        // removeAttrs attributes [ "packages" ]
        // {
          nativeBuildInputs = packages;
          buildCommand = ''export >"$out"'';
        }
      );

    writeShellApplication =
      {
        name,
        text,
        runtimeInputs ? [ ],
        ...
      }:
      writeTextFile {
        inherit name;
        executable = true;
        destination = "/bin/${name}";
        text = ''
          #!${hostShell}
          set -o errexit
          set -o nounset
          set -o pipefail

          ${
            if runtimeInputs == [ ] then "" else ''
              export PATH="${lib.makeBinPath runtimeInputs}:$PATH"
            ''
          }
          ${text}
        '';
      };

    writeShellScript =
      name: text:
      writeTextFile {
        inherit name;
        executable = true;
        text = "#!${hostShell}\n${text}\n";
      };
    writeShellScriptBin =
      name: text:
      writeTextFile {
        inherit name;
        executable = true;
        destination = "/bin/${name}";
        text = "#!${hostShell}\n${text}\n";
      };
    writeText = name: text: writeTextFile { inherit name text; };
  };

  pkgs = builtins.foldl' (previous: overlay: previous // overlay pkgs previous) (
    initial
    // {
      buildPackages = pkgs;
      extend = overlay: import ./pkgs.nix {
        inherit lib system config;
        overlays = overlays ++ [ overlay ];
      };
    }
  ) overlays;
in
pkgs

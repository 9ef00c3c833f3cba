{ lib, pkgs }:
{
  plain = "say \"hi\" to \${nobody}\n";
  script = ''
    #!/bin/sh
    echo "''${HOME}"

      echo 'it'''s' 	$x
  '';
  interpolated = "/nix/${lib.path}/\$${lib}";
  lines = ''
    run ${lib.getExe pkgs.curl} \
      --fail
  '';
  unfinished = ''
    a
    b'';
  written = pkgs.writeText "name" ''
    a
    b
  '';
  set = "a ${
    lib.toJSON {
      a = 1;
      b = 2;
    }
  }";
  wide = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";
}

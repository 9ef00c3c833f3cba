{
  description = "A project that uses models pinned by nixgen";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

    # The folder that `nixgen build --out models` wrote. It could as well be a repository of its own.
    models.url = "path:./models";
    models.inputs.nixpkgs.follows = "nixpkgs";
  };

  outputs =
    {
      self,
      nixpkgs,
      models,
    }:
    let
      inherit (nixpkgs.lib) genAttrs;

      systems = [
        "x86_64-linux"
        "aarch64-linux"
        "x86_64-darwin"
        "aarch64-darwin"
      ];
      forAllSystems = f: genAttrs systems (system: f nixpkgs.legacyPackages.${system});
    in
    {
      packages = forAllSystems (
        pkgs:
        let
          own = models.packages.${pkgs.stdenvNoCC.hostPlatform.system};
        in
        {
          # A program that finds its model in the store.
          default = pkgs.writeShellScriptBin "greet" ''
            ${pkgs.jq}/bin/jq -r .greeting ${models.lib.getModelPath own.greeter}/config.json
          '';

          # Every model of the group in one folder for HF_HUB_CACHE.
          cache = own.all;
        }
      );

      devShells = forAllSystems (pkgs: {
        # Programs that use the Hub's client find the models and download nothing.
        default = pkgs.mkShell {
          HF_HUB_CACHE = "${self.packages.${pkgs.stdenvNoCC.hostPlatform.system}.cache}";
          HF_HUB_OFFLINE = "1";
        };
      });
    };
}

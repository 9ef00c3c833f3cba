{
  description = "nixgen: AI models pinned with Nix, locked without downloading weights";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

  outputs =
    { nixpkgs, ... }:
    let
      inherit (nixpkgs.lib) genAttrs;

      systems = [
        "x86_64-linux"
        "aarch64-linux"
        "x86_64-darwin"
        "aarch64-darwin"
      ];
      forAllSystems = f: genAttrs systems (system: f nixpkgs.legacyPackages.${system});

      # The very files that `nixgen build` emits.
      nixgen = import ./templates/lib { inherit (nixpkgs) lib; };
    in
    {
      lib = nixgen;

      overlays.default = final: _: {
        fetchAiModel = nixgen.fetchModel final;
        aiModelSources = nixgen.sources;
      };

      # What ./nixgen and ./tests/run need.
      devShells = forAllSystems (pkgs: {
        default = pkgs.mkShell {
          packages = [
            # The feature band that global.json asks for.
            pkgs.dotnetCorePackages.sdk_10_0_4xx-bin
            pkgs.curl
            pkgs.git
            pkgs.git-lfs
            pkgs.jq
            pkgs.nix
            pkgs.nodejs
            pkgs.python3
            pkgs.shellcheck
            pkgs.shfmt
            pkgs.util-linux
            pkgs.xz
          ];
        };
      });
    };
}

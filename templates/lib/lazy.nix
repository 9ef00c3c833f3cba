/**
  Models that are fetched when they are first used, by the Nix of whoever uses
  them.
*/
{
  lib,
  pkgs,
  integration ? import ./integration.nix { inherit lib pkgs; },
  ...
}:
let
  inherit (lib) escapeShellArg;
  inherit (integration) buildCache;

  # The derivation alone, and nothing that it builds: what refers to it can be
  # built and copied without the model.
  recipeOf = drv: escapeShellArg (builtins.unsafeDiscardOutputDependency drv.drvPath);

  script =
    {
      name,
      model,
      cache,
    }:
    ''
      name=${escapeShellArg name}
      model=${recipeOf model}
      whole=${recipeOf (if cache == null then model else cache)}

      say() {
        printf '%s: %s\n' "$name" "$1" >&2
      }

      fail() {
        local line
        for line in "$@"; do
          say "$line"
        done
        exit 1
      }

      if ! command -v nix-store >/dev/null; then
        fail "error: there is no nix-store on the PATH" \
          "This program holds no model: it asks your own Nix to fetch the model on first use." \
          "Install Nix, or take the model itself, which is the attribute 'model' beside this program."
      fi

      roots=''${XDG_STATE_HOME:-''${HOME:+$HOME/.local/state}}
      if [ -z "$roots" ]; then
        fail "error: neither HOME nor XDG_STATE_HOME says where to remember that the model is in use"
      fi
      roots=$roots/nixgen/roots
      ${pkgs.coreutils}/bin/mkdir -p -- "$roots" || fail "error: $roots can't be made"

      if ! path=$(nix-store --query --outputs "$model") || ! nix-store --check-validity "$path" 2>/dev/null; then
        say "the model is not on this machine yet: Nix fetches it now"
        say "it is no part of this program's closure, so copying the program to another machine doesn't copy it"
      fi

      # The root keeps the garbage collector away from the model, until another
      # model of this name takes its place.
      if ! nix-store --realise "$whole" --add-root "$roots/$name" --indirect >/dev/null; then
        fail "error: the model could not be fetched; the reason is above" \
          "This program holds no model: Nix builds it on first use, and needs the network for that." \
          "To have it before: build the model itself, which is the attribute 'model' beside this program."
      fi
      path=$(nix-store --query --outputs "$model")

      if [ "$#" -eq 0 ]; then
        printf '%s\n' "$path"
        exit 0
      fi

    ''
    + (
      if cache == null then
        ''
          export MODEL_PATH=$path
        ''
      else
        ''
          HF_HUB_CACHE=$(${pkgs.coreutils}/bin/readlink -- "$roots/$name")
          export HF_HUB_CACHE HF_HUB_OFFLINE=1 MODEL_PATH=$path/snapshots/${model.revision}
        ''
    )
    + ''exec "$@"'';

  /**
    A program called like the model that fetches it on first use.

    Without arguments it prints the model's store path. With arguments it runs
    them as a command, with the model in the environment.

    # Type

    ```
    mkLazy :: Derivation -> Derivation
    ```

    # Example

    ```nix
    mkLazy phi-2
    => «derivation /nix/store/…-phi-2.drv», with bin/phi-2
    ```
  */
  mkLazy =
    model:
    let
      inherit (model.config) name;
      passthru = model.passthru // {
        lazy = true;
        inherit model;
      };
      program = pkgs.writeShellApplication {
        inherit name;
        text = script {
          inherit name model;
          cache = if model.hfCachePath == null then null else buildCache { models = [ model ]; };
        };
      };
    in
    program
    // {
      inherit passthru;
      meta = model.meta // {
        mainProgram = name;
      };
    }
    // passthru;
in
{
  inherit mkLazy;
}

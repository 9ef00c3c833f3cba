using NixGen.Testing;

namespace NixGen.EndToEnd.Acceptance;

/// <summary>Shows a program the store of a sandbox where it belongs, at <c>/nix/store</c>. Nothing outside of that program sees it, or needs to have such a folder.</summary>
internal static class StoreView
{
    // The new root is a file system in memory that holds all of the old one but /nix. Its mounts end with the program.
    private const string Script = """
        set -e
        new=$0/home
        mount -t tmpfs tmpfs "$new"
        for entry in /*; do
          if [ -L "$entry" ]; then
            cp -P "$entry" "$new$entry"
          elif [ -d "$entry" ] && [ "$entry" != /nix ]; then
            mkdir "$new$entry"
            mount --rbind "$entry" "$new$entry"
          fi
        done
        mkdir -p "$new/nix/store"
        mount --bind "$0/nix/store" "$new/nix/store"
        exec chroot "$new" env -C "$PWD" "$@"
        """;

    /// <summary>A command that runs the one that it is given, in the same folder.</summary>
    public static IReadOnlyList<string> Of(NixSandbox nix) => ["unshare", "--map-root-user", "--mount", "sh", "-c", Script, nix.Root];
}

/**
  How fetched files are laid out: links only, so that no byte is stored twice.
*/
{ lib, pkgs }:
let
  inherit (lib)
    attrNames
    concatMap
    concatMapStrings
    concatStringsSep
    genList
    length
    listToAttrs
    nameValuePair
    optionalAttrs
    splitString
    take
    ;

  lines = concatMapStrings (line: "${line}\n");

  parentsOf =
    path:
    let
      segments = splitString "/" path;
    in
    genList (i: concatStringsSep "/" (take (i + 1) segments)) (length segments - 1);

  # Every folder that the given paths are in, once.
  foldersOf =
    paths: attrNames (listToAttrs (map (p: nameValuePair p null) (concatMap parentsOf paths)));

  # The way from a path back up to where it starts.
  up = path: concatMapStrings (_: "../") (parentsOf path);

  # Thousands of names don't fit into an environment or an argument list, so
  # they travel as files, one a line; no path holds a line break.
  mkLinks =
    {
      links,
      folders ? [ ],
      files ? { },
      copyOf ? null,
      copyTo ? ".",
      ...
    }@args:
    pkgs.stdenvNoCC.mkDerivation (
      removeAttrs args [
        "links"
        "folders"
        "files"
        "copyOf"
        "copyTo"
      ]
      // optionalAttrs (copyOf != null) { inherit copyOf copyTo; }
      // {
        # `passAsFile` is for plain environments only.
        __structuredAttrs = false;
        passAsFile = [
          "folderList"
          "linkList"
          "fileList"
          "metadata"
        ];
        folderList = lines (
          folders ++ foldersOf (map (link: link.path) links ++ attrNames files)
        );
        linkList = concatMapStrings (link: "${link.target}\n${link.path}\n") links;
        fileList = concatMapStrings (path: "${path}\n${files.${path}}\n") (attrNames files);
        metadata = args.metadata or "";

        # Links cost nothing to make where their targets are.
        preferLocalBuild = true;
        allowSubstitutes = false;

        buildCommand = ''
          mkdir -p -- "$out"
          cd -- "$out"
          xargs -d '\n' -r mkdir -p -- <"$folderListPath"
          xargs -d '\n' -r -n 2 -P "''${NIX_BUILD_CORES:-1}" ln -sT -- <"$linkListPath"
          while IFS= read -r path && IFS= read -r content; do
            printf %s "$content" >"./$path"
          done <"$fileListPath"
          if [ -n "''${copyOf:-}" ]; then
            cp -rsT --no-preserve=mode -- "$copyOf" "$copyTo"
          fi
          if [ -s "$metadataPath" ]; then
            cp --no-preserve=mode -- "$metadataPath" .nix-model-repo-meta.json
          fi
          broken=$(find -L . -type l -print -quit)
          if [ -n "$broken" ]; then
            printf 'error: %s leads nowhere: the hash of the tree and the list of its files disagree\n' "$broken" >&2
            exit 1
          fi
        '';
      }
    );

  /**
    A folder of links to files, or to the files of a whole tree.

    # Type

    ```
    mkTree :: { files :: Null | [{ path :: String; target :: String; }]; tree :: Null | Derivation; ... } -> Derivation
    ```
  */
  mkTree =
    {
      files,
      tree ? null,
      ...
    }@args:
    mkLinks (
      removeAttrs args [
        "files"
        "tree"
      ]
      // (
        if files == null then
          {
            links = [ ];
            copyOf = tree;
          }
        else
          { links = files; }
      )
    );

  /**
    A repository's folder as the Hub's own cache has it.

    Where the list of files is known only once they are fetched, the snapshot
    leads straight to them, and there are no blobs.

    # Type

    ```
    mkRepository :: { revision :: String; refs :: [String]; files :: Null | [{ path; blob; target; }]; tree :: Null | Derivation; ... } -> Derivation
    ```
  */
  mkRepository =
    {
      revision,
      refs,
      files,
      tree ? null,
      ...
    }@args:
    let
      snapshot = "snapshots/${revision}";
      blobs = listToAttrs (map (file: nameValuePair file.blob file.target) files);
    in
    mkLinks (
      removeAttrs args [
        "revision"
        "refs"
        "files"
        "tree"
      ]
      // {
        folders = [
          "blobs"
          "refs"
          "snapshots"
          snapshot
        ];
        # The commit and nothing after it: readers don't strip a line break.
        files = listToAttrs (map (ref: nameValuePair "refs/${ref}" revision) refs);
      }
      // (
        if files == null then
          {
            links = [ ];
            copyOf = tree;
            copyTo = snapshot;
          }
        else
          {
            links =
              map (blob: {
                path = "blobs/${blob}";
                target = blobs.${blob};
              }) (attrNames blobs)
              ++ map (file: {
                path = "${snapshot}/${file.path}";
                target = "../../${up file.path}blobs/${file.blob}";
              }) files;
          }
      )
    );
in
{
  inherit mkRepository mkTree;
}

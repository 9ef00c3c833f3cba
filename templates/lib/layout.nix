/**
  How fetched files are laid out: links only, so that no byte is stored twice.
*/
{ lib, pkgs }:
let
  inherit (builtins) toJSON;
  inherit (lib)
    all
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

  # What the Hub's client keeps of a commit: its files, as they were listed. The
  # Git object of an LFS file is the pointer that stands for it.
  listTree = ''
    separator='{"format_version":1,"files":{'
    while IFS=$'\t' read -r path size blob; do
      printf '%s%s:{"size":%s,' "$separator" "$path" "$size"
      if [ "''${#blob}" -eq 64 ]; then
        printf -v pointer 'version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize %s\n' "$blob" "$size"
        object=$(printf 'blob %s\0%s' "''${#pointer}" "$pointer" | sha1sum)
        printf '"blob_id":"%s","lfs_sha256":"%s","lfs_size":%s}' "''${object%% *}" "$blob" "$size"
      else
        printf '"blob_id":"%s"}' "$blob"
      fi
      separator=,
    done <"$treeListPath" >"trees/$commit.json"
    printf '}}\n' >>"trees/$commit.json"
  '';

  # Loaders of ONNX refuse external data that is a link, or a link elsewhere than
  # the model beside it. What stands as a real file leaves no blob behind, so that
  # nothing keeps the fetched file from being collected.
  materializeLinks = ''
    {
      case $materialize in
        always) find . -path ./blobs -prune -o -type l -print0 ;;
        auto)
          find . -path ./blobs -prune -o -type l \( -name '*.onnx_data*' -o -name '*.onnx.data*' \) -printf '%h\0' | sort -zu |
            xargs -0 -r -I FOLDER find FOLDER -maxdepth 1 -type l \( -name '*.onnx' -o -name '*.onnx_data*' -o -name '*.onnx.data*' \) -print0
          ;;
      esac
    } >"$NIX_BUILD_TOP/real-files"
    if [ -s "$NIX_BUILD_TOP/real-files" ]; then
      while IFS= read -r -d "" path; do
        target=$(readlink -f -- "$path")
        rm -- "$path"
        cp --reflink=auto --no-preserve=mode -- "$target" "$path"
      done <"$NIX_BUILD_TOP/real-files"
      if [ -d blobs ]; then
        find snapshots -type l -printf '%l\n' | sed 's|.*/||' | sort -u >"$NIX_BUILD_TOP/used-blobs"
        find blobs -type l -printf '%f\n' | sort | comm -23 - "$NIX_BUILD_TOP/used-blobs" | sed 's|^|blobs/|' | xargs -d '\n' -r rm --
      fi
    fi
  '';

  # Thousands of names don't fit into an environment or an argument list, so
  # they travel as files, one a line; no path holds a line break.
  mkLinks =
    {
      links,
      folders ? [ ],
      files ? { },
      listing ? [ ],
      copyOf ? null,
      copyTo ? ".",
      finish ? "",
      validate ? "",
      ...
    }@args:
    pkgs.stdenvNoCC.mkDerivation (
      removeAttrs args [
        "links"
        "folders"
        "files"
        "listing"
        "copyOf"
        "copyTo"
        "finish"
        "validate"
      ]
      // optionalAttrs (copyOf != null) { inherit copyOf copyTo; }
      // {
        # `passAsFile` is for plain environments only.
        __structuredAttrs = false;
        passAsFile = [
          "folderList"
          "linkList"
          "fileList"
          "treeList"
          "metadata"
        ]
        ++ args.passAsFile or [ ];
        folderList = lines (
          folders ++ foldersOf (map (link: link.path) links ++ attrNames files)
        );
        linkList = concatMapStrings (link: "${link.target}\n${link.path}\n") links;
        fileList = concatMapStrings (path: "${path}\n${files.${path}}\n") (attrNames files);
        treeList = concatMapStrings (
          file: "${toJSON file.path}\t${toString file.size}\t${file.blob}\n"
        ) listing;
        metadata = args.metadata or "";
        materialize = args.materialize or "never";

        # Links cost nothing to make where their targets are.
        preferLocalBuild = args.preferLocalBuild or true;
        allowSubstitutes = args.allowSubstitutes or false;

        buildCommand = ''
          mkdir -p -- "$out"
          cd -- "$out"
          xargs -d '\n' -r mkdir -p -- <"$folderListPath"
          xargs -d '\n' -r -n 2 -P "''${NIX_BUILD_CORES:-1}" ln -sT -- <"$linkListPath"
          while IFS= read -r path && IFS= read -r content; do
            printf %s "$content" >"./$path"
          done <"$fileListPath"
          if [ -s "$treeListPath" ]; then
            mkdir -p trees
            ${listTree}
          fi
          if [ -n "''${copyOf:-}" ]; then
            cp -rsT --no-preserve=mode -- "$copyOf" "$copyTo"
          fi
          ${finish}
          ${materializeLinks}
          broken=$(find -L . -type l -print -quit)
          if [ -n "$broken" ]; then
            printf 'error: %s leads nowhere: the hash of the tree and the list of its files disagree\n' "$broken" >&2
            exit 1
          fi
          ${validate}
          if [ -s "$metadataPath" ] || [ -n "''${validated:-}" ]; then
            rm -f -- .nix-model-repo-meta.json
          fi
          if [ -s "$metadataPath" ]; then
            cp --no-preserve=mode -- "$metadataPath" .nix-model-repo-meta.json
          elif [ -n "''${validated:-}" ]; then
            # With what the validators found.
            cp --no-preserve=mode -- "$validated/.nix-model-repo-meta.json" .
          fi
        '';
      }
    );

  /**
    A folder of links to files, or to the files of a whole tree. `finish` is what
    else is done there, in bash, once the links are made.

    # Type

    ```
    mkTree :: { files :: Null | [{ path :: String; target :: String; }]; tree :: Null | Derivation; finish :: String; ... } -> Derivation
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
    leads straight to them, and there are no blobs. Where sizes and blobs of all
    files are known, the client finds them listed, and asks no server for them.

    # Type

    ```
    mkRepository :: { revision :: String; refs :: [String]; files :: Null | [{ path; blob; size; target; }]; tree :: Null | Derivation; ... } -> Derivation
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
        commit = revision;
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
            # No list is better than one that lacks files which are there.
            listing = if all (file: file.size != null) files then files else [ ];
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

  /**
    What an impure derivation has fetched, laid out when it is known what that
    is: as a repository's folder, or as a plain one.

    It is impure itself, as all that is made of an impure derivation must be.

    # Type

    ```
    mkFetched :: { fetched :: Derivation; refs :: [String]; isRepository :: Bool; metadata :: String; ... } -> Derivation
    ```
  */
  mkFetched =
    {
      fetched,
      refs,
      isRepository,
      ...
    }@args:
    pkgs.stdenvNoCC.mkDerivation (
      removeAttrs args [
        "refs"
        "isRepository"
      ]
      // {
        __impure = true;
        __structuredAttrs = false;
        passAsFile = [ "refList" ];
        refList = lines refs;
        materialize = args.materialize or "never";
        inherit (fetched) facts;
        preferLocalBuild = true;
        buildCommand =
          ''
            mkdir -p -- "$out"
            cd -- "$out"
            commit=$(<"$facts/commit")
          ''
          + (
            if isRepository then
              ''
                mkdir -p blobs refs trees "snapshots/$commit"
                while IFS= read -r ref; do
                  case $ref in
                    */*) mkdir -p -- "refs/''${ref%/*}" ;;
                  esac
                  printf %s "$commit" >"refs/$ref"
                done <"$refListPath"

                treeListPath=$NIX_BUILD_TOP/tree
                while IFS=$'\t' read -r size digest path; do
                  case $digest in
                    git:*) blob=''${digest#git:} ;;
                    *) blob=$(printf %s "''${digest#sha256-}" | base64 -d | od -An -v -tx1 | tr -d ' \n') ;;
                  esac
                  ln -sfT -- "$fetched/$path" "blobs/$blob"
                  link=snapshots/$commit/$path
                  folders=''${path//[!\/]/}
                  mkdir -p -- "''${link%/*}"
                  ln -sT -- "../../''${folders//\//../}blobs/$blob" "$link"
                  quoted=''${path//\\/\\\\}
                  printf '"%s"\t%s\t%s\n' "''${quoted//\"/\\\"}" "$size" "$blob"
                done <"$facts/files" >"$treeListPath"
                ${listTree}
              ''
            else
              ''
                cp -rsT --no-preserve=mode -- "$fetched" .
              ''
          )
          + materializeLinks
          + ''
            if [ -n "''${validated:-}" ]; then
              metadata=$(<"$validated/.nix-model-repo-meta.json")
            fi
            printf '{"revision":"%s",%s' "$commit" "''${metadata#?}" >.nix-model-repo-meta.json
          '';
      }
    );
in
{
  inherit mkFetched mkRepository mkTree;
}

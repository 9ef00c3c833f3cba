/**
  What the sources of git repositories have in common: their files come by git
  and by the API of Git LFS, whatever keeps the content there.
*/
{
  lib,
  pkgs,
  types ? import ./types.nix { inherit lib; },
  fetchers ? import ../fetchers,
  fetching ? import ./fetching.nix { inherit lib pkgs fetchers types; },
}:
let
  inherit (builtins) elemAt head match;
  inherit (lib)
    filterAttrs
    length
    mapAttrsToList
    optional
    removeSuffix
    splitString
    ;

  host = pkgs.buildPackages;

  orDefault = default: value: if value == null then default else value;

  # The parts of an address: scheme, host, path.
  partsOf =
    url:
    let
      address = match "([a-z]+)://([^/@]*@)?([^/]*)/(.*)" url;
      scp = match "([^/@]*@)?([^/:]*):(.*)" url;
    in
    if address != null then
      {
        scheme = head address;
        host = elemAt address 2;
        path = elemAt address 3;
      }
    else
      {
        scheme = "ssh";
        host = elemAt scp 1;
        path = elemAt scp 2;
      };

  # A host's usual token is for that host, and for no other that a definition
  # names.
  usualTokens = {
    "github.com" = "GITHUB_TOKEN";
    "gitlab.com" = "GITLAB_TOKEN";
    "huggingface.co" = "HF_TOKEN";
  };
  usualTokenOf =
    sourceConfig:
    let
      parts = partsOf sourceConfig.url;
    in
    if parts.scheme == "https" then usualTokens.${parts.host} or "" else "";

  # The Hub parts names with `--` in its cache.
  nameOf =
    text:
    if match "[A-Za-z0-9_][A-Za-z0-9_.-]{0,95}" text != null && match ".*(--|[.][.]).*" text == null then
      text
    else
      null;

  # What a repository is called and where its page is.
  extractMeta =
    kind: sourceConfig:
    let
      parts = partsOf sourceConfig.url;
      path = removeSuffix ".git" (removeSuffix "/" parts.path);
      segments = splitString "/" path;
      segmentAt = n: if n < 0 then null else nameOf (elemAt segments n);
      repo = if parts.scheme == "file" then path else "${parts.host}/${path}";
    in
    {
      sourceType = kind;
      type = "model";
      inherit repo;
      org = segmentAt (length segments - 2);
      model = segmentAt (length segments - 1);
      revision = sourceConfig.rev;
      homepage = if parts.scheme == "https" then "https://${repo}" else null;
    };

  variablesOf =
    { locked, sourceConfig, ... }:
    filterAttrs (_: value: value != null) {
      fetch_endpoint = orDefault sourceConfig.url (locked.endpoint or null);
      fetch_storage = orDefault (sourceConfig.xet.endpoint or null) (locked.storage or null);
      fetch_subdir = sourceConfig.subdir or null;
      fetch_repo = locked.repo;
      fetch_revision = locked.revision;
      fetch_usual_token = usualTokenOf sourceConfig;
    };

  /**
    The adapter of a kind of source that is a git repository.

    # Type

    ```
    mkRepositoryAdapter :: { kind :: String; fetcher :: String; } -> AttrSet
    ```

    # Example

    ```nix
    mkRepositoryAdapter { kind = "git-lfs"; fetcher = fetchers.git-lfs; }
    => { mkFileDerivation = …; … }
    ```
  */
  mkRepositoryAdapter =
    { kind, fetcher }:
    fetching.mkAdapter {
      inherit kind fetcher variablesOf;
      extractMeta = extractMeta kind;
      tools = [
        host.gitMinimal
        host.jq
      ];
      usualVariables =
        sourceConfig:
        let
          name = usualTokenOf sourceConfig;
        in
        optional (name != "") name;
      byBlob = true;
    }
    // {
      # Without a lock, the commit is stated, and git says what the files are.
      resolve =
        {
          sourceConfig,
          fileHashes ? { },
        }:
        {
          inherit (extractMeta kind sourceConfig) repo;
          revision = sourceConfig.rev;
          files = mapAttrsToList (path: hash: {
            inherit path;
            sha256 = types.normalizeHash hash;
          }) fileHashes;
        };
    };
in
{
  inherit mkRepositoryAdapter;
}

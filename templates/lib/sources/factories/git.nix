/**
  Git repositories.
*/
{ lib }:
let
  inherit (builtins) replaceStrings;
  inherit (lib)
    elemAt
    filterAttrs
    head
    isString
    listToAttrs
    nameValuePair
    optionalAttrs
    removePrefix
    removeSuffix
    splitString
    ;

  withoutNulls = filterAttrs (_: value: value != null);

  /**
    A function that makes sources of git repositories below one address.

    The result takes a repository's name, or an attribute set with `repo` and
    further attributes of `source.git-lfs`. Without a `rev`, it is the default
    branch.

    # Type

    ```
    mkGitLfs :: { baseUrl :: String; } -> (String | AttrSet) -> AttrSet
    ```

    # Example

    ```nix
    mkGitLfs { baseUrl = "https://github.com/example"; } {
      repo = "models";
      rev = "v1.0";
      subdir = "bert";
    }
    => { git-lfs = { rev = "v1.0"; subdir = "bert"; url = "https://github.com/example/models"; }; }
    ```
  */
  mkGitLfs =
    { baseUrl, ... }@common:
    request:
    let
      own = if isString request then { repo = request; } else request;
    in
    {
      git-lfs = withoutNulls (
        {
          rev = "HEAD";
        }
        // removeAttrs common [ "baseUrl" ]
        // removeAttrs own [ "repo" ]
        // {
          url = "${removeSuffix "/" baseUrl}/${own.repo}";
        }
      );
    };

  /**
    A function that makes sources of git repositories whose content one Xet
    server has.

    # Type

    ```
    mkGitXet :: { endpoint :: String; } -> AttrSet -> AttrSet
    ```

    # Example

    ```nix
    mkGitXet { endpoint = "https://xet.example.com"; } {
      url = "https://github.com/example/models";
      rev = "main";
    }
    => { git-xet = { rev = "main"; url = "https://github.com/example/models"; xet.endpoint = "https://xet.example.com"; }; }
    ```
  */
  mkGitXet =
    {
      endpoint ? null,
      ...
    }@common:
    request: {
      git-xet = withoutNulls (
        optionalAttrs (endpoint != null) { xet = { inherit endpoint; }; }
        // removeAttrs common [ "endpoint" ]
        // request
      );
    };

  # `git+URL?rev=…&subdir=…`
  ofRepository =
    groups:
    let
      query = elemAt groups 2;
      decode = replaceStrings [ "%2F" "%2f" "%20" "%2B" "%25" ] [ "/" "/" " " "+" "%" ];
      parameters = map (
        part:
        let
          pair = splitString "=" part;
        in
        nameValuePair (head pair) (decode (removePrefix "${head pair}=" part))
      ) (if query == null || query == "" then [ ] else splitString "&" query);
    in
    {
      git-lfs = {
        url = elemAt groups 0;
        rev = "HEAD";
      }
      // listToAttrs parameters;
    };
in
{
  factories = {
    inherit mkGitLfs mkGitXet;
  };

  specs = [
    {
      pattern = "git[+]([^?]+)([?](.*))?";
      sourceOf = ofRepository;
    }
  ];
}

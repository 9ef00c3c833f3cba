# shellcheck shell=bash
# One file, or the files of a list, each at an address of its own.
#
# fetch_path, fetch_size, fetch_sha256, fetch_url: the file; or
# fetch_filesPath: a list of lines, each with its address

# shellcheck source-path=SCRIPTDIR source=common.sh
. "${fetch_common:?}"

subject_name=${fetch_name:-$(public "${fetch_url:-an address}")}

# describe [PATH]: what errors are about
describe() {
  subject=("Source:   url")
  if [ -n "${1:-}" ]; then
    subject+=("File:     $(shown "$1")")
  fi
}

# explain LINE...: an address says nothing of what is behind it
explain() {
  case $http_status in
    401 | 403)
      if [ -n "$answered_at" ] && [ "$(origin_of "$answered_at")" != "$(origin_of "$place_url")" ]; then
        fail "HTTP $http_status: the storage behind the address refuses" "$@" \
          "The address leads to $(public "$answered_at")" -- \
          "Try again: links to storage expire" "If it stays so, ask those who run $(origin_of "$place_url")"
      fi
      fail "HTTP $http_status: the server asks for other credentials" "$@" -- "${token_steps[@]}"
      ;;
    404 | 410) fail "HTTP $http_status: there is no such file any more" "$@" -- \
      "Open the address in a browser" \
      "If the file has moved: change its address in the manifest, and lock the model again (nixgen lock)" \
      "What was built once can be had from a binary cache or a mirror: network.mirrors" ;;
  esac
}

url_at() {
  printf %s "${file_urls["$2"]:-}"
}

# go_to_source ENDPOINT PATH: a token goes to the one server of all addresses;
# passwords belong to hosts, and are looked up for each address
go_to_source() {
  place_url=${file_urls["$2"]:-}
  if [ "$place_kind" != source ] || [ -z "$place_url" ]; then
    return 1 # a mirror of a Hub knows nothing of it
  fi
  if [ -z "$authorization" ] && [ -n "${fetch_netrc_file:-}" ] && netrc_of "$(host_of "$place_url")"; then
    tell_basic
    place_config="header = \"Authorization: $(quoted "$basic")\""$'\n'
  fi
}

# The server that all addresses are of; empty where there are several.
fetch_endpoint=
tell_endpoint() {
  local url origin
  if [ -n "${fetch_url:-}" ]; then
    fetch_endpoint=$(origin_of "$fetch_url")
    return
  fi
  while IFS=$'\t' read -r _ _ _ _ _ url _; do
    if ! [[ $url =~ ^=(https?://[^/?]+) ]]; then
      continue
    fi
    origin=${BASH_REMATCH[1]}
    if [ -n "$fetch_endpoint" ] && [ "$origin" != "$fetch_endpoint" ]; then
      fetch_endpoint=
      return
    fi
    fetch_endpoint=$origin
  done <"${fetch_filesPath:?}"
}

# load_credentials: as `load_token`, but a token for several servers is none
load_credentials() {
  local netrc=${fetch_netrc_file:-}
  if [ -z "${fetch_token_variable:-}" ]; then
    token_steps=(
      "If the file can be had by some only: name the variable that holds a token in auth.tokenEnvVar, or a file in auth.tokenFile"
      "A user name and a password belong into a netrc file: auth.netrcFile"
      "Let builds read these files: extra-sandbox-paths in nix.conf"
    )
  fi
  if [ -n "$fetch_endpoint" ]; then
    load_token ''
    return
  fi
  if [ -n "$netrc" ]; then
    fetch_token_required=
  fi
  fetch_netrc_file=
  load_token ''
  fetch_netrc_file=$netrc
  if [ -n "$token" ]; then
    fail "The token would go to several servers" "It belongs to one of them." -- \
      "Make a model of each server's files" "Or keep passwords by host in the file that auth.netrcFile names"
  fi
}

describe "${fetch_path:-}"
tell_endpoint
load_credentials
list_places
fetch_locked

# shellcheck shell=bash
# Files of a model of an MLflow tracking server.
#
# fetch_endpoint: the tracking server
# fetch_storage: where the files are: below a URL of an artifact proxy, unless
#                each file has a URL of its own
# fetch_model, fetch_model_version: what errors are about
# fetch_path and so on, or fetch_filesPath: what is fetched; see common/run.sh
# MLFLOW_TRACKING_USERNAME, MLFLOW_TRACKING_PASSWORD, MLFLOW_TRACKING_TOKEN: for
#                the server that MLFLOW_TRACKING_URI names, and no other

# shellcheck source-path=SCRIPTDIR source=common.sh
. "${fetch_common:?}"

: "${fetch_endpoint:=}" "${fetch_storage:=}" "${fetch_model_version:=}"

subject_name=${fetch_model:?}

# describe [PATH]: what errors are about
describe() {
  subject=(
    "Source:   mlflow"
    "Server:   $(public "$fetch_endpoint")"
    "Model:    $(shown "$fetch_model")${fetch_model_version:+, version $(printable "$fetch_model_version")}"
  )
  if [ -n "${1:-}" ]; then
    subject+=("File:     $(shown "$1")")
  fi
}

# url_at ENDPOINT PATH: the address of a file
url_at() {
  printf %s "${file_urls["$2"]:-${fetch_storage%/}/$(url_encode "$2")}"
}

# go_to_source ENDPOINT PATH: a mirror of a Hub knows nothing of the model
go_to_source() {
  place_url=$(url_at "$1" "$2")
  [ "$place_kind" = source ]
}

# ── Credentials ─────────────────────────────────────────────────────────────

# is_own_server: whether MLFLOW_TRACKING_URI names the server. One that only the
# definition names gets only what the definition names too: whoever writes
# definitions must not be sent the password of whoever builds them.
is_own_server() {
  local own=${MLFLOW_TRACKING_URI:-}
  while [[ $own == */ ]]; do
    own=${own%/}
  done
  [ -n "$fetch_endpoint" ] && [ "$own" = "$fetch_endpoint" ]
}

# keeps_apart: whether the files are at another server than the tracking server,
# which then has no business with the credentials
keeps_apart() {
  case $fetch_storage in
    http://* | https://*) [ "$(origin_of "$fetch_storage")" != "$(origin_of "$fetch_endpoint")" ] ;;
    *) return 1 ;; # by the tracking server's own addresses; see check_addresses
  esac
}

# check_addresses: a lock is anybody's text, so addresses of files must be the
# tracking server's
check_addresses() {
  local url
  if [ -n "${fetch_url:-}" ]; then
    check_address "$fetch_url"
    return
  fi
  if [ -n "${fetch_filesPath:-}" ]; then
    while IFS=$'\t' read -r _ _ _ _ _ url _; do
      case $url in
        '='?*) check_address "${url#=}" ;;
      esac
    done <"$fetch_filesPath"
  fi
}

check_address() {
  if [ "$(origin_of "$1")" != "$(origin_of "$fetch_endpoint")" ]; then
    fail "A file is said to be at another server" "It is at $(public "$1")" -- \
      "Lock the model again: nixgen update"
  fi
}

# load_credentials: the token that the definition names, or the password of its
# netrc file; else the user and the password, else the token, of the environment
load_credentials() {
  local user='' password='' usual=MLFLOW_TRACKING_TOKEN required=${fetch_token_required:-}
  if is_own_server; then
    user=${MLFLOW_TRACKING_USERNAME:-} password=${MLFLOW_TRACKING_PASSWORD:-}
    token_steps=(
      "Without a Nix daemon: export MLFLOW_TRACKING_USERNAME=… MLFLOW_TRACKING_PASSWORD=…, or MLFLOW_TRACKING_TOKEN=…, and build again"
      "With a Nix daemon: builds see its environment and not yours, so set them there (EnvironmentFile= of nix-daemon.service)"
      "Or name a file in auth.tokenFile, and let builds read it: extra-sandbox-paths in nix.conf"
    )
  else
    usual=
    token_steps=(
      "Set MLFLOW_TRACKING_URI=$(public "$fetch_endpoint") where this is built: MLFLOW_TRACKING_USERNAME, _PASSWORD and _TOKEN are for the server that it names"
      "Or name a token's variable in auth.tokenEnvVar, or a file in auth.tokenFile and let builds read it: extra-sandbox-paths in nix.conf"
    )
  fi
  if { [ -n "$user" ] && [ -n "$password" ]; } || { [ -n "${fetch_netrc_file:-}" ] && netrc_of "$(host_of "$fetch_endpoint")"; }; then
    usual=
  fi
  fetch_token_required=
  load_token "$usual"
  unset MLFLOW_TRACKING_USERNAME MLFLOW_TRACKING_PASSWORD MLFLOW_TRACKING_TOKEN
  if [ -z "$token" ] && [ -n "$user" ] && [ -n "$password" ]; then
    netrc_login=$user netrc_password=$password token=$password
    tell_basic
    authorization=$basic
  fi
  fetch_token_required=$required
  if [ -z "$token" ] && [ -n "$required" ]; then
    fail "There are no credentials" "This model's auth.required is true, so nothing was asked for." -- "${token_steps[@]}"
  fi
}

# ── Errors ──────────────────────────────────────────────────────────────────

# explain LINE...: what the server's answers mean
explain() {
  local own='the tracking server'
  if [ -n "$answered_at" ] && [ "$(origin_of "$answered_at")" != "$(origin_of "$fetch_endpoint")" ]; then
    own="$(printable "$(origin_of "$answered_at")")"
  fi
  case $http_status in
    401)
      if [ -n "$token" ]; then
        fail "HTTP 401: $own does not take the credentials" "$@" -- "Renew them where this is built" "${token_steps[@]}"
      fi
      fail "HTTP 401: $own asks for credentials" "$@" -- "${token_steps[@]}"
      ;;
    403) fail "HTTP 403: $own forbids to read this file" "$@" -- \
      "Ask those who run it for the permission to read the model" "${token_steps[@]}" ;;
    404 | 410) fail "HTTP $http_status: there is no such file any more" "$@" -- \
      "Look at the model's artifacts on $(public "$fetch_endpoint")" \
      "Lock the model again: nixgen update" \
      "What was built once can be had from a binary cache or a mirror: network.mirrors" ;;
    500) fail "HTTP 500: $own can not hand out this file" "$@" \
      "An MLflow server fails like this where the artifact is gone, or where it can't reach its store." -- \
      "Look at the model's artifacts on $(public "$fetch_endpoint")" \
      "Lock the model again: nixgen update" ;;
    503) fail "HTTP 503: $own does not hand out artifacts now" "$@" \
      "It may be busy, or run with --no-serve-artifacts." -- "Try again later" ;;
  esac
}

describe "${fetch_path:-}"
if keeps_apart; then
  unset MLFLOW_TRACKING_USERNAME MLFLOW_TRACKING_PASSWORD MLFLOW_TRACKING_TOKEN
else
  check_addresses
  load_credentials
fi
list_places
fetch_locked

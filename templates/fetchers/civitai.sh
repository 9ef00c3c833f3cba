# shellcheck shell=bash
# Files of a version of a model on Civitai.
#
# fetch_endpoint, fetch_id: the site, and `MODEL@VERSION`, or the version alone
# fetch_path, fetch_size, fetch_sha256, fetch_object: the file, and its number; or
# fetch_filesPath: a list of lines, each with its file's number

# shellcheck source-path=SCRIPTDIR source=common.sh
. "${fetch_common:?}"

: "${fetch_id:?}"
site_version=${fetch_id##*@}
site_page=${fetch_endpoint:?}/model-versions/$site_version
subject_name="version $site_version on Civitai"

# The site's storage says now and then that a file isn't there which is.
# shellcheck disable=SC2034 # failures.sh reads it
transient_statuses=404
# shellcheck disable=SC2034 # lanes.sh reads it
page_hint="It is a page (text/html): the site asks to log in, or the token isn't accepted."

# describe [PATH]: what errors are about
describe() {
  subject=(
    "Source:   civitai"
    "Version:  $(printable "$fetch_id")"
  )
  if [ -n "${1:-}" ]; then
    subject+=("File:     $(shown "$1")")
  fi
}

# explain LINE...
explain() {
  case $http_status in
    401) fail "HTTP 401: the site asks to log in" "$@" \
      "Many creators let only those download who are logged in." -- \
      "Make a token: $fetch_endpoint/user/account" "${token_steps[@]}" ;;
    403)
      if [ "$(origin_of "$answered_at")" != "$(origin_of "$place_url")" ]; then
        fail "HTTP 403: the site's storage refuses its own link" "$@" -- "Try again: links expire" "Look at $site_page"
      fi
      fail "HTTP 403: the site refuses the download" "$@" \
        "The version may be in early access, or the account of the token without it." -- \
        "Look at $site_page, logged in as the token's owner" "${token_steps[@]}"
      ;;
    404) fail "HTTP 404: the file isn't there" "$@" "It was asked for $fetch_max_attempts times, since the site's storage fails now and then." -- \
      "Try again in some minutes" "Look at $site_page" "If the version was taken down: choose another, and lock again (nixgen lock)" ;;
    410) fail "HTTP 410: the model is archived" "$@" -- \
      "What was built once can be had from a binary cache or a mirror: network.mirrors" \
      "Otherwise choose another version: $site_page" ;;
    429) fail "HTTP 429: the site limits the rate" "$@" -- "Try again in some minutes." "${token_steps[@]}" ;;
  esac
}

# Without the file's number the site would choose one by the preferences of who asks.
url_at() {
  printf %s "$1/api/download/models/$site_version?fileId=$(url_encode "${file_objects["$2"]:-}")"
}

describe "${fetch_path:-}"
load_token "${fetch_usual_token:-}"
list_places
fetch_locked

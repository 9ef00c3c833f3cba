# shellcheck shell=bash
# One layer, or several layers, of an artifact in a registry. Layers are blobs,
# which their hashes name.
#
# fetch_endpoint, fetch_repo: what and where
# fetch_path, fetch_size, fetch_sha256, fetch_blob: the file; or
# fetch_filesPath: a list of lines with the same, see common/trees.sh
# fetch_discovers: the hash is not known yet
#
# Parts: registries

# shellcheck source-path=SCRIPTDIR source=common.sh
. "${fetch_common:?}"

# shellcheck disable=SC2034 # common.sh says it
subject_name=${fetch_repo:?}

# describe [PATH]: what errors are about
describe() {
  # shellcheck disable=SC2034 # common.sh says it
  subject=(
    "Source:   oci"
    "Name:     $(printable "$fetch_repo")"
    "Registry: $(public "${fetch_endpoint:?}")"
  )
  if [ -n "${1:-}" ]; then
    subject+=("File:     $(shown "$1")")
  fi
}

exchange_credentials() {
  enter_registry "$fetch_endpoint" "$fetch_repo"
}

explain() {
  explain_registry "$@"
}

# url_at ENDPOINT PATH: the address of a file
url_at() {
  blob_url "$1" "$fetch_repo" "$2"
}

describe "${fetch_path:-}"
load_token "${fetch_usual_token:-}"
list_places
fetch_locked

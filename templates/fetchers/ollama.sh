# shellcheck shell=bash
# One layer, or all layers, of a model in a registry of Ollama's. Layers are
# blobs, which their hashes name.
#
# fetch_endpoint, fetch_repo: what and where
# fetch_path, fetch_size, fetch_sha256, fetch_blob: the file; or
# fetch_filesPath: a list of lines with the same, see common/trees.sh
# fetch_textsPath: files that the lock keeps itself
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
    "Source:   ollama"
    "Model:    $(printable "$fetch_repo")"
    "Registry: $(public "${fetch_endpoint:?}")"
  )
  if [ -n "${1:-}" ]; then
    subject+=("File:     $(shown "$1")")
  fi
}

# Ollama's own registry lets anybody read, and wants keys of a kind that only
# Ollama has for the rest.
exchange_credentials() {
  if [ "$fetch_endpoint" != https://registry.ollama.ai ]; then
    enter_registry "$fetch_endpoint" "$fetch_repo"
  fi
}

explain() {
  if [ "$http_status:$fetch_endpoint" = 401:https://registry.ollama.ai ]; then
    fail "HTTP 401: this model is private, or does not exist" "$@" \
      "Private models are for those who have one of their owner's keys, which no build has." -- \
      "Look at https://ollama.com/$(printable "$fetch_repo")"
  fi
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

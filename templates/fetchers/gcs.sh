# shellcheck shell=bash
# Objects of a bucket of Google Cloud Storage, each in the generation that was
# locked, through the JSON API.
#
# fetch_endpoint: the server
# fetch_repo: the bucket, and what the objects' names begin with
# fetch_own_server: whether the credentials of whoever builds are for it
#
# Parts: clouds

# shellcheck source-path=SCRIPTDIR source=common.sh
. "${fetch_common:?}"

bucket=${fetch_repo:?}
bucket=${bucket%%/*}
subject_name=gs://$(shown "$fetch_repo")

token_steps=(
  "Without a Nix daemon: export GOOGLE_APPLICATION_CREDENTIALS=… (a file) or GOOGLE_OAUTH_ACCESS_TOKEN=… and build again"
  "With a Nix daemon: builds see its environment and not yours, so set them there (EnvironmentFile= of nix-daemon.service)"
  "Or name a service account's key file in auth.gcpServiceAccountKey; builds must be let read files: extra-sandbox-paths in nix.conf"
)
if [ -z "${fetch_own_server:-}" ]; then
  token_steps=(
    "Name a file in auth.gcpServiceAccountKey, or a variable in auth.tokenEnvVar: the machine's own credentials are not sent to a server that only the manifest names"
    "Let builds read the file: extra-sandbox-paths in nix.conf"
  )
fi

# describe [PATH]: what errors are about
describe() {
  subject=(
    "Source:   gcs"
    "Bucket:   $bucket"
  )
  if [ -n "${1:-}" ]; then
    subject+=("Object:   $(shown "$(key_of "$1")")")
    if [ -n "${file_versions["$1"]:-}" ]; then
      subject+=("Generation: $(printable "${file_versions["$1"]}")")
    fi
  fi
}

# What the statuses of Cloud Storage mean.
explain() {
  case $http_status in
    400) fail "HTTP 400: Cloud Storage refuses the request" "$@" \
      "A bucket with Requester Pays answers like this: requests must name who pays." -- \
      "Copy the model into a bucket of your own, and lock it from there" ;;
    401)
      if [ -n "$authorization" ]; then
        fail "HTTP 401: the credentials are not accepted" "$@" \
          "A token that expired or was revoked is refused for public buckets too." -- "${token_steps[@]}"
      fi
      fail "HTTP 401: this bucket is not public, or does not exist" "$@" -- "${token_steps[@]}"
      ;;
    403) fail "HTTP 403: the credentials don't open this bucket" "$@" -- \
      "Give their account the role Storage Object Viewer (roles/storage.objectViewer) on gs://$bucket" "${token_steps[@]}" ;;
    404 | 412) fail "HTTP $http_status: this generation of the object does not exist any more" "$@" \
      "It was written anew or deleted, and the bucket doesn't keep old versions (object versioning)." -- \
      "Look what there is: gcloud storage ls --all-versions $subject_name" \
      "Lock the model again: nixgen update" ;;
    429) fail "HTTP 429: Cloud Storage limits the rate" "$@" -- "Try again in some minutes." ;;
  esac
}

# key_of PATH: the object's name
key_of() {
  local key=${file_objects["$1"]:-}
  if [ -z "$key" ]; then
    key=$fetch_repo/$1
    key=${key#"$bucket/"}
  fi
  printf %s "$key"
}

# url_at ENDPOINT PATH
url_at() {
  gcs_address "$1" "$bucket" "$(key_of "$2")" "${file_versions["$2"]:-}"
}

# ── Credentials ─────────────────────────────────────────────────────────────

# Behind what the manifest names, the order of Google's own programs.
find_service_token() {
  find_google_credentials "${fetch_gcp_key:-}" "${fetch_own_server:-}"
  token=$google_token service_expires=$google_expires
}

# The account of a machine in Google's cloud, once nobody else is let in.
find_last_token() {
  if [ -n "${fetch_own_server:-}" ] && [ -z "$google_machine" ]; then
    google_machine=1
    find_credentials
  fi
  [ -n "$authorization" ]
}

usual=${fetch_usual_token:-}
if [ -n "${fetch_gcp_key:-}" ]; then
  usual= # what the manifest names goes first
fi
describe "${fetch_path:-}"
load_token "$usual"
list_places
fetch_locked

# shellcheck shell=bash
# Blobs of a container of Azure Storage, each in the version that was locked
# where the account keeps versions.
#
# fetch_endpoint: the address of the account's blobs
# fetch_repo: the account, the container, and what the blobs' names begin with
# fetch_own_server: whether the credentials of whoever builds are for it
#
# Parts: clouds

# shellcheck source-path=SCRIPTDIR source=common.sh
. "${fetch_common:?}"

account=${fetch_repo:?}
account=${account%%/*}
container=${fetch_repo#"$account/"}
container=${container%%/*}
subject_name=az://$(shown "$fetch_repo")
# shellcheck disable=SC2034 # the engine looks at it
hides_private=1

token_steps=(
  "Without a Nix daemon: export AZURE_STORAGE_ACCOUNT=$account and AZURE_STORAGE_SAS_TOKEN=… (or AZURE_STORAGE_KEY) and build again"
  "With a Nix daemon: builds see its environment and not yours, so set them there (EnvironmentFile= of nix-daemon.service)"
  "Or name a file that holds a signature or a token in auth.tokenFile, and let builds read it: extra-sandbox-paths in nix.conf"
)
if [ -z "${fetch_own_server:-}" ]; then
  token_steps=(
    "Name a variable in auth.tokenEnvVar: the machine's own credentials are not sent to a server that only the manifest names"
    "${token_steps[2]}"
  )
fi

# describe [PATH]: what errors are about
describe() {
  subject=(
    "Source:   azure"
    "Account:  $account"
    "Container: $container"
  )
  if [ -n "${1:-}" ]; then
    subject+=("Blob:     $(shown "$(key_of "$1")")")
    if [ -n "${file_versions["$1"]:-}" ]; then
      subject+=("Version:  $(printable "${file_versions["$1"]}")")
    fi
  fi
}

# What the statuses of Blob Storage mean.
explain() {
  local code
  code=$(printable "$(header x-ms-error-code)")
  if [ -n "$code" ]; then
    set -- "The server says: $code" "$@"
  fi
  if [ -z "$authorization$signature" ]; then
    case $http_status:$code in
      401:* | 403:* | 409:* | 404:ResourceNotFound | 404:ContainerNotFound)
        fail "HTTP $http_status: this container is not public, or does not exist" "$@" -- "${token_steps[@]}"
        ;;
    esac
  fi
  case $http_status:$code in
    401:* | 403:AuthenticationFailed | 403:InvalidAuthenticationInfo)
      fail "HTTP $http_status: the credentials are not accepted" "$@" \
        "A signature ends, and is for one account; a key may have been exchanged for another." -- "${token_steps[@]}"
      ;;
    403:*) fail "HTTP 403: the credentials don't open this container" "$@" -- \
      "Give the identity the role Storage Blob Data Reader, or make the signature with the permission to read" "${token_steps[@]}" ;;
    404:ContainerNotFound) fail "HTTP 404: there is no such container" "$@" -- "Look for a misspelt name: $container" ;;
    404:*) fail "HTTP 404: this version of the blob does not exist any more" "$@" \
      "It was written anew or deleted, and the account doesn't keep old versions." -- \
      "Lock the model again: nixgen update" ;;
  esac
}

# key_of PATH: the blob's name
key_of() {
  local key=${file_objects["$1"]:-}
  if [ -z "$key" ]; then
    key=$fetch_repo/$1
    key=${key#"$account/$container/"}
  fi
  printf %s "$key"
}

# url_at ENDPOINT PATH
url_at() {
  local version=${file_versions["$2"]:-}
  printf %s "$1/$(url_encode "$container")/$(url_encode "$(key_of "$2")")${version:+?versionid=$(url_encode "$version")}"
}

# The address stands in an argument of curl, so a signature is added to it by
# curl; and what curl reports of the address is left out, since it is written to
# a file.
go_to_source() {
  place_url=$(url_at "$1" "$2")
  place_config='header = "x-ms-version: 2021-12-02"'$'\n'
  if [ -z "$authorization" ]; then
    find_signature
  fi
  if [ -n "$signature" ]; then
    place_config+="url-query = \"+$(quoted "$signature")\""$'\n'
    place_config+='write-out = "%{stderr}%{http_code}\n%{http_connect}\n%{size_download}\n'"$(origin_of "$place_url")"'/\n%{errormsg}\n"'$'\n'
    place_config+='max-redirs = 0'$'\n'
  fi
}

# ── Credentials ─────────────────────────────────────────────────────────────

signature=          # a shared access signature: a query
signature_expires=0 # seconds since the epoch; 0 where it was given
account_key=

# field_of TEXT NAME: of a connection string
field_of() {
  local field
  while IFS= read -r -d ';' field || [ -n "$field" ]; do
    if [[ ${field,,} == "${2,,}="* ]]; then
      printf %s "${field#*=}"
      return
    fi
  done <<<"$1"
}

# What the environment held for this account. It is unset, so that no child has it.
if [ -n "${fetch_own_server:-}" ]; then
  connection=$(trimmed "${AZURE_STORAGE_CONNECTION_STRING:-}")
  if [ "$(field_of "$connection;" AccountName)" = "$account" ]; then
    account_key=$(field_of "$connection;" AccountKey)
    signature=$(field_of "$connection;" SharedAccessSignature)
  elif [ "${AZURE_STORAGE_ACCOUNT:-}" = "$account" ]; then
    account_key=$(trimmed "${AZURE_STORAGE_KEY:-}")
    signature=$(trimmed "${AZURE_STORAGE_SAS_TOKEN:-}")
  fi
  unset connection
fi
unset AZURE_STORAGE_CONNECTION_STRING AZURE_STORAGE_KEY AZURE_STORAGE_SAS_TOKEN

# find_signature: makes one of the account's key, for an hour ("Create a service
# SAS" of the vendor's manual)
find_signature() {
  local seconds expiry text TZ=UTC0
  printf -v seconds '%(%s)T' -1
  if [ -z "$account_key" ] || [ "$seconds" -lt $((signature_expires - 600)) ]; then
    return 0
  fi
  signature_expires=$((seconds + 3600))
  printf -v expiry '%(%Y-%m-%dT%H:%M:%SZ)T' "$signature_expires"
  printf -v text 'r\n\n%s\n/blob/%s/%s\n\n\n\n2020-12-06\nc\n\n\n\n\n\n\n' "$expiry" "$account" "$container"
  hmac "$(base64 -d <<<"$account_key" 2>/dev/null | od -An -v -tx1 | tr -d ' \n')" "$text"
  text=$(hex_to_sri "$mac")
  text=$(url_encode "${text#sha256-}")
  signature="sp=r&se=${expiry//:/%3A}&sv=2020-12-06&sr=c&sig=${text//\//%2F}"
  hide "$signature" "${signature##*sig=}"
}

# An application of Entra, where nothing else was given.
on_machine= # whether this machine's own identity is asked for
find_service_token() {
  if [ -z "${fetch_own_server:-}" ] || [ -n "$account_key$signature" ]; then
    return 0
  elif ! find_entra_token && [ -n "$on_machine${fetch_token_required:-}" ]; then
    find_entra_machine_token || :
  fi
  token=$entra_token service_expires=$entra_expires
}

# The identity of a machine in Azure, once nobody else is let in.
find_last_token() {
  if [ -n "${fetch_own_server:-}" ] && [ -z "$on_machine$signature" ]; then
    on_machine=1
    find_credentials
  fi
  [ -n "$authorization" ]
}

# A token of the manifest's may be a signature.
find_source_credentials() {
  if [ -n "$account_key$signature" ] && [ -z "${fetch_token_file:-}${fetch_token_variable:-}${fetch_auth_script:-}${fetch_token_command:-}" ]; then
    fetch_token_required=
  fi
  load_token ''
  case $token in
    *sig=*)
      signature=${token#\?}
      token='' authorization=''
      ;;
  esac
  signature=${signature#\?}
  check_text "$signature" "the shared access signature"
  hide "$signature" "${signature##*sig=}" "$account_key"
}

describe "${fetch_path:-}"
find_source_credentials
list_places
fetch_locked

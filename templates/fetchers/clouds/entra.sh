# shellcheck shell=bash
# Access tokens of Microsoft Entra for Azure Storage.

entra_token=
# shellcheck disable=SC2034 # fetchers look at it
entra_expires=0 # seconds since the epoch at which it ends

entra_secret=${AZURE_CLIENT_SECRET:-}
entra_machine_secret=${IDENTITY_HEADER:-}
unset AZURE_CLIENT_SECRET IDENTITY_HEADER

# take_entra_token ANSWER WHERE: sets both by what was answered; fails where there
# is no token in it. Some servers state seconds, others when it ends, and some
# either as text.
take_entra_token() {
  local seconds lasts='' ends=''
  # shellcheck disable=SC2034 # fetchers look at it
  entra_token='' entra_expires=0
  {
    IFS= read -r entra_token && IFS= read -r lasts && IFS= read -r ends
  } < <(printf %s "$1" | jq -r '(.access_token | strings), (.expires_in | tostring), (.expires_on | tostring)' 2>/dev/null) || :
  if [ -z "$entra_token" ]; then
    return 1
  fi
  check_text "$entra_token" "$2"
  hide "$entra_token"
  printf -v seconds '%(%s)T' -1
  # shellcheck disable=SC2034 # fetchers look at it
  if decimal "$lasts"; then
    entra_expires=$((seconds + lasts))
  elif decimal "$ends"; then
    entra_expires=$ends
  else
    entra_expires=$((seconds + 3000))
  fi
}

# find_entra_token: that of the application whose secret, or whose federated
# token, the variables state ("Microsoft identity platform and the OAuth 2.0
# client credentials flow"); fails where they state none
find_entra_token() {
  local host=${AZURE_AUTHORITY_HOST:-https://login.microsoftonline.com} tenant=${AZURE_TENANT_ID:-} client=${AZURE_CLIENT_ID:-}
  local file=${AZURE_FEDERATED_TOKEN_FILE:-} url answer status=0 proof=()
  # shellcheck disable=SC2034 # fetchers look at it
  entra_token='' entra_expires=0
  if [ -z "$tenant" ] || [ -z "$client" ]; then
    return 1
  elif [ -n "$entra_secret" ]; then
    proof=("client_secret=$entra_secret")
  elif [ -n "$file" ] && [ -r "$file" ]; then
    proof=("client_assertion=$(<"$file")" "client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
  else
    if [ -n "$file" ]; then
      sandbox_hint "the federated token" "$file"
    fi
    return 1
  fi
  url=${host%/}/$(url_encode "$tenant")/oauth2/v2.0/token
  request_options "$url"
  answer=$(curl "${options[@]}" --config <(
    for field in "grant_type=client_credentials" "client_id=$client" "scope=https://storage.azure.com/.default" "${proof[@]}"; do
      printf 'data-urlencode = "%s"\n' "$(quoted "$field")"
    done 2>/dev/null
  ) --url "$url" 2>/dev/null) || status=$?
  if ! take_entra_token "$answer" "$(public "$url")"; then
    log "$(public "$url") gave no access token for $(printable "$client") (curl: $status)"
    return 1
  fi
}

# find_entra_machine_token: that of this machine's own identity; fails where it has
# none
find_entra_machine_token() {
  local url=${IDENTITY_ENDPOINT:-} answer header='Metadata: true' query='api-version=2018-02-01'
  if [ -n "$url" ] && [ -n "$entra_machine_secret" ]; then
    header="X-IDENTITY-HEADER: $entra_machine_secret" query='api-version=2019-08-01'
  else
    url=${AZURE_POD_IDENTITY_AUTHORITY_HOST:-http://169.254.169.254}
    url=${url%/}/metadata/identity/oauth2/token
  fi
  case $url in
    https://* | http://169.254.169.254/* | http://127.0.0.1[:/]* | http://localhost[:/]* | http://10.*) ;;
    *) return 1 ;;
  esac
  query+="&resource=https%3A%2F%2Fstorage.azure.com%2F"
  if [ -n "${AZURE_CLIENT_ID:-}" ]; then
    query+="&client_id=$(url_encode "$AZURE_CLIENT_ID")"
  fi
  answer=$(curl -q --silent --fail --globoff --proto '=http,https' --noproxy '*' --connect-timeout 1 --max-time 5 \
    --config <(printf 'header = "%s"\n' "$(quoted "$header")" 2>/dev/null) --url "$url?$query" 2>/dev/null) || return 1
  take_entra_token "$answer" "the identity of this machine"
}

# shellcheck shell=bash
# Access tokens of Google Cloud, and mirrors in its Cloud Storage:
# gs://bucket/prefix?endpoint=…

google_token=
google_expires=0 # seconds since the epoch at which it ends
google_machine=  # whether this machine's own account is asked for

google_cli_token=${CLOUDSDK_AUTH_ACCESS_TOKEN:-}
unset CLOUDSDK_AUTH_ACCESS_TOKEN

base64url() {
  base64 -w 0 | tr '+/' '-_' | tr -d '='
}

# google_field FILE NAME: text of a file of credentials
google_field() {
  jq -r --arg name "$2" '.[$name] | strings' "$1" 2>/dev/null || :
}

# google_statement FILE SERVER: what a service account sends for a token, as a
# curl configuration: who it is, signed by its key (RFC 7523; "Using OAuth 2.0
# for Server to Server Applications")
google_statement() {
  local head claims signature seconds
  printf -v seconds '%(%s)T' -1
  head=$(printf '{"alg":"RS256","typ":"JWT"}' | base64url)
  claims=$(jq -jnc --arg iss "$(google_field "$1" client_email)" --arg aud "$2" --argjson iat "$seconds" \
    '{iss: $iss, aud: $aud, iat: $iat, exp: ($iat + 3600), scope: "https://www.googleapis.com/auth/devstorage.read_only"}' | base64url)
  signature=$(openssl dgst -sha256 -sign <(google_field "$1" private_key) \
    < <(printf %s "$head.$claims") 2>/dev/null | base64url) || return 1
  printf 'data-urlencode = "grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer"\n'
  printf 'data-urlencode = "assertion=%s"\n' "$head.$claims.$signature"
}

# google_refresh FILE: what a user who has logged in sends (RFC 6749, 6)
google_refresh() {
  jq -r '"data-urlencode = \("grant_type=refresh_token" | @json)",
    (["client_id", "client_secret", "refresh_token"][] as $name | "data-urlencode = \("\($name)=\(.[$name] // "")" | @json)")' "$1" 2>/dev/null
}

# take_google_token ANSWER WHERE: sets `google_token` and `google_expires` by what
# an exchange has answered; fails where there is no token in it
take_google_token() {
  local seconds lasts=
  google_token='' google_expires=0
  {
    IFS= read -r google_token && IFS= read -r lasts
  } < <(printf %s "$1" | jq -r '(.access_token | strings), (.expires_in | numbers | floor)' 2>/dev/null) || :
  if [ -z "$google_token" ]; then
    return 1
  fi
  check_text "$google_token" "$2"
  hide "$google_token"
  if ! decimal "$lasts"; then
    lasts=3000
  fi
  printf -v seconds '%(%s)T' -1
  google_expires=$((seconds + lasts))
}

# find_google_token FILE: sets `google_token` by a file of credentials; what was
# found is used until shortly before it ends
find_google_token() {
  local file=$1 seconds kind server who body answer status=0
  printf -v seconds '%(%s)T' -1
  if [ -z "$file" ] || [ "$seconds" -lt $((google_expires - 300)) ]; then
    return 0
  fi
  google_token=''
  if [ ! -r "$file" ]; then
    sandbox_hint "the key file" "$file"
    return 0
  fi
  kind=$(google_field "$file" type)
  server=$(google_field "$file" token_uri)
  case $kind in
    service_account | '')
      who=$(google_field "$file" client_email)
      if [ -z "$who" ] || [ -z "$server" ]; then
        fail "$file holds no credentials for Google Cloud" "It lacks client_email or token_uri." -- \
          "Create a key of a service account: gcloud iam service-accounts keys create"
      fi
      body=$(google_statement "$file" "$server") || fail "The private key in $file can't sign"
      ;;
    authorized_user)
      who="the user who has logged in"
      server=${server:-https://oauth2.googleapis.com/token}
      body=$(google_refresh "$file") || fail "$file holds no credentials for Google Cloud"
      ;;
    *)
      fail "Builds can't use the credentials in $file" "They are of the kind $(printable "$kind"), which only Google's own programs exchange." -- \
        "Let auth.authScript print a token: gcloud auth application-default print-access-token" \
        "Or put one into GOOGLE_OAUTH_ACCESS_TOKEN, where the build gets it from"
      ;;
  esac
  request_options "$server"
  answer=$(curl "${options[@]}" --config <(printf '%s\n' "$body" 2>/dev/null) --url "$server" 2>/dev/null) || status=$?
  if ! take_google_token "$answer" "$(public "$server")"; then
    log "$(public "$server") gave no access token for $(printable "$who") (curl: $status)"
  fi
}

# find_machine_token: sets `google_token` to that of this machine's own account,
# where it is one of Google's; fails where it isn't
find_machine_token() {
  local host=${GCE_METADATA_HOST:-169.254.169.254} answer headers=$work/machine.$BASHPID
  case ${NO_GCE_CHECK:-} in
    [tT][rR][uU][eE] | 1) return 1 ;;
  esac
  if ! [[ $host =~ ^[][A-Za-z0-9.:-]+$ ]]; then
    return 1
  fi
  answer=$(curl -q --silent --fail --globoff --proto '=http' --noproxy '*' --connect-timeout 1 --max-time 5 \
    --dump-header "$headers" --header 'Metadata-Flavor: Google' \
    --url "http://$host/computeMetadata/v1/instance/service-accounts/default/token" 2>/dev/null) || return 1
  # Anything may answer on a strange network.
  [ "$(header metadata-flavor)" = Google ] && take_google_token "$answer" "the metadata server"
}

# find_google_credentials FILE OWN: sets `google_token` anew: by that file, or
# where OWN isn't empty by what Google's own programs look at, in their order
find_google_credentials() {
  local file=$1
  google_token='' google_expires=0
  if [ -z "$file" ] && [ -n "$2" ]; then
    google_token=$(trimmed "$google_cli_token")
    if [ -n "$google_token" ]; then
      return 0
    fi
    file=${GOOGLE_APPLICATION_CREDENTIALS:-${CLOUDSDK_CONFIG:-${HOME:-}/.config/gcloud}/application_default_credentials.json}
    if [ -z "${GOOGLE_APPLICATION_CREDENTIALS:-}" ] && [ ! -r "$file" ]; then
      file=
    fi
  fi
  if [ -n "$file" ]; then
    find_google_token "$file"
  elif [ -n "$2" ] && [ -n "$google_machine${fetch_token_required:-}" ]; then
    find_machine_token || :
  fi
}

# gcs_address ENDPOINT BUCKET NAME GENERATION: the content of an object in the
# JSON API. A name is one segment, so its slashes are encoded too.
gcs_address() {
  local name
  name=$(url_encode "$3")
  printf %s "$1/storage/v1/b/$2/o/${name//\//%2F}?alt=media${4:+&generation=$(url_encode "$4")}"
}

# go_to_gcs URL PATH
go_to_gcs() {
  local endpoint
  endpoint=$(endpoint_of "$1")
  place_url=${endpoint:-https://storage.googleapis.com}/$(url_encode "$(object_of "$1" "$2")")
  find_google_token "${fetch_gcp_key:-}"
  if [ -n "$google_token" ]; then
    place_config="header = \"Authorization: Bearer $(quoted "$google_token")\""$'\n'
  fi
}

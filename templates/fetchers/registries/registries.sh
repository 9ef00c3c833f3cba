# shellcheck shell=bash
# Registries (OCI distribution specification, and the token authentication of
# Docker's registry). A fetcher for one defines `exchange_credentials`, which
# calls `enter_registry ENDPOINT REPOSITORY`.

registry_steps=(
  "Name a variable in auth.tokenEnvVar that holds NAME:PASSWORD, or a netrc file in auth.netrcFile"
  "Without a Nix daemon: export that variable and build again"
  "With a Nix daemon: builds see its environment and not yours, so set it there (EnvironmentFile= of nix-daemon.service)"
)

# enter_registry ENDPOINT REPOSITORY: makes of what was found what the registry
# wants to see: a name and a password, or a token that another server gives
# whoever has them, or anybody.
enter_registry() {
  local endpoint=$1 repository=$2 login=$authorization head challenge
  if [ "$login" = "Bearer $token" ] && [[ $token == *:* ]]; then
    hide "${token#*:}"
    login="Basic $(printf %s "$token" | base64 -w 0)"
    hide "${login#Basic }"
  fi
  authorization='' token_expires=0
  case $login in
    Bearer\ *)
      authorization=$login
      return 0
      ;;
  esac
  head=$(registry_head "$endpoint/v2/")
  challenge=$(challenge_in "$head" Bearer)
  if [ -n "$challenge" ]; then
    exchange_token "$endpoint" "$repository" "$login" "$challenge"
  else
    # An open registry doesn't look at it.
    authorization=$login
  fi
}

# registry_head URL: the head of an answer, whatever it is; nothing without one
registry_head() {
  local head attempt=1
  request_options "$1"
  while :; do
    head=$(curl "${options[@]}" --no-location --dump-header - --output /dev/null --max-filesize 1048576 --url "$1" 2>/dev/null) || :
    case $head in
      HTTP/*\ 5??* | HTTP/*\ 429* | '') ;;
      *) break ;;
    esac
    attempt=$((attempt + 1))
    if [ "$attempt" -gt "$fetch_max_attempts" ]; then
      break
    fi
    sleep "$fetch_base_delay"
  done
  printf %s "$head"
}

# challenge_in HEAD SCHEME: the parameters of that challenge in a head
# (RFC 9110, 11.6.1); empty without one
challenge_in() {
  local line
  while IFS= read -r line; do
    line=${line%$'\r'}
    if [[ ${line,,} =~ ^www-authenticate:(.*[,[:space:]])?${2,,}[[:space:]] ]]; then
      printf %s "${line:${#BASH_REMATCH[0]}}"
      return
    fi
  done <<<"$1"
}

# parameter_in CHALLENGE NAME
parameter_in() {
  if [[ ,$1 =~ [,[:space:]]$2=\"([^\"]*)\" ]]; then
    printf %s "${BASH_REMATCH[1]}"
  fi
}

# exchange_token ENDPOINT REPOSITORY LOGIN CHALLENGE
exchange_token() {
  local login=$3 realm service url answer fresh lifetime status=000
  realm=$(parameter_in "$4" realm)
  service=$(parameter_in "$4" service)
  case $realm in
    https://*) ;;
    *)
      if [ "$(protocols_of "$realm/")" != "=http,https" ] || [ "$(protocols_of "$1/")" != "=http,https" ]; then
        fail "The registry names no server of tokens that is protected by TLS" "It names: $(printable "$realm")" -- \
          "Look whether the address is a registry's: $(public "$1")"
      fi
      ;;
  esac
  url=$realm
  case $realm in
    *\?*) url+='&' ;;
    *) url+='?' ;;
  esac
  if [ -n "$service" ]; then
    url+="service=$(url_encode "$service")&"
  fi
  url+="scope=repository:$2:pull"
  request_options "$url"
  # The answer holds a secret, so it is in no file.
  answer=$(curl "${options[@]}" --no-location --max-filesize 1048576 --write-out '\n%{http_code}' --config <(
    if [ -n "$login" ]; then
      printf 'header = "Authorization: %s"\n' "$(quoted "$login")"
    fi
  ) --url "$url" 2>/dev/null) || :
  status=${answer##*$'\n'}
  fresh=$(printf %s "${answer%$'\n'*}" | jq -r '(.token // .access_token) | strings' 2>/dev/null) || fresh=
  if [ -z "$fresh" ]; then
    if [ -n "$login" ]; then
      fail "HTTP $status: the registry's server of tokens does not accept name and password" "It is $(public "$realm")" -- "${registry_steps[@]}"
    fi
    fail "HTTP $status: the registry's server of tokens gives nothing to anybody" "It is $(public "$realm")" -- "${registry_steps[@]}"
  fi
  check_text "$fresh" "$(public "$realm")"
  hide "$fresh"
  authorization="Bearer $fresh"
  lifetime=$(printf %s "${answer%$'\n'*}" | jq -r '.expires_in | numbers | floor' 2>/dev/null) || lifetime=
  # Without a word it is a minute, by the specification.
  decimal "$lifetime" || lifetime=60
  printf -v token_expires '%(%s)T' -1
  token_expires=$((token_expires + lifetime))
  # Such tokens live for minutes, and not every request should ask for another.
  fetch_token_margin=$((lifetime < 1200 ? lifetime / 4 : 300))
}

# blob_url ENDPOINT REPOSITORY PATH: where the content of a file is
blob_url() {
  printf %s "$1/v2/$(url_encode "$2")/blobs/sha256:${file_blobs["$3"]:-}"
}

# explain_registry LINE...: what a registry's refusal means
explain_registry() {
  case $http_status in
    401 | 403)
      if [ -n "$token" ]; then
        fail "HTTP $http_status: the registry does not accept name and password" "$@" -- "${registry_steps[@]}"
      fi
      fail "HTTP $http_status: the registry does not let anybody in" "$@" \
        "Some registries say so of names that don't exist." -- "${registry_steps[@]}"
      ;;
    404) fail "HTTP 404: the registry has this content no longer" "$@" \
      "A registry cleans up what no tag leads to." -- \
      "Lock the model again: nixgen update" \
      "Or name a mirror that has it in network.mirrors" ;;
  esac
}

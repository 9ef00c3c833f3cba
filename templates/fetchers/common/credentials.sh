# shellcheck shell=bash
# How a request shows who asks. A secret is in shell variables and on pipes to
# curl only: in no argument list, no environment, no file and no line of a log.

token=          # what the source gets as a bearer token
authorization=  # the value of the header that carries it, or another scheme's
token_expires=0 # seconds since the epoch; 0 where nobody knows
token_renewed=0 # seconds since the epoch

# How a token gets to a build, as steps of an error.
token_name=${fetch_token_variable:-${fetch_usual_token-HF_TOKEN}}
token_steps=(
  "Without a Nix daemon: export $token_name=… and build again"
  "With a Nix daemon: builds see its environment and not yours, so set $token_name there (EnvironmentFile= of nix-daemon.service)"
  "Or name a file in auth.tokenFile, and let builds read it: extra-sandbox-paths in nix.conf"
)
if [ -z "$token_name" ]; then
  token_steps=(
    "Name a variable in auth.tokenEnvVar: HF_TOKEN is not sent to a server that only the manifest names"
    "${token_steps[2]}"
  )
fi

# hide SECRET...: keep them out of everything that is said. What is shorter
# than four characters is no secret, and would blot out half of a log.
hide() {
  local secret
  for secret; do
    if [ ${#secret} -ge 4 ]; then
      secrets+=("$secret")
    fi
  done
}

trimmed() {
  local text=${1#"${1%%[![:space:]]*}"}
  printf %s "${text%"${text##*[![:space:]]}"}"
}

# sandbox_hint FILE: why a build may not see it
sandbox_hint() {
  log "$1 $2 can't be read in this build (extra-sandbox-paths in nix.conf makes it visible)"
}

# What the environment held. It is unset once read, so that no child has it.
variable_token=
read_variables() {
  local variable
  for variable in "${fetch_token_variable:-}" "$1"; do
    if [ -n "$variable" ]; then
      if [ -z "$variable_token" ]; then
        variable_token=$(trimmed "${!variable:-}")
      fi
      unset "$variable"
    fi
  done
}

# run_script FILE WHAT: the output of a script of the user's. Its messages may
# quote secrets, and so are not shown.
run_script() {
  local status=0 output
  output=$(PATH=${fetch_script_path:+$fetch_script_path:}$PATH SSL_CERT_FILE=$certificates \
    timeout 300 "$fetch_shell" "$1" </dev/null 2>/dev/null) || status=$?
  if [ "$status" -ne 0 ]; then
    fail "$2 failed" "It ended with exit code $status. Its messages are kept out of the log, since they may hold secrets." -- \
      "Run the script by hand, with the variables that impureEnvVars names and no others" \
      "Look whether the programs that it calls are in auth.buildInputs, and its files in extra-sandbox-paths"
  fi
  printf %s "$output"
}

# expiry_of TOKEN: the seconds since the epoch at which a JWT ends (RFC 7519,
# 4.1.4), or nothing
expiry_of() {
  local payload
  if [[ $1 =~ ^[A-Za-z0-9_-]+\.([A-Za-z0-9_-]+)\.[A-Za-z0-9_-]*$ ]]; then
    payload=${BASH_REMATCH[1]//-/+}
    payload=${payload//_//}
    while [ $((${#payload} % 4)) -ne 0 ]; do
      payload+='='
    done
    payload=$(base64 -d <<<"$payload" 2>/dev/null | tr -d '\0') || return 0
    if [[ $payload =~ \"exp\"[[:space:]]*:[[:space:]]*([0-9]{1,12}) ]]; then
      printf %s "${BASH_REMATCH[1]}"
    fi
  fi
}

# Takes the first that there is: what a script says, the file, the variables,
# what the Hub's own client stored, what the service's own credentials are
# exchanged for, netrc. A fetcher whose service has such credentials defines
# `find_service_token`, which sets `token`, and `service_expires` to the seconds
# since the epoch at which it ends. One whose source wants to see something else
# that can be had for the token defines `exchange_credentials`, which changes
# `authorization` and `token_expires`.
service_expires=0
find_credentials() {
  local header file=${fetch_token_file:-} stored
  token='' authorization='' service_expires=0
  if [ -n "${fetch_auth_script:-}" ]; then
    token=$(run_script "$fetch_auth_script" auth.authScript) || exit 1
    header=$'\n'$token
    if [[ $header == *$'\n'*AUTH_HEADER=* ]]; then
      header=${header##*AUTH_HEADER=}
      header=$(trimmed "${header%%$'\n'*}")
      header=${header#[\"\']}
      authorization=${header%[\"\']}
      token=${authorization#* }
      check_text "$authorization" auth.authScript
    fi
  elif [ -n "${fetch_token_command:-}" ]; then
    token=$(run_script "$fetch_token_command" auth.tokenRefresh.command) || exit 1
  fi
  if [ -z "$token" ] && [ -n "$file" ]; then
    if [ -r "$file" ] && [ -f "$file" ]; then
      token=$(<"$file")
    else
      sandbox_hint "the token file" "$file"
    fi
  fi
  if [ -z "$token" ]; then
    token=$variable_token
  fi
  if [ -z "$(trimmed "$token")" ] && [ -n "${fetch_use_hf_cli:-}" ] && [ -n "${fetch_usual_token-HF_TOKEN}" ]; then
    stored=${HF_TOKEN_PATH:-${HF_HOME:-${XDG_CACHE_HOME:-${HOME:-}/.cache}/huggingface}/token}
    if [ -r "$stored" ]; then
      token=$(<"$stored")
    else
      sandbox_hint "the token of the Hub's client" "$stored"
    fi
  fi
  if [ -z "$(trimmed "$token")" ] && declare -F find_service_token >/dev/null; then
    find_service_token
  fi
  token=$(trimmed "$token")
  case $token in
    *[!!-~]*) fail "The token holds a character that no token has" \
      "It must be one word of visible ASCII characters." -- \
      "Look at where it comes from: ${file:-the environment of the build}" ;;
  esac
  if [ -n "$token" ]; then
    authorization=${authorization:-Bearer $token}
    hide "$token"
  elif [ -n "${fetch_netrc_file:-}" ] && netrc_of "$(host_of "${fetch_endpoint:-}")"; then
    token=$netrc_password
    tell_basic
    authorization=$basic
  fi
  printf -v token_renewed '%(%s)T' -1
  token_expires=$(expiry_of "$token")
  if [ -z "$token_expires" ]; then
    token_expires=0
    if [ "$service_expires" -ne 0 ]; then
      token_expires=$service_expires
    elif [ -n "${fetch_token_command:-}" ]; then
      token_expires=$((token_renewed + ${fetch_token_age:-3600}))
    fi
  fi
  if declare -F exchange_credentials >/dev/null; then
    exchange_credentials
  fi
}

# check_text VALUE WHERE: a header's value is one line of visible ASCII
check_text() {
  case $1 in
    *[!\ -~]*) fail "The token holds a character that no token has" \
      "It must be one line of visible ASCII characters." -- "Look at where it comes from: $2" ;;
  esac
}

# load_token VARIABLE: the credentials of the source; the variable is the usual
# one of such a source
load_token() {
  read_variables "$1"
  find_credentials
  if [ -z "$token" ] && [ -n "${fetch_token_required:-}" ]; then
    fail "There is no token" "This model's auth.required is true, so nothing was asked for." -- "${token_steps[@]}"
  fi
}

# Whether asking again may find other credentials than before.
can_renew() {
  [ -n "${fetch_token_command:-}${fetch_auth_script:-}${fetch_token_file:-}" ] || [ "$service_expires" -ne 0 ] ||
    declare -F exchange_credentials >/dev/null
}

# Before a request: a token that is about to end is renewed.
keep_fresh() {
  local seconds
  if [ "$place_signer" = sign_s3 ]; then
    find_aws_credentials
  fi
  if [ "$token_expires" -eq 0 ] || ! can_renew; then
    return 0
  fi
  printf -v seconds '%(%s)T' -1
  # Where tokens live shorter than the margin, not every request renews.
  if [ "$seconds" -ge $((token_expires - ${fetch_token_margin:-300})) ] && [ "$seconds" -ge $((token_renewed + fetch_token_pause)) ]; then
    log "the token is about to expire; asking for another"
    find_credentials
  fi
}

# ── netrc ───────────────────────────────────────────────────────────────────

netrc_login=
netrc_password=

# netrc_of HOST: reads the entry of a host, as curl's and ftp's manuals have it.
# curl itself is not given the file: it would read it for other hosts too.
netrc_of() {
  local host=$1 key='' applies='' found='' macro='' words word
  netrc_login='' netrc_password=''
  if [ ! -r "$fetch_netrc_file" ]; then
    sandbox_hint "the netrc file" "$fetch_netrc_file"
    return 1
  fi
  while read -r -a words || [ ${#words[@]} -gt 0 ]; do
    if [ -n "$macro" ]; then
      if [ ${#words[@]} -eq 0 ]; then
        macro=
      fi
      continue
    fi
    for word in "${words[@]}"; do
      case $key:$word in
        :'#'*) break ;;
        :machine | :default)
          if [ -n "$found" ]; then
            break 2
          fi
          applies=
          if [ "$word" = default ]; then
            applies=1 found=1
          else
            key=$word
          fi
          ;;
        :macdef)
          macro=1
          break
          ;;
        :login | :password | :account) key=$word ;;
        :*) ;;
        *)
          case $key in
            machine)
              if [ "$word" = "$host" ]; then
                applies=1 found=1
              fi
              ;;
            login) if [ -n "$applies" ]; then netrc_login=$(unquoted "$word"); fi ;;
            password) if [ -n "$applies" ]; then netrc_password=$(unquoted "$word"); fi ;;
          esac
          key=
          ;;
      esac
    done
  done <"$fetch_netrc_file"
  [ -n "$netrc_password" ]
}

unquoted() {
  local word=$1
  if [[ $word == '"'*'"' ]]; then
    word=${word#\"}
    word=${word%\"}
    word=${word//\\\"/\"}
  fi
  printf %s "$word"
}

# tell_basic: sets `basic` to what was read from netrc, as the value of a header
# (RFC 7617)
basic=
tell_basic() {
  basic=$(printf '%s:%s' "$netrc_login" "$netrc_password" | base64 -w 0)
  hide "$netrc_password" "$basic"
  basic="Basic $basic"
}

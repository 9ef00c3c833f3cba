# shellcheck shell=bash
# Credentials of AWS, in the order of the vendor's own clients: variables, a web
# identity, a profile, a container's, the machine's.

aws_key=
aws_secret=
aws_session=
aws_expires=0 # seconds since the epoch; 0 where they last
aws_found=    # whether they were looked for
aws_notes=()  # where there were none, and why

aws_variable_key=${AWS_ACCESS_KEY_ID:-}
aws_variable_secret=${AWS_SECRET_ACCESS_KEY:-}
aws_variable_session=${AWS_SESSION_TOKEN:-}
aws_container_token=${AWS_CONTAINER_AUTHORIZATION_TOKEN:-}
unset AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_CONTAINER_AUTHORIZATION_TOKEN

# find_aws_credentials: sets the three, or leaves them empty. What lasts is looked
# for once.
find_aws_credentials() {
  local seconds
  printf -v seconds '%(%s)T' -1
  if [ -n "$aws_found" ] && { [ "$aws_expires" -eq 0 ] || [ "$seconds" -lt $((aws_expires - 300)) ]; }; then
    return 0
  fi
  aws_found=1 aws_key='' aws_secret='' aws_session='' aws_expires=0 aws_notes=()
  if [ -z "${fetch_aws_profile:-}" ] && [ -n "$aws_variable_key" ] && [ -n "$aws_variable_secret" ]; then
    aws_key=$aws_variable_key aws_secret=$aws_variable_secret aws_session=$aws_variable_session
  elif [ -n "${fetch_aws_profile:-}" ]; then
    read_aws_profile "$fetch_aws_profile"
  else
    aws_notes+=("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set where this is built")
    ask_web_identity || read_aws_profile "${AWS_PROFILE:-default}" || ask_container || ask_machine || :
  fi
  check_text "$aws_key$aws_secret$aws_session" "the AWS credentials"
  hide "$aws_secret" "$aws_session"
}

# ── Profiles ────────────────────────────────────────────────────────────────

# read_aws_profile NAME: from the two files of the vendor's tools
read_aws_profile() {
  local profile=$1 command='' role='' file listed_in=''
  local credentials=${AWS_SHARED_CREDENTIALS_FILE:-${HOME:-}/.aws/credentials} config=${AWS_CONFIG_FILE:-${HOME:-}/.aws/config}
  for file in "$config" "$credentials"; do
    if [ -r "$file" ] && [ -f "$file" ]; then
      read_aws_section "$file" "$profile"
    elif [ -n "${fetch_aws_profile:-}" ]; then
      listed_in=${listed_in:-$file}
    fi
  done
  if [ -n "$aws_key" ] && [ -n "$aws_secret" ]; then
    return 0
  fi
  aws_key='' aws_secret='' aws_session=''
  if [ -n "$command" ]; then
    run_credential_process "$command"
    return
  fi
  if [ -n "$role" ]; then
    aws_notes+=("the profile $(printable "$profile") takes on a role or signs on by SSO, which builds can't do")
  elif [ -n "${fetch_aws_profile:-}" ]; then
    log "there is no profile $(printable "$profile") in $credentials"
    if [ -n "$listed_in" ]; then
      sandbox_hint "the file of AWS credentials" "$credentials"
    fi
  fi
  aws_notes+=("the profile $(printable "$profile") has no keys in $(printable "$credentials")")
  return 1
}

# read_aws_section FILE PROFILE: sets what the section has. Its name has `profile`
# before it in the one file, and not in the other.
read_aws_section() {
  local line name value section=
  while IFS= read -r line || [ -n "$line" ]; do
    name=$(trimmed "${line%%=*}") value=$(trimmed "${line#*=}")
    case $name in
      '['*']')
        section=$(trimmed "${name:1:${#name}-2}")
        case $section in profile[[:space:]]*) section=$(trimmed "${section#profile}") ;; esac
        ;;
      '#'* | ';'*) ;;
      *)
        if [ "$section" = "$2" ]; then
          case $name in
            aws_access_key_id) aws_key=$value ;;
            aws_secret_access_key) aws_secret=$value ;;
            aws_session_token) aws_session=$value ;;
            credential_process) command=$value ;;
            role_arn | sso_session | sso_start_url) role=$value ;;
          esac
        fi
        ;;
    esac
  done <"$1"
}

# run_credential_process COMMAND: its messages may quote secrets
run_credential_process() {
  local answer status=0
  answer=$(PATH=${fetch_script_path:+$fetch_script_path:}$PATH SSL_CERT_FILE=$certificates \
    timeout 60 "$fetch_shell" -c "$1" </dev/null 2>/dev/null) || status=$?
  if [ "$status" -ne 0 ] || ! take_aws_answer "$answer"; then
    aws_notes+=(
      "credential_process of the profile gave no credentials (exit code $status); its messages are kept out of the log"
      "its programs must be in auth.buildInputs, and its files in extra-sandbox-paths"
    )
    return 1
  fi
}

# take_aws_answer JSON: sets what it holds; fails where there are no keys in it
take_aws_answer() {
  local fields=() seconds
  mapfile -t fields < <(printf %s "$1" |
    jq -r '.AccessKeyId // "", .SecretAccessKey // "", (.Token // .SessionToken // ""), (.Expiration // "")' 2>/dev/null)
  if [ -z "${fields[0]:-}" ] || [ -z "${fields[1]:-}" ]; then
    return 1
  fi
  aws_key=${fields[0]} aws_secret=${fields[1]} aws_session=${fields[2]:-}
  if [ -n "${fields[3]:-}" ] && seconds=$(date -u -d "${fields[3]}" +%s 2>/dev/null) && decimal "$seconds"; then
    aws_expires=$seconds
  fi
}

# ── Services that give out credentials ──────────────────────────────────────

# ask_aws SECONDS URL [CURL OPTION...]: a short answer, without proxies and redirects;
# the rest of the curl configuration comes on stdin
ask_aws() {
  local limit=$1 url=$2
  shift 2
  curl -q --silent --globoff --fail --max-time "$limit" --connect-timeout "$limit" --max-filesize 1048576 \
    ${certificates:+--cacert "$certificates"} "$@" --config - --url "$url" 2>/dev/null
}

# A token that somebody else vouches for, such as a cluster, is exchanged for
# credentials ("AssumeRoleWithWebIdentity" of the STS API).
ask_web_identity() {
  local file=${AWS_WEB_IDENTITY_TOKEN_FILE:-} role=${AWS_ROLE_ARN:-} region=${AWS_REGION:-us-east-1} url answer
  if [ -z "$file" ] || [ -z "$role" ]; then
    return 1
  fi
  if [ ! -r "$file" ]; then
    sandbox_hint "the token of the web identity" "$file"
    return 1
  fi
  url=${AWS_ENDPOINT_URL_STS:-https://sts.$region.amazonaws.com}/
  answer=$(ask_aws 30 "$url" --proto "$(protocols_of "$url")" < <(
    printf 'data-urlencode = "Action=AssumeRoleWithWebIdentity"\ndata-urlencode = "Version=2011-06-15"\n'
    printf 'data-urlencode = "RoleArn=%s"\n' "$(quoted "$role")"
    printf 'data-urlencode = "RoleSessionName=%s"\n' "$(quoted "${AWS_ROLE_SESSION_NAME:-nixgen}")"
    printf 'data-urlencode = "WebIdentityToken=%s"\n' "$(quoted "$(<"$file")")"
  )) || answer=
  if [[ $answer =~ \<AccessKeyId\>([^\<]+)\</AccessKeyId\> ]]; then
    aws_key=${BASH_REMATCH[1]}
    if [[ $answer =~ \<SecretAccessKey\>([^\<]+)\</SecretAccessKey\> ]]; then aws_secret=${BASH_REMATCH[1]}; fi
    if [[ $answer =~ \<SessionToken\>([^\<]+)\</SessionToken\> ]]; then aws_session=${BASH_REMATCH[1]}; fi
    if [[ $answer =~ \<Expiration\>([^\<]+)\</Expiration\> ]]; then
      aws_expires=$(date -u -d "${BASH_REMATCH[1]}" +%s 2>/dev/null) || aws_expires=0
    fi
    return 0
  fi
  aws_notes+=("$(public "$url") gave no credentials for the web identity in $(printable "$file")")
  return 1
}

# The service of the container that this is built in ("Container credential
# provider" of the vendor's manual).
ask_container() {
  local url=${AWS_CONTAINER_CREDENTIALS_FULL_URI:-} token=$aws_container_token file=${AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE:-}
  if [ -n "${AWS_CONTAINER_CREDENTIALS_RELATIVE_URI:-}" ]; then
    url=http://169.254.170.2$AWS_CONTAINER_CREDENTIALS_RELATIVE_URI
  fi
  case $url in
    '') return 1 ;;
    https://* | http://169.254.170.2/* | http://169.254.170.23/* | "http://[fd00:ec2::23]/"* | \
      http://127.0.0.1[:/]* | http://localhost[:/]* | "http://[::1]"[:/]*) ;;
    *)
      aws_notes+=("AWS_CONTAINER_CREDENTIALS_FULL_URI is neither https nor on this machine")
      return 1
      ;;
  esac
  if [ -n "$file" ] && [ -r "$file" ]; then
    token=$(<"$file")
  fi
  if take_aws_answer "$(ask_aws 5 "$url" --noproxy '*' < <(
    if [ -n "$token" ]; then
      printf 'header = "Authorization: %s"\n' "$(quoted "$token")"
    fi
  ))"; then
    return 0
  fi
  aws_notes+=("$(public "$url") gave no credentials")
  return 1
}

# The service of the machine that this is built on: IMDSv2 of EC2.
ask_machine() {
  local base=${AWS_EC2_METADATA_SERVICE_ENDPOINT:-http://169.254.169.254} token role
  base=${base%/}/latest
  if [ "${AWS_EC2_METADATA_DISABLED:-}" = true ]; then
    return 1
  fi
  if token=$(ask_aws 1 "$base/api/token" --noproxy '*' --request PUT --header 'x-aws-ec2-metadata-token-ttl-seconds: 21600' </dev/null) &&
    role=$(imds "$base/meta-data/iam/security-credentials/") &&
    take_aws_answer "$(imds "$base/meta-data/iam/security-credentials/$(url_encode "${role%%$'\n'*}")")"; then
    return 0
  fi
  aws_notes+=("this machine has no role of EC2")
  return 1
}

imds() {
  ask_aws 5 "$1" --noproxy '*' < <(printf 'header = "x-aws-ec2-metadata-token: %s"\n' "$(quoted "$token")")
}

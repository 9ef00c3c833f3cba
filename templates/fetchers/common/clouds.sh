# shellcheck shell=bash
# Mirrors in object stores: s3://bucket/prefix?region=…&endpoint=… and
# gs://bucket/prefix?endpoint=…

# option_of URL NAME: the value of an option in a URL's query
option_of() {
  local query=
  if [[ $1 == *\?* ]]; then
    query=\&${1#*\?}
  fi
  if [[ $query == *"&$2="* ]]; then
    query=${query#*"&$2="}
    printf %s "${query%%&*}"
  fi
}

# endpoint_of URL: the server that it names, over https unless it says otherwise
endpoint_of() {
  local endpoint
  endpoint=$(option_of "$1" endpoint)
  if [ -n "$endpoint" ] && [[ $endpoint != *://* ]]; then
    endpoint=https://$endpoint
  fi
  printf %s "$endpoint"
}

# object_of URL PATH: bucket and key, as two words of a path
object_of() {
  local base=${1#*://}
  base=${base%%\?*}
  printf %s "${base%/}/$2"
}

# ── S3 ──────────────────────────────────────────────────────────────────────

aws_key=
aws_secret=
aws_session=

# The standard variables, else the profile in the standard file.
find_aws_credentials() {
  local file name value section='' profile=${fetch_aws_profile:-default}
  aws_key=${AWS_ACCESS_KEY_ID:-} aws_secret=${AWS_SECRET_ACCESS_KEY:-} aws_session=${AWS_SESSION_TOKEN:-}
  if [ -n "${fetch_aws_profile:-}" ] || [ -z "$aws_key" ] || [ -z "$aws_secret" ]; then
    file=${AWS_SHARED_CREDENTIALS_FILE:-${HOME:-}/.aws/credentials}
    if [ -r "$file" ]; then
      aws_key='' aws_secret='' aws_session=''
      while IFS='=' read -r name value || [ -n "$name" ]; do
        name=$(trimmed "$name") value=$(trimmed "$value")
        case $name in
          '['*']') section=$(trimmed "${name:1:${#name}-2}") ;;
          aws_access_key_id) if [ "$section" = "$profile" ]; then aws_key=$value; fi ;;
          aws_secret_access_key) if [ "$section" = "$profile" ]; then aws_secret=$value; fi ;;
          aws_session_token) if [ "$section" = "$profile" ]; then aws_session=$value; fi ;;
        esac
      done <"$file"
      if [ -z "$aws_key" ]; then
        log "there is no profile $(printable "$profile") in $file"
      fi
    elif [ -n "${fetch_aws_profile:-}" ]; then
      sandbox_hint "the file of AWS credentials" "$file"
    fi
  fi
  check_text "$aws_key$aws_secret$aws_session" "the AWS credentials"
  hide "$aws_secret" "$aws_session"
}

# go_to_s3 URL PATH: signed by curl (AWS Signature Version 4) where there are
# credentials, else as anybody
go_to_s3() {
  local object bucket region endpoint
  object=$(object_of "$1" "$2")
  bucket=${object%%/*}
  region=$(option_of "$1" region)
  region=${region:-us-east-1}
  endpoint=$(endpoint_of "$1")
  object=$(url_encode "${object#*/}")
  if [ -n "$endpoint" ]; then
    place_url=${endpoint%/}/$bucket/$object
  elif [[ $bucket == *.* ]]; then
    # The certificate of S3 covers one label only.
    place_url=https://s3.$region.amazonaws.com/$bucket/$object
  else
    place_url=https://$bucket.s3.$region.amazonaws.com/$object
  fi
  find_aws_credentials
  if [ -n "$aws_key" ] && [ -n "$aws_secret" ]; then
    place_config="aws-sigv4 = \"aws:amz:$(quoted "$region"):s3\""$'\n'
    place_config+="user = \"$(quoted "$aws_key:$aws_secret")\""$'\n'
    place_config+='header = "x-amz-content-sha256: UNSIGNED-PAYLOAD"'$'\n'
    if [ -n "$aws_session" ]; then
      place_config+="header = \"x-amz-security-token: $(quoted "$aws_session")\""$'\n'
    fi
  fi
}

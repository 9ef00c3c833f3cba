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

# s3_address ENDPOINT BUCKET REGION KEY: the URL of an object
s3_address() {
  local suffix=amazonaws.com object
  object=$(url_encode "$4")
  case $3 in cn-*) suffix=amazonaws.com.cn ;; esac
  if [ -n "$1" ]; then
    printf %s "${1%/}/$2/$object"
  elif [[ $2 == *.* ]]; then
    # The certificate of S3 covers one label only.
    printf %s "https://s3.$3.$suffix/$2/$object"
  else
    printf %s "https://$2.s3.$3.$suffix/$object"
  fi
}

s3_region=

# prepare_s3 REGION: `place_url` is one of S3: each request to it is signed where
# there are credentials, else it is made as anybody
prepare_s3() {
  local day TZ=UTC0
  s3_region=$1
  find_aws_credentials
  if [ -n "$aws_key" ] && [ -n "$aws_secret" ]; then
    # A signature is for one address, and is shown to no other.
    place_config='max-redirs = 0'$'\n'
    place_signer=sign_s3
    printf -v day '%(%Y%m%d)T' -1
    find_signing_key "$day/$s3_region/s3/aws4_request" "$aws_secret"
  fi
}

# sign_s3 URL: the headers of a request that is made now
sign_s3() {
  sign_get "$1" "$s3_region" "$aws_key" "$aws_secret" "$aws_session"
}

# go_to_s3 URL PATH
go_to_s3() {
  local object region
  object=$(object_of "$1" "$2")
  region=$(option_of "$1" region)
  region=${region:-us-east-1}
  place_url=$(s3_address "$(endpoint_of "$1")" "${object%%/*}" "$region" "${object#*/}")
  prepare_s3 "$region"
}

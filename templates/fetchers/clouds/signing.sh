# shellcheck shell=bash
# AWS Signature Version 4 for requests without a body ("Create a signed AWS API
# request" of the vendor's manual). curl has it too, but refuses it together with
# --path-as-is since 8.13, and between 8.0 and 8.19 spelled some paths and queries
# otherwise than S3 does. Here a secret is on pipes between builtins and
# sha256sum, and never reaches curl.

# to_hex TEXT: sets `hex`
hex=
to_hex() {
  hex=$(printf %s "$1" | od -An -v -tx1)
  hex=${hex//[$' \n']/}
}

# sha256_of TEXT: sets `sum`, in hex
sum=
sha256_of() {
  sum=$(printf %s "$1" | sha256sum)
  sum=${sum%% *}
}

# hmac KEY TEXT: sets `mac` to the HMAC-SHA256 of a text (RFC 2104), in hex; the
# key is in hex too
mac=
hmac() {
  local key=$1 text=$2 i byte inner='' outer='' escaped=''
  if [ ${#key} -gt 128 ]; then
    for ((i = 0; i < ${#key}; i += 2)); do
      escaped+=\\x${key:i:2}
    done
    key=$(printf '%b' "$escaped" | sha256sum)
    key=${key%% *} escaped=''
  fi
  for ((i = 0; i < 128; i += 2)); do
    byte=${key:i:2}
    printf -v inner '%s\\x%02x' "$inner" $((16#${byte:-00} ^ 0x36))
    printf -v outer '%s\\x%02x' "$outer" $((16#${byte:-00} ^ 0x5c))
  done
  mac=$({ printf '%b' "$inner" && printf %s "$text"; } | sha256sum)
  for ((i = 0; i < 64; i += 2)); do
    escaped+=\\x${mac:i:2}
  done
  mac=$(printf '%b' "$outer$escaped" | sha256sum)
  mac=${mac%% *}
}

# The key that signs on one day, in one region, with one secret.
signing_key=
signing_scope=
signing_secret=

# find_signing_key SCOPE SECRET: the scope is DATE/REGION/SERVICE/aws4_request
find_signing_key() {
  local part key
  if [ "$signing_scope" != "$1" ] || [ "$signing_secret" != "$2" ]; then
    to_hex "AWS4$2"
    key=$hex
    for part in ${1//\// }; do
      hmac "$key" "$part"
      key=$mac
    done
    signing_key=$key signing_scope=$1 signing_secret=$2
  fi
}

nothing_sha256=e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855

# sign_get URL REGION KEY SECRET SESSION: the headers of a GET to S3, as lines of
# a curl configuration. Path and query must be spelled as `url_encode` does.
sign_get() {
  local url=$1 region=$2 session=$5 TZ=UTC0
  local host path query='' time scope names headers
  host=$(origin_of "$url")
  path=${url:${#host}}
  case $host in
    https://*:443) host=${host%:443} ;;
    http://*:80) host=${host%:80} ;;
  esac
  host=${host#*://}
  if [[ $path == *\?* ]]; then
    query=${path#*\?} path=${path%%\?*}
  fi
  printf -v time '%(%Y%m%dT%H%M%SZ)T' -1
  scope=${time%T*}/$region/s3/aws4_request
  names='host;x-amz-content-sha256;x-amz-date'
  headers="host:$host"$'\n'"x-amz-content-sha256:$nothing_sha256"$'\n'"x-amz-date:$time"$'\n'
  if [ -n "$session" ]; then
    names+=';x-amz-security-token'
    headers+="x-amz-security-token:$session"$'\n'
  fi
  sha256_of "GET"$'\n'"${path:-/}"$'\n'"$query"$'\n'"$headers"$'\n'"$names"$'\n'"$nothing_sha256"
  find_signing_key "$scope" "$4"
  hmac "$signing_key" "AWS4-HMAC-SHA256"$'\n'"$time"$'\n'"$scope"$'\n'"$sum"
  printf 'header = "x-amz-content-sha256: %s"\nheader = "x-amz-date: %s"\n' "$nothing_sha256" "$time"
  if [ -n "$session" ]; then
    printf 'header = "x-amz-security-token: %s"\n' "$(quoted "$session")"
  fi
  printf 'header = "Authorization: AWS4-HMAC-SHA256 Credential=%s/%s, SignedHeaders=%s, Signature=%s"\n' \
    "$(quoted "$3")" "$scope" "$names" "$mac"
}

# shellcheck shell=bash
# Files of a bucket of S3, or of another server that speaks its protocol.
#
# fetch_bucket, fetch_prefix, fetch_region, fetch_endpoint: what and where
# fetch_unsigned: whether to ask as anybody, whoever builds
# fetch_path and so on, or fetch_filesPath: what is fetched; see common/run.sh.
# A file's object is its key where that isn't the prefix and the path.
#
# Parts: clouds

# shellcheck source-path=SCRIPTDIR source=common.sh
. "${fetch_common:?}"

: "${fetch_prefix:=}" "${fetch_unsigned:=}"

subject_name=s3://${fetch_bucket:?}${fetch_prefix:+/$fetch_prefix}

# describe [PATH]: what errors are about
describe() {
  subject=(
    "Source:   s3"
    "Bucket:   $(shown "$fetch_bucket")"
    "Region:   ${fetch_region:?}"
  )
  if [ -n "${1:-}" ]; then
    subject+=("Object:   $(shown "$(key_of "$1")")")
    if [ -n "${file_versions["$1"]:-}" ]; then
      subject+=("Version:  $(printable "${file_versions["$1"]}")")
    fi
  fi
}

# key_of PATH: the object's name
key_of() {
  local prefix=${fetch_prefix%/}
  printf %s "${file_objects["$1"]:-${prefix:+$prefix/}$1}"
}

# url_at ENDPOINT PATH: the address of a file
url_at() {
  local version=${file_versions["$2"]:-}
  s3_address "$1" "$fetch_bucket" "$fetch_region" "$(key_of "$2")"
  if [ -n "$version" ]; then
    version=$(url_encode "$version")
    printf %s "?versionId=${version//\//%2F}"
  fi
}

asked_path=
asked_url=
go_to_source() {
  place_url=$(url_at "$1" "$2")
  asked_path=$2 asked_url=$place_url
  if [ -z "$fetch_unsigned" ]; then
    prepare_s3 "$fetch_region"
  fi
}

# How credentials get to a build, as steps of an error.
credential_steps=(
  "Without a Nix daemon: export AWS_ACCESS_KEY_ID=… AWS_SECRET_ACCESS_KEY=… and build again"
  "With a Nix daemon: builds see its environment and not yours, so set them there (EnvironmentFile= of nix-daemon.service)"
  "Or name a profile in auth.awsProfile, and let builds read ~/.aws: extra-sandbox-paths in nix.conf"
)

# ask_why: asks once more, for the words that were thrown away. Sets `code`,
# `text` and `region` to what the store says.
ask_why() {
  local body=
  code='' text='' region=$(header x-amz-bucket-region)
  go_to $'source\t'"${fetch_endpoint:-}" "$asked_path" -
  request_options "$place_url"
  body=$(bound 65536 && curl "${options[@]}" --no-fail --range 0-0 --config <(credentials 2>/dev/null) --url "$place_url" 2>/dev/null | head -c 65536 | tr -d '\0') || :
  if [[ $body =~ \<Code\>([A-Za-z0-9]{1,80})\</Code\> ]]; then
    code=${BASH_REMATCH[1]}
  fi
  if [[ $body =~ \<Message\>([^\<]{1,300})\</Message\> ]]; then
    text=$(printable "${BASH_REMATCH[1]}")
  fi
  if [ -z "$region" ] && [[ $body =~ \<Region\>([a-z0-9-]{1,40})\</Region\> ]]; then
    region=${BASH_REMATCH[1]}
  fi
}

# explain LINE...: the store's own reasons
explain() {
  local code text region message=() note
  case $http_status in
    [345]??) ;;
    *) return 0 ;;
  esac
  if [ "${first_failure[6]:-}" != "$asked_url" ]; then
    return 0 # a mirror's words are not those of S3
  fi
  ask_why
  if [ -n "$text" ]; then
    message=("The server says: $text${code:+ ($code)}")
  fi
  message+=("$@")
  region=$(printable "$region")
  case $http_status:$code in
    3??:* | 400:AuthorizationHeaderMalformed | 400:IllegalLocationConstraintException)
      fail "HTTP $http_status: the bucket is in another region" "${message[@]}" \
        "locked:   $fetch_region" ${region:+"it is in: $region"} -- \
        "Set region: ${region:-the right one} in the manifest, and lock the model again: nixgen lock" \
        "If the store redirects to another address: set endpoint to that"
      ;;
    *:NoSuchBucket) fail "HTTP $http_status: there is no such bucket" "${message[@]}" -- \
      "Look for a misspelt name: $fetch_bucket" "If it has moved: change bucket in the manifest" ;;
    *:NoSuchVersion | 405:MethodNotAllowed) fail "HTTP $http_status: this version of the object does not exist any more" "${message[@]}" \
      "Versions disappear when somebody deletes them, or a lifecycle rule of the bucket does." -- \
      "Lock the model again: nixgen update" "Keep locked versions: look at the bucket's lifecycle rules" ;;
    *:NoSuchKey) fail "HTTP $http_status: there is no such object" "${message[@]}" -- \
      "Look at s3://$(shown "$fetch_bucket")/$(shown "$fetch_prefix")" "If it has moved or changed: nixgen update" ;;
    *:InvalidAccessKeyId | *:SignatureDoesNotMatch | *:InvalidToken | *:ExpiredToken | *:InvalidSecurity)
      fail "HTTP $http_status: the AWS credentials are not accepted" "${message[@]}" \
        "They came with the key $(printable "${aws_key:-of nobody}")." -- \
        "Renew them where this is built, and look that key and secret belong together" "${credential_steps[@]}"
      ;;
    *:RequestTimeTooSkewed) fail "HTTP $http_status: this machine's clock is wrong" "${message[@]}" \
      "Signatures hold the time, and this one was made at $(date -u +%Y-%m-%dT%H:%M:%SZ)." -- "Set the clock" ;;
    401:* | 403:*)
      if [ -n "$place_signer" ]; then
        fail "HTTP $http_status: access is denied" "${message[@]}" \
          "The key $(printable "$aws_key") may not read this object; without the right to list the bucket, S3 says the same of objects that do not exist." -- \
          "Allow it s3:GetObject, and s3:GetObjectVersion where the bucket keeps versions" "${credential_steps[@]}"
      fi
      for note in "${aws_notes[@]}"; do
        message+=("$note")
      done
      fail "HTTP $http_status: access is denied to anybody, and there were no credentials" "${message[@]}" -- "${credential_steps[@]}"
      ;;
    404:*) fail "HTTP 404: not found" "${message[@]}" -- "If the object has moved or changed: nixgen update" ;;
    416:*) fail "HTTP 416: the object is shorter than expected" "${message[@]}" -- "Lock the model again: nixgen update" ;;
    503:SlowDown) fail "HTTP 503: the store asks for fewer requests" "${message[@]}" -- "Try again later" \
      "Ask for less at once: network.connections" ;;
  esac
}

describe "${fetch_path:-}"
if [ -n "${fetch_token_required:-}" ] && [ -z "$fetch_unsigned" ]; then
  find_aws_credentials
  if [ -z "$aws_key" ]; then
    fail "There are no AWS credentials" "This model's auth.required is true, so nothing was asked for." "${aws_notes[@]}" -- \
      "${credential_steps[@]}"
  fi
fi
list_places
fetch_locked

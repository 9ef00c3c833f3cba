# shellcheck shell=bash
# Addresses: their spelling, and the places that a file can be had from.

# url_encode TEXT: every byte but the unreserved ones (RFC 3986) and `/`
url_encode() {
  local byte char encoded=
  if [[ $1 != *[!A-Za-z0-9._~/-]* ]]; then
    printf %s "$1"
    return
  fi
  for byte in $(printf %s "$1" | od -An -v -tx1); do
    printf -v char '%b' "\\x$byte"
    case $char in
      [A-Za-z0-9._~/-]) encoded+=$char ;;
      *) encoded+=%${byte^^} ;;
    esac
  done
  printf %s "$encoded"
}

# origin_of URL: its scheme, host and port
origin_of() {
  if [[ $1 =~ ^[a-z0-9]+://[^/?#]+ ]]; then
    printf %s "${BASH_REMATCH[0],,}"
  fi
}

# host_of URL
host_of() {
  local host
  host=$(origin_of "$1")
  host=${host#*://}
  host=${host##*@}
  case $host in
    '['*) host=${host%%]*}] ;;
    *) host=${host%%:*} ;;
  esac
  printf %s "$host"
}

# public URL: as it may be shown, without what may be signed
public() {
  printable "${1%%[?#]*}"
}

# Plain HTTP is for servers on this machine.
protocols_of() {
  case $1 in
    http://127.0.0.1[:/]* | http://localhost[:/]* | "http://[::1]"[:/]*) printf '=http,https' ;;
    *) printf '=https' ;;
  esac
}

# ── Places ──────────────────────────────────────────────────────────────────

# The source, and the mirrors: `kind TAB URL` in the order in which they are
# asked. Whatever a mirror sends is held against the hash, so it needs no trust,
# and gets no token of the source.
places=()
list_places() {
  local kind preferred url preferred_places=() others=()
  while IFS=$'\t' read -r kind preferred url; do
    if [ -z "$kind" ]; then
      continue
    elif [ "$preferred" = 1 ]; then
      preferred_places+=("$kind"$'\t'"$url")
    else
      others+=("$kind"$'\t'"$url")
    fi
  done <<<"$fetch_mirrors"
  places=("${preferred_places[@]}" $'source\t'"${fetch_endpoint:-}" "${others[@]}")
}

place_kind=source
place_url=
place_config= # lines of a curl configuration that the place needs
place_signer= # prints those that are made anew for each request, from its URL

# go_to PLACE PATH DIGEST: where the file is at that place. Fails where such a
# place can't have it.
go_to() {
  local base=${1#*$'\t'} path=$2 digest=$3
  place_kind=${1%%$'\t'*} place_config='' place_signer=''
  case $place_kind in
    source | endpoint) go_to_source "$base" "$path" || return 1 ;;
    hashed | base)
      if [ "$place_kind" = hashed ]; then
        if [[ $digest != sha256-* ]]; then
          return 1
        fi
        path=sha256/$(sri_to_hex "$digest")
      fi
      case $base in
        s3://*) go_to_s3 "$base" "$path" ;;
        gs://*) go_to_gcs "$base" "$path" ;;
        *) place_url=${base%/}/$(url_encode "$path") ;;
      esac
      ;;
    *) fail "A mirror of an unknown kind: $(printable "$place_kind")" ;;
  esac
  if [ "$place_kind" != source ] && [ -z "$place_config" ] && [ -n "${fetch_netrc_file:-}" ] && netrc_of "$(host_of "$place_url")"; then
    tell_basic
    place_config="header = \"Authorization: $(quoted "$basic")\""$'\n'
  fi
}

# go_to_source ENDPOINT PATH: sets `place_url`, and `place_config` or
# `place_signer` where the source needs more than a token. A fetcher may have its own,
# which fails where the place has nothing of the source.
go_to_source() {
  place_url=$(url_at "$1" "$2")
}

# What the link is for, where the place is a link that a server made for a while.
# The script that asked for it defines:
#
#   keep_link          before each transfer: another one, if it is about to end
#   renew_link LANE    another one in place of one that lets nobody in any more
#   follow_link        goes where it leads on to
link_object=

# quoted TEXT: as it stands between the quotes of a curl configuration
quoted() {
  local text=${1//\\/\\\\}
  text=${text//\"/\\\"}
  text=${text//$'\t'/\\t}
  text=${text//$'\n'/\\n}
  printf %s "${text//$'\r'/\\r}"
}

# The credentials as a curl configuration: they are in no argument list. curl
# sends the header to the host that it is for, and to no other that it is led to.
# Where curl was ended before it read them, nobody need know of the broken pipe.
credentials() {
  printf %s "$place_config"
  if [ -n "$place_signer" ]; then
    "$place_signer" "$place_url"
  fi
  if [ "$place_kind" = source ] && [ -n "$authorization" ]; then
    printf 'header = "Authorization: %s"\n' "$(quoted "$authorization")"
  fi
}

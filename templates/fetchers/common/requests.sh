# shellcheck shell=bash
# Requests, and what is read from their answers.

# request_options URL: sets `options`, what every request to it has in common
options=()
request_options() {
  local protocols giver=$1
  # Where a server gives a link, it leads as a redirect of that server does.
  if [ "$place_kind" = source ] && [ -n "$link_object" ]; then
    giver=$link_api
  fi
  protocols=$(protocols_of "$giver/")
  options=(
    -q
    --silent
    --globoff
    --path-as-is
    --fail
    --location
    --max-redirs 10
    --proto "$protocols"
    --proto-redir "$protocols"
    --connect-timeout "$fetch_connect_timeout"
    --speed-limit 1
    --speed-time "$fetch_read_timeout"
    --user-agent nixgen
    --header 'Accept-Encoding: identity'
  )
  if [ -n "$certificates" ]; then
    options+=(--cacert "$certificates")
  fi
}

# What curl reports at its end, a line each: as it is read by `read_report`.
report_format='%{stderr}%{http_code}\n%{http_connect}\n%{size_download}\n%{url_effective}\n%{errormsg}\n'

# What the last request came to.
http_status=000
proxy_status=000
curl_status=0
curl_message=
received=0
answered_at= # the address that answered, after redirects
headers=$work/headers

read_report() {
  http_status=000 proxy_status=000 received=0 answered_at='' curl_message=''
  {
    read -r http_status && read -r proxy_status && read -r received &&
      read -r answered_at && read -r curl_message
  } <"$1" || [ -n "$http_status" ] || http_status=000
  decimal "$http_status" || http_status=000
  decimal "$proxy_status" || proxy_status=000
  decimal "$received" || received=0
  # A message may quote the address of a redirect, with its signature.
  if [[ $curl_message == *://*\?* ]]; then
    curl_message="${curl_message%%\?*}?..."
  fi
  curl_message=$(printable "$curl_message")
}

# bound BYTES: no file can be made longer than that, give or take a block; where
# the system allows less already, that holds
bound() {
  trap '' XFSZ
  ulimit -f $((($1 < 262144 ? 262144 : $1 + 1023) / 1024)) 2>/dev/null || :
}

# request URL FILE LIMIT: one GET; FILE can't grow far beyond LIMIT bytes,
# whatever the server sends
request() {
  local url=$1 file=$2 limit=$3
  headers=$work/headers
  : >"$headers"
  request_options "$url"
  curl_status=0
  (
    bound "$limit"
    exec curl "${options[@]}" --dump-header "$headers" --write-out "$report_format" \
      --config <(credentials 2>/dev/null) --url "$url" >"$file" 2>"$work/report"
  ) || curl_status=$?
  read_report "$work/report"
}

# header NAME: its value in the last answer, empty if there is none
header() {
  local line value=
  while IFS= read -r line || [ -n "$line" ]; do
    line=${line%$'\r'}
    case ${line,,} in
      http/*) value= ;;
      "$1":*)
        value=${line#*:}
        value=${value#"${value%%[! ]*}"}
        ;;
    esac
  done <"$headers"
  printf %s "$value"
}

# read_head FILE: what a transfer must know of the head of its answer, as soon
# as all of it is there; fails before that. Trailers are no part of it.
head_status=
head_length=
head_range=
head_type=
head_encoding=
head_version= # which content it is: ETag, else the time of the last change
head_linked=  # the same, as the Hub states it before it redirects
read_head() {
  local line name value complete='' modified=''
  head_status='' head_length='' head_range='' head_type='' head_encoding='' head_version='' head_linked=''
  while IFS= read -r line; do
    line=${line%$'\r'}
    case $line in
      HTTP/*)
        head_status=${line#* }
        head_status=${head_status%%[!0-9]*}
        head_length='' head_range='' head_type='' head_encoding='' head_version='' modified='' complete=''
        continue
        ;;
      '')
        complete=1
        case $head_status in
          1?? | 30[12378]) complete= ;;
        esac
        continue
        ;;
    esac
    if [ -n "$complete" ]; then
      continue
    fi
    name=${line%%:*}
    value=${line#*:}
    value=${value#"${value%%[! ]*}"}
    case ${name,,} in
      content-length) head_length=$value ;;
      content-range) head_range=$value ;;
      content-type) head_type=$value ;;
      content-encoding) head_encoding=$value ;;
      etag) head_version=${value#W/} ;;
      last-modified) modified=$value ;;
      x-linked-etag) head_linked=${value#W/} ;;
    esac
  done <"$1"
  head_version=${head_version:-$modified}
  [ -n "$complete" ]
}

# get URL FILE LIMIT: a whole small body of the source
get() {
  local url=$1 file=$2 limit=$3 attempt=1
  place_kind=source place_config='' place_signer=''
  while :; do
    : >"$file"
    keep_fresh
    request "$url" "$file" "$limit"
    if [ "$http_status" = 200 ] && [ "$curl_status" = 0 ]; then
      return 0
    fi
    attempt=$((attempt + 1))
    if ! is_transient || [ "$attempt" -gt "$fetch_max_attempts" ]; then
      subject+=("URL:      $(public "$url")")
      give_up
    fi
    if ! tell_delay "$attempt"; then
      too_long_a_wait
    fi
    log "$(reason); attempt $attempt of $fetch_max_attempts in $(((delay + 500) / 1000)) s"
    sleep "$((delay / 1000)).$(printf %03d $((delay % 1000)))"
  done
}

# shellcheck shell=bash
# Git LFS: where an object is, by the batch API (git-lfs, docs/api/batch.md).

said=              # what the server that failed has said
asked_for_what=git # what failed: git, batch, object, link

# ── Who asks ────────────────────────────────────────────────────────────────

host_header= # what `Authorization` says to the git host, and to it alone
host_user='' host_password=''

# tell_host: hosts of git take a token as a password; `user:token` is both. Links
# lead elsewhere, so nothing is left in `authorization`.
tell_host() {
  local header=$authorization
  authorization=
  case $header in
    '') return 0 ;;
    "Bearer $token")
      netrc_login=x-access-token netrc_password=$token
      if [[ $token == ?*:* ]]; then
        netrc_login=${token%%:*} netrc_password=${token#*:}
      fi
      tell_basic
      host_header=$basic host_user=$netrc_login host_password=$netrc_password
      ;;
    "Basic "*)
      host_header=$header
      header=$(base64 -d <<<"${header#Basic }" 2>/dev/null | tr -d '\0\n') || header=
      host_user=${header%%:*} host_password=${header#*:}
      hide "$host_password"
      ;;
    *) host_header=$header ;;
  esac
}

# api_config URL: what a request of the API needs, as lines of a curl configuration
api_config() {
  local header=
  if [ "$(origin_of "$1")" = "$(origin_of "$fetch_endpoint")" ]; then
    header=$host_header
  elif [ -n "${fetch_netrc_file:-}" ] && netrc_of "$(host_of "$1")"; then
    tell_basic
    header=$basic
  fi
  place_config=
  if [ -n "$header" ]; then
    place_config="header = \"Authorization: $(quoted "$header")\""$'\n'
  fi
}

# ── The batch API ───────────────────────────────────────────────────────────

# lfs_of URL: where the API is, if the repository says nothing else
lfs_of() {
  case $1 in
    *.git) printf %s "$1/info/lfs" ;;
    *) printf %s "$1.git/info/lfs" ;;
  esac
}

# post URL BODY FILE: one request; the answer's body is kept, whatever its status
post() {
  local media=application/vnd.git-lfs+json plain=() option
  headers=$work/headers.$BASHPID
  : >"$headers"
  request_options "$1"
  for option in "${options[@]}"; do
    if [ "$option" != --fail ]; then
      plain+=("$option")
    fi
  done
  curl_status=0
  (
    bound 16777216
    exec curl "${plain[@]}" --post301 --post302 --header "Accept: $media" --header "Content-Type: $media" --data-binary "@$2" \
      --dump-header "$headers" --write-out "$report_format" --config <(credentials 2>/dev/null) --url "$1" >"$3" 2>"$desk.report"
  ) || curl_status=$?
  read_report "$desk.report"
}

link=          # where the object is
link_config=   # the headers that it needs, as lines of a curl configuration
link_expires=0 # seconds since the epoch; 0 where nobody says
link_asked=0   # when it was asked for
link_made=0    # the same in milliseconds
link_hops=0    # how often it led on
link_api=

# ask_for OID SIZE API: sets `link`, or fails and sets `failure`
ask_for() {
  local attempt=1 body=$desk.body answer=$desk.answer
  failure='' failure_lines=() link_object=$1 link_api=$3 place_url=$3/objects/batch
  printf '{"operation":"download","transfers":["basic"],"hash_algo":"sha256","objects":[{"oid":"%s","size":%s}]}' "$1" "$2" >"$body"
  while :; do
    asked_for_what=batch said=''
    keep_fresh
    tell_host
    api_config "$3"
    post "$place_url" "$body" "$answer"
    place_config=
    if [ "$http_status" = 200 ] && [ "$curl_status" = 0 ]; then
      read_link "$1" "$answer"
      return
    fi
    said=$(jq -r '.message | strings | "The server says: \(.)"' "$answer" 2>/dev/null | tr '\n' ' ') || said=
    attempt=$((attempt + 1))
    if ! is_transient || [ "$attempt" -gt "$fetch_max_attempts" ]; then
      failure=request
      return 1
    fi
    if ! tell_delay "$attempt"; then
      failure=patience
      return 1
    fi
    log "$(reason); attempt $attempt of $fetch_max_attempts in $(((delay + 500) / 1000)) s"
    sleep "$((delay / 1000)).$(printf %03d $((delay % 1000)))"
  done
}

# refuse_object CODE MESSAGE: the object can't be had
refuse_object() {
  asked_for_what=object http_status=000 curl_status=0 curl_message='' said=$2 failure=request
  if [[ $1 =~ ^[1-5][0-9][0-9]$ ]]; then
    http_status=$1
  fi
  return 1
}

# shellcheck disable=SC2016 # the variables are jq's
reading='
  (if (.objects | type) == "array" then .objects else error("no objects") end)
  | map(select(type == "object" and .oid == $oid)) | first // {}
  | if .error then ["fault", (.error.code // 0), (.error.message // "")]
    elif (.actions.download.href | type) == "string" then
      (.authenticated // false) as $authenticated
      | .actions.download
      | ["link", .href, (.expires_in // ""), (.expires_at // ""), $authenticated]
        + (.header // {} | to_entries | map(.key, (.value | strings)))
    else ["fault", 0, ""]
    end
  | map(tostring + "\u0000") | add
'

# read_link OID FILE: the object's part of an answer
read_link() {
  local fields=() name value i authenticated
  link='' link_config='' link_expires=0
  printf -v link_asked '%(%s)T' -1
  tell_time
  link_made=$now
  if ! jq -j --arg oid "$1" "$reading" "$2" >"$desk.link" 2>/dev/null; then
    refuse_object 0 "The answer is not one of a Git LFS server."
    return
  fi
  mapfile -d '' -t fields <"$desk.link"
  if [ "${fields[0]:-}" != link ]; then
    refuse_object "${fields[1]:-0}" "${fields[2]:+The server says: ${fields[2]}}"
    return
  fi
  authenticated=${fields[4]}
  if [[ ${fields[2]} =~ ^[0-9]{1,9}$ ]]; then
    link_expires=$((link_asked + 10#${fields[2]}))
  elif [ -n "${fields[3]}" ]; then
    link_expires=$(date -u -d "${fields[3]}" +%s 2>/dev/null) || link_expires=0
  fi
  for ((i = 5; i + 1 < ${#fields[@]}; i += 2)); do
    name=${fields[i]} value=${fields[i + 1]}
    if ! [[ $name =~ ^[A-Za-z0-9-]+$ ]] || [[ $value == *[!\ -~]* ]]; then
      refuse_object 0 "The link needs a header that can't be one."
      return
    fi
    hide "$value"
    if [ "${name,,}" = authorization ]; then
      authenticated=true
    else
      # curl keeps only that one from other hosts, so redirects are looked at first.
      link_config+=$'max-redirs = 0\n'
    fi
    link_config+="header = \"$name: $(quoted "$value")\""$'\n'
  done
  link=${fields[1]}
  if [[ $link == *[!!-~]* ]] || ! { [[ $link == https://* ]] || [[ $link =~ ^http://(127[.][0-9.]+|localhost|\[::1\])[:/] ]]; }; then
    refuse_object 0 "The link is no address that is protected by TLS."
    return
  fi
  if [ "$authenticated" != true ] && [ "$(origin_of "$link")" = "$(origin_of "$fetch_endpoint")" ]; then
    api_config "$link"
    link_config+=$place_config
  fi
  take_link
}

# ── Links ───────────────────────────────────────────────────────────────────

# take_link: the next requests go there
take_link() {
  asked_for_what=link said='' link_hops=0 place_url=$link place_config=$link_config
}

# keep_link: before each transfer: a link that is about to end is asked for anew
keep_link() {
  local seconds
  if [ "$place_kind" = source ] && [ -n "$link_object" ] && [ "$link_expires" -gt 0 ]; then
    printf -v seconds '%(%s)T' -1
    # A server whose links last for seconds is not asked all the time.
    if [ "$seconds" -ge $((link_expires - 5)) ] && [ "$seconds" -ge $((link_asked + 5)) ]; then
      ask_again || failure=
    fi
  fi
}

# renew_link LANE: a link that does not let in any more is asked for anew
renew_link() {
  # Another lane may have renewed it meanwhile.
  if [ "${lane_began[$1]}" -gt "$link_made" ]; then
    log "HTTP $http_status: the link to the content has expired; asking for another"
    ask_again
  fi
}

# ask_again: another link for the object; where there is none, the old one stays
ask_again() {
  local url=$place_url config=$place_config
  if ! ask_for "$link_object" "$size" "$link_api"; then
    place_url=$url place_config=$config
    return 1
  fi
}

# follow_link: where a link with headers leads on; they are for its host only
follow_link() {
  local target
  if [ "$place_kind" != source ] || [ -z "$link_object" ] || [ "$link_hops" -ge 10 ]; then
    return 1
  fi
  link_hops=$((link_hops + 1))
  target=$(header location)
  case $target in
    //*) return 1 ;;
    /*) target=$(origin_of "$place_url")$target ;;
    http://* | https://*) ;;
    *) return 1 ;;
  esac
  if [ "$(origin_of "$target")" != "$(origin_of "$place_url")" ]; then
    place_config=
  fi
  place_url=$target
}

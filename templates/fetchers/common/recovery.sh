# shellcheck shell=bash
# What is done when a transfer fails.

# recover LANE FIRST LAST ATTEMPT: these bytes are still to be had; what is done
# about it is that attempt at them
recover() {
  local lane=$1 first=$2 last=$3 attempt=$4
  if [ -n "${lane_fault[lane]}" ]; then
    if [ "${lane_fault[lane]}" = "$ignores" ]; then
      ignored=$((ignored + 1))
      if [ "$ranges" != known ] || [ "$ignored" -gt 2 ]; then
        start_over "$ignores" "$attempt"
        ranges=ignored most_lanes=1
        return 0
      fi
    fi
    try_again "$first" "$last" "$attempt" fault "${lane_fault[lane]}"
    return 0
  fi
  case $http_status in
    30[12378])
      if [ -n "$link_object" ] && follow_link; then
        put_back "$first" "$last" "$attempt" 0
        return 0
      fi
      ;;
    400)
      # The Hub's bridge refuses to send very large files whole.
      if [ -n "${lane_plain[lane]}" ] && [ "$ranges" = unknown ]; then
        ranges=required
        put_back "$first" "$last" 1 0
        return 0
      fi
      ;;
    416)
      read_head "$headers" || :
      if [ "$size" = - ] && [ "$head_range" = "bytes */$first" ]; then
        learn_size "$first"
        return 0
      elif [ "$ranges" = unknown ] && [ -z "${lane_plain[lane]}" ]; then
        start_over "the server has no such range" "$attempt"
        ranges=ignored
        return 0
      fi
      ;;
    401 | 403 | 404)
      if { [ "$http_status" != 404 ] || { [ -n "${hides_private:-}" ] && [ -z "$authorization" ]; }; } &&
        [ "$fetch_resume_on_auth" = 1 ] && [ "$attempt" -le $((fetch_resume_attempts + 1)) ] && renew_access "$lane"; then
        put_back "$first" "$last" "$attempt" $((now + (attempt > 2 ? fetch_base_delay * 1000 : 0)))
        return 0
      fi
      ;;
  esac
  if [ "$curl_status" = 23 ]; then
    stop_at_limit "$lane"
  elif [ "$http_status" != 200 ] && [ "$http_status" != 206 ] && ! is_transient; then
    failure=request
  else
    try_again "$first" "$last" "$attempt" request "$(reason)"
  fi
}

ignores="the server ignores ranges"

# renew_access LANE: whether the next request may be let in: signed links expire
# and are asked for again at the source, and a token may be had anew. A fetcher
# that has credentials of last resort defines `find_last_token`, which sets
# `authorization`; where its service says of what is private that it isn't there,
# `hides_private` is set.
renew_access() {
  if [ "$place_kind" = source ] && [ -n "$link_object" ]; then
    renew_link "$1"
    return
  fi
  if [ "$(origin_of "$answered_at")" != "$(origin_of "$place_url")" ]; then
    log "HTTP $http_status: the link to the content has expired; asking for another"
  elif [ "$place_kind" = source ] && can_renew && [ -n "$authorization" ]; then
    # Another lane may have renewed it meanwhile.
    if [ $((lane_began[$1] / 1000)) -ge "$token_renewed" ]; then
      log "HTTP $http_status: access has ended; asking for another token"
      find_credentials
    fi
  elif [ "$place_kind" = source ] && [ -z "$authorization" ] && declare -F find_last_token >/dev/null && find_last_token; then
    log "HTTP $http_status: nobody may read this without credentials; going on with those of this machine"
  else
    return 1
  fi
}

# stop_at_limit LANE: curl could write no more: there is no room, or the server
# sends more than it should
stop_at_limit() {
  local end=${lane_end[$1]}
  if [ "$end" = - ]; then
    end=$((fetch_longest - 1))
  fi
  failure=request
  if [ "${lane_at[$1]}" -gt "$end" ]; then
    failure=excess
    failure_lines=("It sends more than the $((end + 1)) bytes that are expected.")
  fi
}

# start_over WHY [ATTEMPT]: nothing is kept, since it may be of other content
start_over() {
  local last=-
  stop_lanes
  if [ "$size" != - ]; then
    last=$((size - 1))
  fi
  todo=("0 $last ${2:-1} 0")
  version='' version_linked='' changed='' ignored=0 answers=0
  restarts=$((restarts + 1))
  if [ "$restarts" -gt 3 ]; then
    failure=changing
    return 0
  fi
  log "$1; starting over"
  if [ -n "$follower" ]; then
    start_following "$file"
  fi
}

# try_again FIRST LAST ATTEMPT KIND WHY: later, if that is not one too many
try_again() {
  local attempt=$3
  count_busy
  case $http_status:$curl_status in
    429:* | 503:* | *:7)
      # It may be the number of connections that the server minds.
      if [ "$busy" -gt 0 ] && [ "$busy" -lt "$most_lanes" ]; then
        most_lanes=$busy attempt=$((attempt - 1))
        log "$5; going on with $busy at once"
      fi
      ;;
  esac
  if [ "$attempt" -gt "$fetch_max_attempts" ]; then
    failure=$4 failure_title=$5
    return 0
  fi
  if ! tell_delay $((attempt < 2 ? 2 : attempt)); then
    failure=patience
    return 0
  fi
  if [ "$attempt" -gt 1 ]; then
    log "$5; attempt $attempt of $fetch_max_attempts in $(((delay + 500) / 1000)) s"
  fi
  if [ -n "$(asked_delay)" ]; then
    hold=$((now + delay)) # the server means all lanes
  fi
  put_back "$1" "$2" "$attempt" $((now + delay))
}

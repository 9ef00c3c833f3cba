# shellcheck shell=bash
# Lanes: transfers side by side into one file, each writing in place.
#
# A lane is a file descriptor with an offset of its own, which curl inherits as
# its standard output and writes to where the lane stands. So every byte is
# written once, and how far a transfer is can be read off the descriptor.

lane_count=0
lane_fd=()
lane_busy=()   # whether it has something to do
lane_pid=()    # empty where nothing runs
lane_from=()   # first byte that was asked for
lane_last=()   # last byte that is wanted of it; `-` where nobody knows
lane_end=()    # last byte that was asked for
lane_at=()     # the next byte that will be written
lane_plain=()  # whether the whole file was asked for, without a range
lane_tries=()  # which attempt at these bytes this is
lane_judged=() # whether the head of the answer was looked at
lane_good=()   # whether the answer brings what was asked for
lane_fault=()  # why not
lane_began=()  # when it was started: milliseconds since the epoch
lane_moved=()  # when it last got on
lane_rate=()   # bytes a millisecond of what it did last

desk=$work/$BASHPID # stem of the names of this process's own files

# open_lanes FILE COUNT
open_lanes() {
  local fd
  close_lanes
  desk=$work/$BASHPID
  while [ "$lane_count" -lt "$2" ]; do
    exec {fd}<>"$1" || return 1
    lane_fd[lane_count]=$fd lane_busy[lane_count]='' lane_pid[lane_count]=''
    lane_count=$((lane_count + 1))
  done
}

close_lanes() {
  local fd
  stop_lanes
  for fd in "${lane_fd[@]}"; do
    exec {fd}>&-
  done
  lane_fd=() lane_busy=() lane_pid=() lane_count=0
}

# start_lane LANE FIRST END LAST TRIES PLAIN: asks for FIRST to END, of which
# FIRST to LAST are wanted. No byte behind END is written, whatever is sent.
start_lane() {
  local lane=$1 first=$2 end=$3 plain=$6 fd=${lane_fd[$1]} limit range=()
  # dd moves an offset forwards only, so the lane starts with a new one.
  exec {fd}>&-
  exec {fd}<>"$file"
  lane_fd[lane]=$fd
  keep_fresh
  if [ -n "$link_object" ]; then
    keep_link
  fi
  if [ -z "$plain" ]; then
    range=(--range "$first-$end")
  fi
  # A server that knows no ranges sends the whole file, so the first request
  # has room for it.
  if [ "$end" != - ] && [ "$ranges" != unknown ]; then
    limit=$((end + 1))
  elif [ "$size" != - ]; then
    limit=$size
  else
    limit=$fetch_longest
  fi
  if [ -n "$fetch_bandwidth" ]; then
    range+=(--limit-rate $((fetch_bandwidth / most_lanes + 1)))
  fi
  lane_from[lane]=$first lane_end[lane]=$end lane_last[lane]=$4 lane_at[lane]=$first
  lane_tries[lane]=$5 lane_plain[lane]=$plain lane_judged[lane]='' lane_good[lane]='' lane_fault[lane]=''
  lane_began[lane]=$now lane_moved[lane]=$now
  if [ "$first" -gt 0 ]; then
    dd if=/dev/null bs=1 count=0 seek="$first" oflag=seek_bytes conv=notrunc status=none >&"$fd"
  fi
  : >"$desk.$lane.headers"
  : >"$desk.$lane.report"
  (
    if [ -n "$follower" ]; then
      exec {follower_feed}>&-
    fi
    bound "$limit"
    exec curl "${options[@]}" "${range[@]}" --dump-header "$desk.$lane.headers" --write-out "$report_format" \
      --config <(credentials 2>/dev/null) --url "$place_url" 2>"$desk.$lane.report" 1>&"$fd"
  ) &
  lane_pid[lane]=$! lane_busy[lane]=1
}

# find_lane LANE: sets where it stands. Where the system doesn't tell (macOS),
# that is known only once it has ended.
find_lane() {
  local at
  if read -r _ at 2>/dev/null <"$fetch_positions/${lane_fd[$1]}" && decimal "$at"; then
    if [ "$at" -ne "${lane_at[$1]}" ]; then
      lane_at[$1]=$at lane_moved[$1]=$now
    fi
    return 0
  fi
  return 1
}

# rate_lane LANE: notes how fast it was
rate_lane() {
  if [ -n "${lane_good[$1]}" ] && [ $((now - lane_began[$1])) -ge 200 ]; then
    lane_rate[$1]=$(((lane_at[$1] - lane_from[$1]) / (now - lane_began[$1]) + 1))
  fi
}

# stop_lane LANE
stop_lane() {
  local pid=${lane_pid[$1]}
  if [ -n "$pid" ]; then
    kill "$pid" 2>/dev/null || :
    wait "$pid" 2>/dev/null || :
    lane_pid[$1]=
  fi
}

stop_lanes() {
  local lane
  for ((lane = 0; lane < lane_count; lane++)); do
    stop_lane "$lane"
    lane_busy[lane]=
  done
}

# finished LANE: whether its curl has ended by itself
finished() {
  ! kill -0 "${lane_pid[$1]}" 2>/dev/null
}

# read_lane LANE: what its curl came to, as `read_report` sets it
read_lane() {
  curl_status=0
  wait "${lane_pid[$1]}" 2>/dev/null || curl_status=$?
  lane_pid[$1]=
  headers=$desk.$1.headers
  read_report "$desk.$1.report"
  if ! find_lane "$1"; then
    lane_at[$1]=$((lane_from[$1] + received))
  fi
}

# refuse LANE WHY: the answer is not what was asked for
refuse() {
  stop_lane "$1"
  headers=$desk.$1.headers http_status=$head_status proxy_status=000 curl_status=0 curl_message=''
  lane_fault[$1]=$2
}

refuse_size() {
  failure_lines=("expected: $size bytes" "got:      $2 bytes")
  case ${head_type,,} in
    text/html*) failure_lines+=("${page_hint:-It is a page (text/html): a portal or a proxy may be in between.}") ;;
  esac
  refuse "$1" "the file has another size than expected"
}

# judge LANE: looks at the head of the answer, once all of it is there. Sets
# `lane_good`, or `lane_fault` and ends the transfer.
judge() {
  local lane=$1 first=${lane_from[$1]} from to total tries
  if ! read_head "$desk.$lane.headers"; then
    return 0
  fi
  lane_judged[lane]=1
  case $head_status in
    200 | 206)
      case ${head_encoding,,} in
        '' | identity) ;;
        *)
          refuse "$lane" "the server compresses what was asked for as it is ($(printable "$head_encoding"))"
          return 0
          ;;
      esac
      ;;
    *) return 0 ;; # curl ends by itself
  esac
  if [ "$head_status" = 206 ]; then
    if [ -n "${lane_plain[lane]}" ] || ! [[ $head_range =~ ^bytes\ ([0-9]{1,15})-([0-9]{1,15})/([0-9]{1,15}|\*)$ ]]; then
      refuse "$lane" "the server sends bytes that were not asked for"
      return 0
    fi
    from=$((10#${BASH_REMATCH[1]})) to=$((10#${BASH_REMATCH[2]})) total=${BASH_REMATCH[3]}
    if [ "$from" -ne "$first" ] || [ "$to" -lt "$from" ] || [ "$to" -gt "${lane_end[lane]}" ]; then
      refuse "$lane" "the server answers a range of bytes with another"
      return 0
    fi
    if [ "$total" != '*' ]; then
      total=$((10#$total))
      if [ "$size" = - ]; then
        learn_size "$total"
      elif [ "$total" -ne "$size" ]; then
        refuse_size "$lane" "$total"
        return 0
      fi
    fi
    if [ "$to" -lt "${lane_last[lane]}" ]; then
      # A server may send less than it is asked for, but not a byte at a time.
      tries=1
      if [ $((to - from + 1)) -lt "$min_progress" ]; then
        tries=$((lane_tries[lane] + 1))
        if [ "$tries" -gt "$fetch_max_attempts" ]; then
          refuse "$lane" "the server sends only a few bytes at a time"
          return 0
        fi
      fi
      put_back $((to + 1)) "${lane_last[lane]}" "$tries" 0
      lane_last[lane]=$to
    fi
    ranges=known
  else
    if [ "$first" -ne 0 ] || { [ -z "${lane_plain[lane]}" ] && [ "$ranges" = known ]; }; then
      refuse "$lane" "$ignores"
      return 0
    fi
    if decimal "$head_length"; then
      total=$((10#$head_length))
      if [ "$size" = - ]; then
        size=$total
      elif [ "$total" -ne "$size" ]; then
        refuse_size "$lane" "$total"
        return 0
      fi
    fi
    # This lane brings the whole file.
    if [ -z "${lane_plain[lane]}" ]; then
      ranges=ignored
    fi
    todo=() lane_last[lane]=-
    if [ "$size" != - ]; then
      lane_last[lane]=$((size - 1))
    fi
    most_lanes=1
    lane_end[lane]=${lane_last[lane]}
  fi
  same_version "$lane" || return 0
  lane_good[lane]=1
}

# same_version LANE: whether the answer is of the content that the other answers
# are of
same_version() {
  local known=$version linked=$version_linked
  if [ -n "$head_version" ] && [ -n "$known" ] && [ "$head_version" != "$known" ]; then
    changed=1
  elif [ -n "$head_linked" ] && [ -n "$linked" ] && [ "$head_linked" != "$linked" ]; then
    changed=1
  fi
  if [ -n "$changed" ]; then
    refuse "$1" "the file changed while it was downloaded"
    return 1
  fi
  version=${known:-$head_version} version_linked=${linked:-$head_linked}
  answers=$((answers + 1))
}

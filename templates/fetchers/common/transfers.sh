# shellcheck shell=bash
# One file from one place, with as many lanes as help.

file=          # where it is written
size=-         # bytes of it; `-` where nobody knows yet
todo=()        # what no lane has, in the order of the file: `FIRST LAST ATTEMPT TIME`
had=0          # bytes that are there
best=0         # the most that ever were
noted=0        # what `best` was when the last failure was counted
frontier=0     # the bytes before this one are all there
answers=0      # how many answers the file is made of
ranges=unknown # whether the server knows ranges: known, ignored, required
ignored=0      # answers that ignored a range
restarts=0     # how often the file was started over
changed=       # whether its content changed meanwhile
version=       # which content it is, as its server states it
version_linked=
failure= # why the place was given up: request, patience, fault, excess, changing
failure_lines=()

# put_back FIRST LAST ATTEMPT TIME: something to do, not before that time
put_back() {
  local item i=0
  for item in "${todo[@]}"; do
    if [ "${item%% *}" -gt "$1" ]; then
      break
    fi
    i=$((i + 1))
  done
  todo=("${todo[@]:0:i}" "$*" "${todo[@]:i}")
}

# learn_size BYTES: the server states what nobody knew
learn_size() {
  local lane item first last tries time all=("${todo[@]}")
  size=$1
  for ((lane = 0; lane < lane_count; lane++)); do
    if [ -n "${lane_busy[lane]}" ] && [ "${lane_last[lane]}" -ge "$size" ]; then
      lane_last[lane]=$((size - 1)) lane_end[lane]=$((size - 1))
    fi
  done
  todo=()
  for item in "${all[@]}"; do
    read -r first last tries time <<<"$item"
    if [ "$last" = - ]; then
      last=$((size - 1))
    fi
    if [ "$first" -le "$last" ]; then
      put_back "$first" "$last" "$tries" "$time"
    fi
  done
  plan_slices
}

# count_bytes: sets `had`, `best` and `frontier`
count_bytes() {
  local item lane first last at missing=0
  frontier=$size
  for item in "${todo[@]}"; do
    read -r first last _ <<<"$item"
    if [ "$last" != - ]; then
      missing=$((missing + last - first + 1))
    fi
    if [ "$frontier" = - ] || [ "$first" -lt "$frontier" ]; then
      frontier=$first
    fi
  done
  for ((lane = 0; lane < lane_count; lane++)); do
    if [ -n "${lane_busy[lane]}" ]; then
      at=${lane_from[lane]} last=${lane_last[lane]}
      if [ -n "${lane_good[lane]}" ]; then
        at=${lane_at[lane]}
      fi
      if [ "$last" != - ]; then
        at=$((at > last ? last + 1 : at))
        missing=$((missing + last - at + 1))
      fi
      if [ "$frontier" = - ] || [ "$at" -lt "$frontier" ]; then
        frontier=$at
      fi
    fi
  done
  if [ "$size" != - ]; then
    had=$((size - missing))
  elif [ "$frontier" != - ]; then
    had=$frontier
  fi
  best=$((had > best ? had : best))
}

# pull: what is left to do of the file, from `place_url`. Fails where this place
# is given up, and sets `failure`.
pull() {
  local lane pause=5 wait
  failure='' failure_lines=() ranges=unknown version='' version_linked='' changed='' ignored=0 restarts=0 hold=0
  if [ "${place_url%%\?*}" = "$resumed_place" ]; then
    version=$resumed_version version_linked=$resumed_linked
  fi
  count_bytes
  noted=$best
  paced=first pace_time=0 pace_bytes=$had
  if [ "$fetch_fast" -eq 0 ] || [ ! -r "$fetch_positions/${lane_fd[0]}" ]; then
    paced=limited pace_time=-1
  fi
  plan_slices
  request_options "$place_url"
  while :; do
    tell_time
    fill_lanes
    if [ ${#todo[@]} -eq 0 ] && [ "$busy" -eq 0 ]; then
      break
    fi
    # Short at first: a small file is there at once.
    printf -v wait '0.%03d' "$pause"
    read -r -t "$wait" -u "$silence" || :
    pause=$((pause < 50 ? pause * 2 : 50))
    if [ "$paced" != limited ] || { [ "$size" != - ] && [ $((size - had)) -lt 33554432 ]; }; then
      pause=$((pause < 15 ? pause : 15)) # something is about to happen
    fi
    tell_time
    for ((lane = 0; lane < lane_count; lane++)); do
      if [ -n "${lane_busy[lane]}" ] && [ -z "$failure$changed" ]; then
        watch "$lane"
      fi
    done
    if [ -z "$failure$changed" ]; then
      wake_lanes
    fi
    if [ -n "$changed" ]; then
      start_over "the file changed while it was downloaded"
    fi
    if [ -n "$failure" ]; then
      count_bytes
      take_all_back
      return 1
    fi
    count_bytes
    if [ "$frontier" != - ]; then
      follow "$frontier"
    fi
    pace
    report "$had"
    note_progress
  done
  count_bytes
}

# watch LANE: looks after a busy lane
watch() {
  local lane=$1
  find_lane "$lane" || :
  if [ -z "${lane_judged[lane]}" ]; then
    judge "$lane"
  fi
  if [ -n "$changed" ]; then
    return 0
  elif [ -z "${lane_pid[lane]}" ]; then
    settle "$lane" # its answer was refused
  elif finished "$lane"; then
    read_lane "$lane"
    if [ -z "${lane_judged[lane]}" ]; then
      judge "$lane"
    fi
    settle "$lane"
  elif [ -n "${lane_good[lane]}" ] && [ "${lane_last[lane]}" != - ] && [ "${lane_at[lane]}" -gt "${lane_last[lane]}" ]; then
    # What comes now is another lane's.
    stop_lane "$lane"
    rate_lane "$lane"
    lane_busy[lane]=
  fi
}

# settle LANE: its transfer is over: is anything missing?
settle() {
  local lane=$1 at=${lane_at[$1]} last=${lane_last[$1]} tries
  if [ -n "$changed" ]; then
    return 0
  fi
  count_bytes
  rate_lane "$lane"
  lane_busy[lane]=
  if [ -z "${lane_good[lane]}" ]; then
    at=${lane_from[lane]}
  elif [ "$last" = - ]; then
    if [ "$curl_status" -eq 0 ]; then
      size=$at
      return 0
    fi
  elif [ "$at" -gt "$last" ]; then
    if [ "$http_status" = 200 ] && [ "$curl_status" = 23 ]; then
      stop_at_limit "$lane"
    fi
    return 0
  elif [ "$curl_status" -eq 0 ] && [ "$http_status" = 200 ]; then
    # The body ended in good order, so it is other content: a page, say.
    at=${lane_from[lane]}
  fi
  tries=$((lane_tries[lane] + 1))
  if [ "$best" -ge $((noted + min_progress)) ]; then
    tries=2 noted=$best
  fi
  if [ "$ranges" = ignored ]; then
    at=0
  fi
  recover "$lane" "$at" "$last" "$tries"
  if [ -n "$failure" ]; then
    put_back "$at" "$last" 1 0 # for another place
  fi
}

# take_all_back: ends all transfers, and notes what they had still to do
take_all_back() {
  local lane at
  for ((lane = 0; lane < lane_count; lane++)); do
    if [ -n "${lane_busy[lane]}" ]; then
      find_lane "$lane" || :
      stop_lane "$lane"
      at=${lane_from[lane]}
      if [ -n "${lane_good[lane]}" ]; then
        at=${lane_at[lane]}
      fi
      if [ "${lane_last[lane]}" = - ] || [ "$at" -le "${lane_last[lane]}" ]; then
        put_back "$at" "${lane_last[lane]}" 1 0
      fi
      lane_busy[lane]=
    fi
  done
}

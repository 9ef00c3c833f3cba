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
slice=0      # bytes that a lane asks for
most_lanes=1 # lanes that may be busy
hold=0       # milliseconds since the epoch: no lane starts before
failure=     # why the place was given up: request, patience, fault, excess, changing
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

# plan_slices: how much a lane asks for: enough that asking costs little, and
# little enough that lanes stay close together, which keeps what is not hashed
# yet in memory. All lanes get the same number of slices.
plan_slices() {
  local rounds
  slice=$fetch_slice most_lanes=1
  if [ "$size" = - ] || [ "$size" -lt "$fetch_parallel_from" ]; then
    return 0
  fi
  most_lanes=$lane_count
  slice=$((size / 32))
  slice=$((slice < fetch_parallel_from ? fetch_parallel_from : slice))
  slice=$((slice > fetch_slice ? fetch_slice : slice))
  rounds=$(((size + lane_count * slice - 1) / (lane_count * slice)))
  slice=$(((size + lane_count * rounds - 1) / (lane_count * rounds)))
  slice=$(((slice + 4095) / 4096 * 4096))
}

# fill_lanes: gives idle lanes something to do. Until the server has shown that
# it knows ranges, one lane is enough.
fill_lanes() {
  local lane allowed=$most_lanes busy
  if [ "$ranges" != known ] || [ "$now" -lt "$hold" ]; then
    allowed=1
  fi
  busy=$(busy_lanes)
  for ((lane = 0; lane < lane_count && busy < allowed; lane++)); do
    if [ -z "${lane_busy[lane]}" ] && [ "$now" -ge "$hold" ] && give_work "$lane"; then
      busy=$((busy + 1))
    fi
  done
}

busy_lanes() {
  local lane busy=0
  for ((lane = 0; lane < lane_count; lane++)); do
    if [ -n "${lane_busy[lane]}" ]; then
      busy=$((busy + 1))
    fi
  done
  printf %d "$busy"
}

# give_work LANE: fails where there is nothing to do
give_work() {
  local lane=$1 i first last tries time end
  for ((i = 0; i < ${#todo[@]}; i++)); do
    read -r first last tries time <<<"${todo[i]}"
    if [ "$time" -gt "$now" ]; then
      continue
    fi
    todo=("${todo[@]:0:i}" "${todo[@]:i+1}")
    if asks_for_all "$first" "$last"; then
      start_lane "$lane" 0 "$last" "$last" "$tries" 1
      return 0
    fi
    end=$((first + slice - 1))
    if [ "$last" = - ] || [ "$end" -lt "$last" ]; then
      put_back $((end + 1)) "$last" 1 0
    else
      end=$last
    fi
    start_lane "$lane" "$first" "$end" "$end" "$tries" ''
    return 0
  done
  [ ${#todo[@]} -eq 0 ] && share_work "$lane"
}

# asks_for_all FIRST LAST: whether a request without a range will do
asks_for_all() {
  if [ "$1" -ne 0 ] || [ "$ranges" = required ]; then
    return 1
  fi
  [ "$ranges" = ignored ] ||
    { [ "$size" != - ] && [ "$2" = $((size - 1)) ] && [ "$most_lanes" -eq 1 ] && [ "$size" -le "$fetch_slice" ]; }
}

# share_work LANE: takes half of what the slowest lane has still to do. That one
# is stopped when it gets there.
share_work() {
  local lane slowest='' most=$((2 * fetch_least_slice)) left middle last
  for ((lane = 0; lane < lane_count; lane++)); do
    if [ -n "${lane_busy[lane]}" ] && [ -n "${lane_good[lane]}" ] && [ "${lane_last[lane]}" != - ]; then
      left=$((lane_last[lane] - lane_at[lane]))
      if [ "$left" -ge "$most" ]; then
        most=$left slowest=$lane
      fi
    fi
  done
  # Without /proc nobody knows how far a lane is, nor when to stop it.
  if [ -z "$slowest" ] || ! find_lane "$slowest"; then
    return 1
  fi
  last=${lane_last[slowest]}
  middle=$(((lane_at[slowest] + last) / 2 / 4096 * 4096))
  if [ "$middle" -le "${lane_at[slowest]}" ]; then
    return 1
  fi
  lane_last[slowest]=$((middle - 1))
  start_lane "$1" "$middle" "$last" "$last" 1 ''
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
  local lane pause=5
  failure='' failure_lines=() ranges=unknown version='' version_linked='' changed='' ignored=0 restarts=0 hold=0
  if [ "${place_url%%\?*}" = "$resumed_place" ]; then
    version=$resumed_version version_linked=$resumed_linked
  fi
  count_bytes
  noted=$best
  plan_slices
  request_options "$place_url"
  if [ -n "$fetch_bandwidth" ]; then
    options+=(--limit-rate $((fetch_bandwidth / most_lanes + 1)))
  fi
  while :; do
    tell_time
    fill_lanes
    if [ ${#todo[@]} -eq 0 ] && [ "$(busy_lanes)" -eq 0 ]; then
      break
    fi
    # Short at first: a small file is there at once.
    read -r -t "0.$(printf %03d "$pause")" -u "$silence" || :
    pause=$((pause < 50 ? pause * 2 : 50))
    tell_time
    for ((lane = 0; lane < lane_count; lane++)); do
      if [ -n "${lane_busy[lane]}" ] && [ -z "$failure$changed" ]; then
        watch "$lane"
      fi
    done
    if [ -n "$changed" ]; then
      start_over "the file changed while it was downloaded"
    fi
    if [ -n "$failure" ]; then
      stop_lanes
      return 1
    fi
    count_bytes
    if [ "$frontier" != - ]; then
      follow "$frontier"
    fi
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
}

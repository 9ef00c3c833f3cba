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
hash_follows= # whether the file is hashed while it comes
slice=0       # bytes that a lane asks for
last_wave=    # from this byte on it asks for less:
last_slice=0  # that many
most_lanes=1  # lanes that may be busy
hold=0        # milliseconds since the epoch: no lane starts before
failure=      # why the place was given up: request, patience, fault, excess, changing
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

# plan_slices: how much a lane asks for. Few long slices, since each costs a
# connection; but where the whole file is hashed while it comes, the last eighth
# is left for short ones: of what comes in a last wave only one lane's part can
# be hashed before all of it is there.
plan_slices() {
  local rounds rest
  slice=$fetch_slice last_wave='' most_lanes=1
  if [ "$size" = - ] || [ "$size" -lt "$fetch_parallel_from" ]; then
    return 0
  fi
  most_lanes=$lane_count
  slice=$((size * 7 / (8 * lane_count)))
  if [ "$hash_follows" != 1 ] || [ $((size / 8 / lane_count)) -lt $((4 * fetch_least_slice)) ]; then
    slice=$(((size + lane_count - 1) / lane_count + 4095))
  fi
  slice=$((slice > fetch_slice ? fetch_slice : slice))
  slice=$((slice < 4096 ? 4096 : slice / 4096 * 4096))
  rounds=$((size * 7 / (8 * lane_count * slice)))
  if [ "$rounds" -gt 0 ]; then
    last_wave=$((rounds * lane_count * slice))
    rest=$((size - last_wave))
    last_slice=$(((rest / lane_count + 4096) / 4096 * 4096))
    last_slice=$((last_slice > slice ? slice : last_slice))
  fi
}

# fill_lanes: gives idle lanes something to do. Until the server has shown that
# it knows ranges, one lane is enough.
fill_lanes() {
  local lane allowed=$most_lanes
  if [ "$ranges" != known ] || [ "$paced" = first ]; then
    allowed=1
  elif [ "$paced" = fast ] && [ "$allowed" -gt 2 ]; then
    allowed=2
  fi
  count_busy
  if [ "$now" -lt "$hold" ]; then
    return 0
  fi
  for ((lane = 0; lane < lane_count && busy < allowed; lane++)); do
    if [ -z "${lane_busy[lane]}" ]; then
      if ! give_work "$lane"; then
        break
      fi
      busy=$((busy + 1))
    fi
  done
}

# pace: how many lanes help? One that is as fast as this machine can take it in is
# limited by nothing, and more would only get in each other's way: their writes
# to one file wait for each other. So the first is watched for an instant, and
# the sum now and then.
paced=first  # fast or not, once that is known
pace_time=0  # of the last look: milliseconds since the epoch
pace_bytes=0 # what was had then
pace() {
  local time=$((now - pace_time)) rate
  if [ "$fetch_fast" -eq 0 ]; then
    return 0
  elif [ "$pace_time" -eq 0 ]; then
    if [ "$had" -gt "$pace_bytes" ]; then
      pace_time=$now pace_bytes=$had
    fi
  elif [ "$time" -ge 500 ] || { [ "$paced" = first ] && [ "$time" -ge 40 ]; }; then
    count_busy
    rate=$(((had - pace_bytes) / time / (busy > 0 ? busy : 1)))
    paced=limited
    if [ "$rate" -ge "$fetch_fast" ]; then
      paced=fast
    fi
    pace_time=$now pace_bytes=$had
  fi
}

# count_busy: sets `busy` to the number of lanes that have something to do
busy=0
count_busy() {
  local lane
  busy=0
  for lane in "${lane_busy[@]}"; do
    busy=$((busy + ${lane:-0}))
  done
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
    if [ -n "$last_wave" ] && [ "$first" -ge "$last_wave" ]; then
      end=$((first + last_slice - 1))
    fi
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

# share_work LANE: takes over a part of what takes another lane longest, so that
# both end together. That one is stopped when it gets there.
share_work() {
  local lane slowest='' longest=$fetch_share_from left time rate own=0 known=0 slow=0 last middle part
  for ((lane = 0; lane < lane_count; lane++)); do
    if [ -n "${lane_busy[lane]}" ] && [ -n "${lane_good[lane]}" ] && [ "${lane_last[lane]}" != - ]; then
      left=$((lane_last[lane] - lane_at[lane] + 1)) time=$((now - lane_began[lane] + 1))
      rate=$(((lane_at[lane] - lane_from[lane]) / time + 1))
      own=$((own + rate)) known=$((known + 1))
      if [ "$time" -gt 300 ] && [ "$left" -ge "$fetch_least_slice" ] && [ $((left / rate)) -ge "$longest" ]; then
        longest=$((left / rate)) slowest=$lane slow=$rate
      fi
    elif [ "${lane_rate[lane]:-0}" -gt 0 ]; then
      own=$((own + lane_rate[lane])) known=$((known + 1))
    fi
  done
  # Without /proc nobody knows how far a lane is, nor when to stop it.
  if [ -z "$slowest" ] || ! find_lane "$slowest"; then
    return 1
  fi
  own=${lane_rate[$1]:-$((own / known))}
  last=${lane_last[slowest]}
  left=$((last - lane_at[slowest] + 1))
  # Not all that is too much for it: the next lanes that are done share it too.
  part=$((left * own / (slow + own)))
  part=$((part > left * 2 / most_lanes ? left * 2 / most_lanes : part))
  part=$((part < fetch_least_slice / 2 ? fetch_least_slice / 2 : part))
  middle=$(((last + 1 - part + 4095) / 4096 * 4096))
  if [ "$middle" -le "${lane_at[slowest]}" ] || [ "$middle" -gt "$last" ]; then
    return 1
  fi
  lane_last[slowest]=$((middle - 1))
  start_lane "$1" "$middle" "$last" "$last" 1 ''
}

# wake_lanes: where all wait for one that stands still, what it has is given to
# another. With one lane, curl's own limit is the only one.
wake_lanes() {
  local lane
  if [ ${#todo[@]} -gt 0 ] || [ "$busy" -ge "$most_lanes" ]; then
    return 0
  fi
  for ((lane = 0; lane < lane_count; lane++)); do
    if [ -n "${lane_busy[lane]}" ] && [ $((now - lane_moved[lane])) -gt $((fetch_stand_still * 1000)) ]; then
      headers=$desk.$lane.headers http_status=000 proxy_status=000 curl_status=28 curl_message=''
      stop_lane "$lane"
      settle "$lane"
    fi
  done
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
  if [ "$fetch_fast" -eq 0 ]; then
    paced=limited
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
    if [ "$ranges" = known ] && [ "$paced" = first ]; then
      pause=10
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

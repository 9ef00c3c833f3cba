# shellcheck shell=bash
# Which lane does what, and when: how a file is parted, how many lanes help, and
# what a lane does that has nothing left.

hash_follows= # whether the file is hashed while it comes
slice=0       # bytes that a lane asks for
last_wave=    # from this byte on it asks for less:
last_slice=0  # that many
most_lanes=1  # lanes that may be busy
hold=0        # milliseconds since the epoch: no lane starts before

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
  elif [ "$paced" = fast ] && [ "$allowed" -gt "$fast_lanes" ]; then
    allowed=$fast_lanes
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
# the sum now and then. Where the system doesn't tell how fast they are, all help.
paced=first  # fast or not, once that is known
fast_lanes=2 # that help where nothing limits them
pace_time=0  # of the last look: milliseconds since the epoch; -1: nobody looks
pace_bytes=0 # what was had then
# Milliseconds until the next look.
declare -A pace_pause=([first]=40 [fast]=150 [limited]=500)
pace() {
  local time=$((now - pace_time)) rate
  if [ "$pace_time" -lt 0 ]; then
    return 0
  elif [ "$pace_time" -eq 0 ]; then
    if [ "$had" -gt "$pace_bytes" ]; then
      pace_time=$now pace_bytes=$had
    fi
  elif [ "$time" -ge "${pace_pause[$paced]}" ]; then
    count_busy
    rate=$(((had - pace_bytes) / time / (busy > 0 ? busy : 1)))
    paced=limited
    if [ "$rate" -ge "$fetch_fast" ]; then
      paced=fast
      count_processors
      fast_lanes=$((processors < 4 ? 1 : 2))
    fi
    pace_time=$now pace_bytes=$had
  fi
}

# count_processors: sets `processors`
processors=
count_processors() {
  processors=${processors:-$(nproc)}
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
    if [ "$paced" = fast ]; then
      end=$((first + fetch_slice - 1)) # for few lanes, few requests
    elif [ -n "$last_wave" ] && [ "$first" -ge "$last_wave" ]; then
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
  # Where nobody knows how far a lane is, nobody knows when to stop it.
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
    if [ -n "${lane_busy[lane]}" ] && find_lane "$lane" && [ $((now - lane_moved[lane])) -gt $((fetch_stand_still * 1000)) ]; then
      headers=$desk.$lane.headers http_status=000 proxy_status=000 curl_status=28 curl_message=''
      stop_lane "$lane"
      settle "$lane"
    fi
  done
}

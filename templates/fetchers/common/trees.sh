# shellcheck shell=bash
# The files of one tree, several at once.

# share of the total that this process has, for the line about all files
progress_file=
progress_next=0

# note_progress: now and then, for who looks on
note_progress() {
  if [ "$now" -ge "$progress_next" ]; then
    progress_next=$((now + 1000))
    if [ -n "$progress_file" ]; then
      printf '%s\n' "$had" >"$progress_file"
    fi
    note_partial
  fi
}

# fetch_tree TARGET LIST: all files of a list of lines `size TAB digest TAB path`,
# each with the facts of its file behind it where the lock states any. A fetcher
# defines `fetch_file PATH SIZE DIGEST TARGET`.
fetch_tree() {
  local target=$1 list=$2 size digest path rest total=0 i share batch
  local stated=()
  local sizes=() digests=() paths=() small=() large=()
  while IFS=$'\t' read -r size digest path rest; do
    if [ -n "$rest" ]; then
      IFS=$'\t' read -r -a stated <<<"$rest"
      note_facts "$path" "${stated[@]}"
    fi
    if [ "$size" != - ]; then
      total=$((total + size))
    fi
    if [ "$size" != - ] && [ "$digest" != - ] && [ "$size" -le "$fetch_small_file" ] && [ "$size" -gt 0 ]; then
      small+=("${#paths[@]}")
    else
      large+=("${#paths[@]}")
    fi
    sizes+=("$size") digests+=("$digest") paths+=("$path")
  done <"$list"
  mkdir -p -- "$target"
  require_space "$total" "$target"
  make_folders "$target" "${paths[@]}"
  log "fetching ${#paths[@]} files ($(amount "$total"))"

  # What each has to itself, of what all have together.
  if [ ${#large[@]} -lt "$fetch_parallel_files" ]; then
    fetch_parallel_files=$((${#large[@]} + (${#small[@]} > 0 ? 1 : 0)))
  fi
  fetch_parallel_files=$((fetch_parallel_files < 1 ? 1 : fetch_parallel_files))
  fetch_connections=$((fetch_connections / fetch_parallel_files))
  fetch_connections=$((fetch_connections < 1 ? 1 : fetch_connections))
  if [ -n "$fetch_bandwidth" ]; then
    fetch_bandwidth=$((fetch_bandwidth / fetch_parallel_files + 1))
  fi

  jobs_running=()
  share=$(((${#small[@]} + fetch_parallel_files - 1) / fetch_parallel_files))
  share=$((share < 100 ? 100 : (share > 1000 ? 1000 : share)))
  for ((i = 0; i < ${#small[@]}; i += share)); do
    batch=("${small[@]:i:share}")
    run_job "$total" fetch_batch "$target" "${batch[@]}"
  done
  for i in "${large[@]}"; do
    run_job "$total" fetch_file "${paths[i]}" "${sizes[i]}" "${digests[i]}" "$target/${paths[i]}"
  done
  while [ ${#jobs_running[@]} -gt 0 ]; do
    await_job "$total"
  done
}

# make_folders TARGET PATH...: those that the paths need
make_folders() {
  local target=$1 path folder
  local i folders=()
  local -A seen=()
  shift
  for path; do
    if [[ $path == */* ]]; then
      folder=$target/${path%/*}
      if [ -z "${seen["$folder"]:-}" ]; then
        seen["$folder"]=1
        folders+=("$folder")
      fi
    fi
  done
  for ((i = 0; i < ${#folders[@]}; i += 100)); do
    mkdir -p -- "${folders[@]:i:100}"
  done
}

# ── Jobs ────────────────────────────────────────────────────────────────────

jobs_running=()

# run_job TOTAL COMMAND...: beside the others, as soon as there is a place
run_job() {
  local total=$1
  shift
  while [ ${#jobs_running[@]} -ge "$fetch_parallel_files" ]; do
    await_job "$total"
  done
  job "$@" &
  jobs_running+=($!)
  helpers+=($!)
}

# job COMMAND...: what runs beside this shell
job() {
  trap 'end_helpers; keep_partial' EXIT
  trap 'exit 143' TERM
  helpers=() progress_file=$work/progress.$BASHPID had=0
  "$@"
  # All of it counts from now on.
  printf '%s\n' "$had" >"$progress_file"
}

# await_job TOTAL: until one has ended; where it has failed, so has the tree
await_job() {
  local pid left=() status bytes=0 sum=0 progress
  read -r -t 0.05 -u "$silence" || :
  for pid in "${jobs_running[@]}"; do
    if kill -0 "$pid" 2>/dev/null; then
      left+=("$pid")
    else
      status=0
      wait "$pid" || status=$?
      if [ "$status" -ne 0 ]; then
        failure_title="a file could not be fetched"
        exit 1
      fi
    fi
  done
  jobs_running=("${left[@]}")
  tell_time
  if [ "$report_next" -eq 0 ]; then
    start_report "all files" "$1" 0
  elif [ "$now" -ge "$report_next" ]; then
    for progress in "$work"/progress.*; do
      if [ -e "$progress" ] && read -r bytes <"$progress" && decimal "$bytes"; then
        sum=$((sum + bytes))
      fi
    done
    report "$sum"
  fi
}

# ── Small files ─────────────────────────────────────────────────────────────

# fetch_batch TARGET INDEX...: files of the tree by one curl, which keeps its
# connections. What it fails to get is asked for alone, by the one that knows
# how to recover; then the rest once more.
fetch_batch() {
  local target=$1 left=() i missing
  shift
  left=("$@")
  while [ ${#left[@]} -gt 0 ]; do
    get_all "$target" "${left[@]}"
    missing=()
    check_all "$target" "${left[@]}"
    left=("${missing[@]}")
    if [ ${#left[@]} -gt 0 ]; then
      i=${left[0]} left=("${left[@]:1}")
      rm -f -- "$target/${paths[i]}"
      fetch_file "${paths[i]}" "${sizes[i]}" "${digests[i]}" "$target/${paths[i]}"
    fi
  done
  had=0
  for i in "$@"; do
    had=$((had + sizes[i]))
  done
}

# get_all TARGET INDEX...: what comes, comes
get_all() {
  local target=$1
  shift
  keep_fresh
  go_to "${places[0]}" "${paths[$1]}" "${digests[$1]}" || return 0
  if [ "$place_kind" != source ]; then
    return 0 # a mirror may know files by other names
  fi
  request_options "$place_url"
  if [ -n "$fetch_bandwidth" ]; then
    options+=(--limit-rate $((fetch_bandwidth / fetch_connections + 1)))
  fi
  (
    bound "$fetch_small_file"
    exec curl -q --parallel --parallel-max "$fetch_connections" --no-progress-meter --config <(
      if [ -n "$place_config$place_signer" ]; then
        list_requests "$target" "$@"
      else
        list_addresses "$target" "$@"
      fi
    ) 2>/dev/null
  ) &
  # Waited for like this, since a signal would wait for a command otherwise.
  helpers+=($!)
  wait $! || :
}

# list_addresses TARGET INDEX...: a curl configuration of requests that differ in
# their addresses only
list_addresses() {
  local target=$1 i
  shift
  list_options
  credentials
  for i; do
    printf 'url = "%s"\noutput = "%s"\n' "$(quoted "$(url_at "${fetch_endpoint:-}" "${paths[i]}")")" "$(quoted "$target/${paths[i]}")"
  done
}

# list_requests TARGET INDEX...: one of requests of which each has its own
# credentials, such as signatures
list_requests() {
  local target=$1 i between=
  shift
  for i; do
    go_to "${places[0]}" "${paths[i]}" "${digests[i]}" || continue
    printf '%s' "$between"
    list_options
    credentials
    printf 'url = "%s"\noutput = "%s"\n' "$(quoted "$place_url")" "$(quoted "$target/${paths[i]}")"
    between=$'next\n'
  done
}

# list_options: `options` as a curl configuration
list_options() {
  local i
  printf 'remove-on-error\n'
  for ((i = 1; i < ${#options[@]}; i++)); do # the first is -q
    if [[ ${options[i + 1]:---} == --* ]]; then
      printf '%s\n' "${options[i]#--}"
    else
      printf '%s = "%s"\n' "${options[i]#--}" "$(quoted "${options[i + 1]}")"
      i=$((i + 1))
    fi
  done
}

# check_all TARGET INDEX...: sets `missing` to those that are not what they
# should be
check_all() {
  local target=$1 i present=() names=() lengths=() hashes=()
  shift
  for i; do
    if [ -f "$target/${paths[i]}" ]; then
      present+=("$i")
      names+=("$target/${paths[i]}")
    else
      missing+=("$i")
    fi
  done
  if [ ${#present[@]} -eq 0 ]; then
    return 0
  fi
  # One line a file, in their order. The hash of a name with a backslash has one
  # before it.
  mapfile -t lengths < <(stat -c %s -- "${names[@]}")
  mapfile -t hashes < <(digests "${names[@]}")
  for ((i = 0; i < ${#present[@]}; i++)); do
    hashes[i]=${hashes[i]#\\}
    if [ "${lengths[i]}" != "${sizes[present[i]]}" ] || ! matches "${names[i]}" "${digests[present[i]]}" "${hashes[i]:0:64}"; then
      missing+=("${present[i]}")
    fi
  done
}

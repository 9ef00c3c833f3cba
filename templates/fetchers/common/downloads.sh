# shellcheck shell=bash
# One file, from the first place that has it.

# A descriptor on which nothing ever comes: waiting for it is sleeping, without
# a process.
mkfifo -- "$work/silence"
exec {silence}<>"$work/silence"

stated_size=-

# obtain PATH SIZE DIGEST TARGET: TARGET becomes that file, or the run ends.
# SIZE and DIGEST may be `-`, for not known. A fetcher defines `url_at ENDPOINT
# PATH`, the address of a file at its source.
obtain() {
  local path=$1 digest=$3 target=$4 place round=0 pause=$fetch_round_delay lanes=$fetch_connections
  stated_size=$2 file=$target had=0 best=0 resumed_version='' resumed_linked='' first_failure=() other_failures=()
  forget
  if [ "$size" = 0 ]; then
    todo=()
  fi
  if [ "$size" != - ] && [ "$size" -lt "$fetch_parallel_from" ]; then
    lanes=1
  fi
  begin_partial "$digest" "$(url_at "${fetch_endpoint:-}" "$path")"
  if ! prepare "$lanes"; then
    fail "The output can't be written" "It is $file" -- "Look at the file system of the Nix store: is it mounted read-only?"
  fi
  count_bytes
  start_report "$(shown "$path")" "$size" "$had"
  while :; do
    for place in "${places[@]}"; do
      if ! go_to "$place" "$path" "$digest"; then
        continue
      fi
      if fetch_here "$digest"; then
        close_lanes
        finish_partial "$target"
        return 0
      fi
      remember_failure
    done
    round=$((round + 1))
    if [ "$fetch_on_failure" != retry ] || [ "$round" -gt "$fetch_rounds" ]; then
      tell_failure
    fi
    log "$failure_words; starting over in $pause s ($round of $fetch_rounds)"
    sleep "$pause.$((RANDOM % 10))"
    pause=$((pause * 2)) first_failure=() other_failures=()
  done
}

# prepare LANES: the file in its full length, before anything is written
prepare() {
  { : >>"$file"; } 2>/dev/null || return 1
  if [ "$size" != - ]; then
    truncate -s "$size" -- "$file" 2>/dev/null || return 1
  fi
  open_lanes "$file" "$1"
}

# fetch_here DIGEST: what is missing, from `place_url`, and the check of all
fetch_here() {
  local digest=$1 again=''
  hash_follows=
  if [[ $digest == sha256-* ]]; then
    hash_follows=1
  fi
  while :; do
    if [ -n "$hash_follows" ] && { [ "$size" = - ] || [ "$size" -ge "$fetch_parallel_from" ]; } && [ -z "$follower" ]; then
      start_following "$file"
    fi
    if ! pull; then
      stop_following
      case $stated_size:$failure in
        -:* | *:excess | *:changing) forget ;;
      esac
      return 1
    fi
    follow "$size" all
    finish_following
    if [ "$(size_of "$file")" -gt "$size" ]; then
      truncate -s "$size" -- "$file"
    fi
    if matches "$file" "$digest" "$followed_digest"; then
      return 0
    fi
    # Parts of several answers may not belong together.
    if [ -n "$again" ] || { [ "$answers" -le 1 ] && [ -z "$resumed" ]; }; then
      failure=mismatch
      forget
      return 1
    fi
    again=1 resumed='' resumed_place='' restarts=0
    start_over "the parts don't add up to the file"
  done
}

# forget: nothing of what a place sent is of use for the next
forget() {
  size=$stated_size answers=0 resumed='' resumed_place=''
  if [ "$size" = - ]; then
    todo=("0 - 1 0")
  else
    todo=("0 $((size - 1)) 1 0")
  fi
}

# ── What failed ─────────────────────────────────────────────────────────────

first_failure=()
other_failures=()

# remember_failure: the first is what the error is about
failure_words=
remember_failure() {
  local why
  case $failure in
    mismatch) why="the content does not match its hash" ;;
    request) why=$(reason) ;;
    patience) why="the server asks to wait for $asked_for seconds" ;;
    excess) why="the server sends more than it should" ;;
    changing) why="the file changes while it is downloaded" ;;
    *) why=$failure_title ;;
  esac
  if [ ${#first_failure[@]} -eq 0 ]; then
    cp -- "$headers" "$work/first-failure.$BASHPID"
    first_failure=("$failure" "$failure_title" "$http_status" "$proxy_status" "$curl_status" "$curl_message"
      "$place_url" "$asked_for" "$wanted" "$got" "$had" "${failure_lines[@]}")
  else
    other_failures+=("$(public "$place_url"): $why")
  fi
  failure_words=$why
  if [ ${#places[@]} -gt 1 ]; then
    log "$(public "$place_url"): $why"
    failure_words="no place has it"
  fi
}

# tell_failure: the end of the run
tell_failure() {
  local kind=${first_failure[0]} title=${first_failure[1]} place=${first_failure[6]} bytes=${first_failure[10]}
  local lines=("${first_failure[@]:11}") others=() other step="Lock the model again: the file may not be the one that was locked (nixgen update)"
  http_status=${first_failure[2]} proxy_status=${first_failure[3]} curl_status=${first_failure[4]}
  curl_message=${first_failure[5]} headers=$work/first-failure.$BASHPID
  subject+=("URL:      $(public "$place")")
  for other in "${other_failures[@]}"; do
    others+=("also tried: $other")
  done
  case $kind in
    mismatch)
      case ${first_failure[8]} in
        git:*) title="The content does not match its Git object" ;;
        *) title="The content does not match its hash" ;;
      esac
      fail "$title" "expected: ${first_failure[8]}" "got:      ${first_failure[9]}" \
        "It may have changed upstream." "${others[@]}" -- \
        "If the file is meant to have changed: lock the model again (nixgen update)" \
        "If not: do not use it, and ask its publisher"
      ;;
    patience)
      asked_for=${first_failure[7]}
      too_long_a_wait "${others[@]}"
      ;;
    excess) fail "The server sends more bytes than expected" "${lines[@]}" "${others[@]}" -- "$step" ;;
    changing) fail "The file changes while it is downloaded" \
      "Each answer is of other content than the one before." "${others[@]}" -- "Try again later" "$step" ;;
    fault) fail "T${title#t}" "${lines[@]}" "${others[@]}" -- "$step" "Try again later: a proxy may be in the way" ;;
  esac
  case $http_status in
    200 | 206)
      if [ "$curl_status" != 23 ]; then
        fail "The file is incomplete after $fetch_max_attempts attempts" \
          "expected: $size bytes" "got:      $bytes bytes" "The last attempt: $(reason)" "${others[@]}" -- "Try again later."
      fi
      ;;
  esac
  give_up "${others[@]}"
}

# require_space BYTES FOLDER: before anything is asked for
require_space() {
  local free
  free=$(free_space "$2")
  if decimal "$free" && [ "$free" -lt "$1" ]; then
    fail "There is not enough room" "needed: $(amount "$1") ($1 bytes)" "free:   $(amount "$free") ($free bytes) in $2" -- \
      "Make room: nix store gc, or a larger disk for /nix/store"
  fi
}

# notify: what the user wants to be run when a model could not be fetched. It
# gets nothing of this shell's environment but what it needs.
notify() {
  if [ -n "${fetch_notify:-}" ]; then
    env -i PATH="${fetch_script_path:+$fetch_script_path:}$PATH" TMPDIR="$work" SSL_CERT_FILE="$certificates" \
      https_proxy="${https_proxy:-}" http_proxy="${http_proxy:-}" no_proxy="${no_proxy:-}" \
      MODEL_NAME="${fetch_name:-$subject_name}" MODEL_SOURCE="$subject_name" MODEL_ERROR="$(masked "$failure_title")" \
      timeout 60 "$fetch_shell" "$fetch_notify" </dev/null >&2 || log "onDownloadFailure.notifyCommand failed ($?)"
  fi
}

# shellcheck shell=bash
# What is said: lines of the log, and the error that ends a run.

# Text that is never shown.
secrets=()

# masked TEXT: the text without the secrets that it may quote
masked() {
  local text=$1 secret
  for secret in "${secrets[@]}"; do
    text=${text//"$secret"/'***'}
  done
  printf %s "$text"
}

# log TEXT: one line of the log
log() {
  local text=$*
  if [ ${#secrets[@]} -gt 0 ]; then
    text=$(masked "$text")
  fi
  printf 'nixgen: %s\n' "$text" >&2
}

# printable TEXT: text of a server as one short line of visible ASCII
printable() {
  local text
  text=$(masked "$1")
  text=${text//[^ -~]/}
  printf %s "${text:0:300}"
}

# shown NAME: a name of a server as it may stand in a log: without the control
# characters that UTF-8 spells with two bytes
shown() {
  printf %s "${1//$'\xc2'[$'\x80'-$'\x9f']/?}"
}

# amount BYTES: for people, in powers of ten
amount() {
  local bytes=$1 unit=0 units=(B kB MB GB TB PB)
  if [ "$bytes" -lt 1000 ]; then
    printf '%d B' "$bytes"
    return
  fi
  while [ "$bytes" -ge 999950 ]; do
    bytes=$((bytes / 1000)) unit=$((unit + 1))
  done
  bytes=$(((bytes + 50) / 100))
  printf '%d.%d %s' "$((bytes / 10))" "$((bytes % 10))" "${units[unit + 1]}"
}

# duration SECONDS: for people
duration() {
  if [ "$1" -lt 100 ]; then
    printf '%d s' "$1"
  elif [ "$1" -lt 6000 ]; then
    printf '%d min' "$((($1 + 30) / 60))"
  else
    printf '%d h %d min' "$(($1 / 3600))" "$(($1 % 3600 / 60))"
  fi
}

# box TITLE [LINE...] [-- STEP...]: what happened and what to do. `subject_name`
# and the lines of `subject` say what was to be fetched.
subject_name=
subject=()
failure_title=
box() {
  local title=$1 number=1 line mark='┌─'
  shift
  printf '\nerror: Failed to fetch model: %s\n\n' "$subject_name"
  for line in "${subject[@]}"; do
    printf '  %s %s\n' "$mark" "$line"
    mark='│ '
  done
  printf '  │\n  ✗ Error: %s\n  │\n' "$title"
  mark=
  while [ $# -gt 0 ] && [ "$1" != -- ]; do
    printf '  │ %s\n' "$1"
    mark='  │'$'\n'
    shift
  done
  if [ $# -gt 1 ]; then
    shift
    printf '%s  │ To fix this:\n' "$mark"
    for line in "$@"; do
      printf '  │   %d. %s\n' "$number" "$line"
      number=$((number + 1))
    done
  fi
  printf '  └─\n\n'
}

# note TITLE [LINE...] [-- STEP...]: the same for another program: a line each,
# steps behind `> `
note() {
  local line mark=
  printf '%s\n' "$1"
  shift
  for line in "${subject[@]:1}" "$@"; do
    if [ "$line" = -- ]; then
      mark='> '
    else
      printf '%s%s\n' "$mark" "$line"
    fi
  done
}

# fail TITLE [LINE...] [-- STEP...]: the end of the run. Where this is one of
# several sources, who asks them tells it.
fail() {
  local text
  if [ -n "${fetch_failure_note:-}" ]; then
    text=$(note "$@")
    masked "$text"$'\n' >"$fetch_failure_note"
  else
    text=$(box "$@")
    masked "$text"$'\n\n' >&2
  fi
  failure_title=$1
  exit 1
}

# now: sets `now` to the milliseconds since the epoch
now=0
tell_time() {
  now=$((${EPOCHREALTIME/./} / 1000))
}

# decimal TEXT: whether it is a whole number that a shell can count with
decimal() {
  [[ $1 =~ ^[0-9]{1,15}$ ]]
}

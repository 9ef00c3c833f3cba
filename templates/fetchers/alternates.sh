# shellcheck shell=bash
# One file that several sources have: they are asked in turn, each by its own
# fetcher, until one has it.
#
# fetch_sources: how many there are
# fetch_shell: the path of bash
# fetch_title, fetch_file: what errors are about
# fetch_notify: a script of the user's that is run where none of them has it
# altN_label: what the source N, from 0, is called in them
# altN_script: its fetcher
# altN_impure: names of those of the building process's variables that it sees
# altN_*: everything else that its fetcher is given

{ set +x; } 2>/dev/null # a token must not reach the log
set -euo pipefail
shopt -s inherit_errexit
export LC_ALL=C

: "${fetch_title:=}" "${fetch_file:=}" "${fetch_sources:?}"
shell=${fetch_shell:-$BASH}

# What every build has, and what is the same for all sources.
always='NIX_BUILD_CORES NIX_BUILD_TOP NIX_LOG_FD NIX_STORE PWD TEMP TEMPDIR TERM TMP TMPDIR out'

desk=$(mktemp -d)
child=

# shellcheck disable=SC2317 # a trap calls it
finish() {
  local status=$?
  trap - EXIT
  if [ -n "$child" ]; then
    kill "$child" 2>/dev/null || :
  fi
  rm -rf -- "$desk"
  exit "$status"
}
trap finish EXIT
trap 'exit 143' TERM
trap 'exit 130' INT

log() {
  printf 'nixgen: %s\n' "$*" >&2
}

# become INDEX: this process becomes the fetcher of that source. It takes with it
# what is that source's own: what another one is asked with must reach neither
# this process nor the server that it talks to.
become() {
  local prefix=alt$1_ impure=alt$1_impure script=alt$1_script variable content
  local kept=" $always ${!impure} " found=() own=()
  script=${!script}
  unset "${prefix}impure" "${prefix}script" "${prefix}label"
  mapfile -d '' -t found < <(env -0)
  for variable in "${found[@]}"; do
    variable=${variable%%=*}
    case $variable in
      "$prefix"*) own+=("$variable") ;;
      *)
        if [[ $kept != *" $variable "* ]]; then
          unset "$variable" 2>/dev/null || :
        fi
        ;;
    esac
  done
  if [ -z "${HOME:-}" ]; then
    export HOME=/homeless-shelter
  fi
  export fetch_failure_note=$desk/said
  for variable in "${own[@]}"; do
    content=${!variable}
    unset "$variable"
    export "${variable#"$prefix"}=$content"
  done
  exec "$shell" "$script"
}

# ── What each said ──────────────────────────────────────────────────────────

said=()
steps=()

# hear NUMBER LABEL STATUS: takes what a source's fetcher wrote down: what
# happened, more of it, and behind `> ` what to do
hear() {
  local lines=() line
  mapfile -t lines <"$desk/said"
  if [ ${#lines[@]} -eq 0 ]; then
    lines=("its fetcher ended with exit code $3")
  fi
  log "$2: ${lines[0]}"
  said+=("$1. $2:" "   ${lines[0]}")
  for line in "${lines[@]:1}"; do
    case $line in
      '> '*) steps+=("Source $1: ${line#> }") ;;
      *) said+=("     $line") ;;
    esac
  done
}

tell() {
  local line number=1
  printf '\nerror: Failed to fetch model: %s\n\n' "$fetch_title"
  printf '  ┌─ File:     %s\n  │\n' "$fetch_file"
  printf '  ✗ Error: None of the %s sources has the file\n  │\n' "$fetch_sources"
  for line in "${said[@]}"; do
    printf '  │ %s\n' "$line"
  done
  if [ ${#steps[@]} -gt 0 ]; then
    printf '  │\n  │ To fix this, for one of them:\n'
    for line in "${steps[@]}"; do
      printf '  │   %d. %s\n' "$number" "$line"
      number=$((number + 1))
    done
  fi
  printf '  └─\n\n'
}

# What common/downloads.sh does where there is one source.
notify() {
  if [ -n "${fetch_notify:-}" ]; then
    env -i PATH="${alt0_fetch_script_path:+$alt0_fetch_script_path:}${alt0_PATH:-$PATH}" TMPDIR="$desk" \
      SSL_CERT_FILE="${NIX_SSL_CERT_FILE:-${alt0_SSL_CERT_FILE:-}}" \
      https_proxy="${https_proxy:-}" http_proxy="${http_proxy:-}" no_proxy="${no_proxy:-}" \
      MODEL_NAME="$fetch_title" MODEL_SOURCE="$fetch_title" MODEL_ERROR="None of the $fetch_sources sources has the file" \
      timeout 60 "$shell" "$fetch_notify" </dev/null >&2 || log "onDownloadFailure.notifyCommand failed ($?)"
  fi
}

for ((index = 0; index < fetch_sources; index++)); do
  label=alt${index}_label
  rm -rf -- "${out:?}"
  : >"$desk/said"
  status=0
  (become "$index") &
  child=$!
  wait "$child" || status=$?
  child=
  if [ "$status" -eq 0 ] && [ -f "$out" ]; then
    exit 0
  fi
  hear "$((index + 1))" "${!label}" "$status"
  if [ $((index + 1)) -lt "$fetch_sources" ]; then
    log "asking the next source"
  fi
done

rm -rf -- "$out"
tell >&2
notify
exit 1

# shellcheck shell=bash
# What a derivation asks for. A fetcher defines:
#
#   url_at ENDPOINT PATH    prints the address of a file
#   subject_name            what is fetched, in a word
#   describe [PATH]         sets `subject`, the lines that errors are about
#   explain LINE...         fails with the words for the last answer, where the
#                           source has words of its own for it

: "${subject_name:=}"

# announce_discovery: before anything is fetched by a fake hash
announce_discovery() {
  if [ -n "${fetch_discovers:-}" ]; then
    log "DISCOVERY: the hash is a fake one, so that Nix refuses what is fetched here and states the right hash"
    log "DISCOVERY: nothing that you stated vouches for the content: look at it before you pin it"
  fi
}

# fetch_file PATH SIZE DIGEST TARGET
fetch_file() {
  local path=$1 size=$2 digest=$3 target=$4
  describe "$path"
  if [ "$size" = - ]; then
    log "fetching $(shown "$path") of $subject_name"
  else
    log "fetching $(shown "$path") of $subject_name ($(amount "$size"))"
  fi
  obtain "$path" "$size" "$digest" "$target"
  if [ "$digest" = - ]; then
    log "NOT CHECKED: no hash of $(shown "$path") is known"
  fi
}

# write_texts TARGET FILE: what the lock itself keeps: of each a path, the length
# of its text in bytes, and the text
write_texts() {
  local target=$1 path size
  while IFS= read -r path && IFS= read -r size; do
    path=$target/$path
    mkdir -p -- "${path%/*}"
    head -c "$size" >"$path"
  done <"$2"
}

# fetch_locked: one file, or the files of a list
fetch_locked() {
  announce_discovery
  if [ -n "${fetch_path:-}" ]; then
    note_facts "$fetch_path" "=${fetch_blob:-}" "=${fetch_object:-}" "=${fetch_url:-}" "=${fetch_version:-}"
    if [ -n "${fetch_size:-}" ] && [ "$fetch_size" != - ]; then
      require_space "$fetch_size" "$(dirname -- "${out:?}")"
    fi
    fetch_file "$fetch_path" "${fetch_size:--}" "${fetch_sha256:?}" "${out:?}"
  else
    describe
    if [ -n "${fetch_textsPath:-}" ]; then
      write_texts "${out:?}" "$fetch_textsPath"
    fi
    fetch_tree "${out:?}" "${fetch_filesPath:?}"
  fi
}

# shellcheck shell=bash
# Files of a git repository at a commit: what is in Git LFS comes by its API, the
# rest by git.

# explain_git LINE...: what failed, and what to do about it
explain_git() {
  local lines=() page
  page=$(public "$fetch_endpoint")
  if [ -n "$said" ]; then
    lines=("$(printable "$said")")
  fi
  lines+=("$@")
  case $asked_for_what:$http_status in
    git:401 | git:403) fail "HTTP $http_status: the git host wants to know who asks" "${lines[@]}" -- \
      "Look whether the repository is private, or its name misspelt: $page" "${token_steps[@]}" ;;
    git:404) fail "The repository does not have it" "${lines[@]}" \
      "A commit disappears when its repository is deleted, or its history rewritten." -- \
      "Look at $page" "Lock the model again: nixgen update" ;;
    batch:401 | batch:403) fail "HTTP $http_status: the Git LFS server wants to know who asks" "${lines[@]}" -- "${token_steps[@]}" ;;
    batch:404) fail "HTTP 404: there is no Git LFS server, or the repository is private" "${lines[@]}" -- \
      "Look at $page" "${token_steps[@]}" "If it has moved: nixgen update" ;;
    *:507 | *:509) fail "HTTP $http_status: the repository's allowance of Git LFS is used up" "${lines[@]}" -- \
      "Wait until it is renewed, or ask who maintains the repository" ;;
    object:000) fail "The Git LFS server's answer is of no use" "${lines[@]}" -- \
      "Look at $page" "If the repository has moved: nixgen update" ;;
    object:*) fail "The Git LFS server does not give the file ($http_status)" "${lines[@]}" -- \
      "Ask who maintains the repository to push it: git lfs push --all" \
      "If the file was taken away: nixgen update" ;;
    link:401 | link:403) fail "HTTP $http_status: the storage does not let in who has the Git LFS server's link" "${lines[@]}" -- \
      "Try again later." "Look at the clocks: the link may have expired before it was used" ;;
  esac
}

# ── Places ──────────────────────────────────────────────────────────────────

# no_place KIND [TITLE LINE...]: the place can't have the file, and why
no_place() {
  failure=$1 failure_title=${2:-} failure_lines=("${@:3}")
  remember_failure
  return 1
}

# go_to_git ENDPOINT PATH: as `go_to_source`. What isn't in Git LFS is in `file`
# already when this ends well.
go_to_git() {
  local blob=${file_blobs["$2"]:-} storage=
  link_object=''
  if [ -z "$blob" ] && ! find_blob "$2"; then
    place_url=$1
    no_place request
    return
  fi
  blob=${blob:-$found_blob}
  if [ "$place_kind" = source ]; then
    storage=${fetch_storage:-}
  fi
  if [ ${#blob} -eq 40 ]; then
    take_blob "$blob"
  elif [[ $storage == file://* ]] || { [ -z "$storage" ] && [[ $1 == file://* ]]; }; then
    take_stored "${storage:-$1/lfs/objects}" "$blob"
  elif ! ask_for "$blob" "$size" "${storage:-$(lfs_of "$1")}"; then
    no_place "$failure"
  fi
}

# it_is_here: nothing of `file` is left to do
it_is_here() {
  size=$(size_of "$file")
  todo=()
  count_bytes
}

# take_blob OID
take_blob() {
  place_url=$fetch_endpoint
  if ! has_object "$1" && ! git_objects "$1"; then
    no_place request
    return
  fi
  if ! git_alone cat-file blob "$1" >"$file" 2>/dev/null; then
    http_status=404 said="It has no object $1."
    no_place request
    return
  fi
  it_is_here
}

# take_stored FOLDER OID: an object of a repository on this machine's disk
take_stored() {
  local path=${1#file://} oid=$2
  printf -v path %b "${path//%/\\x}"
  path=$path/${oid:0:2}/${oid:2:2}/$oid
  place_url=$1
  if [ ! -r "$path" ]; then
    no_place fault "the repository's objects can't be read here" "missing: $path" \
      "Builds see no folder that isn't in extra-sandbox-paths of nix.conf."
    return
  fi
  cp -- "$path" "$file"
  it_is_here
}

# ── Trees ───────────────────────────────────────────────────────────────────

# get_blobs TARGET INDEX...: as `get_all`: those of a tree's small files whose
# objects are here; the others are asked for one by one
get_blobs() {
  local target=$1 i blob
  shift
  for i; do
    blob=${file_blobs["${paths[i]}"]:-}
    if [ ${#blob} -eq 40 ] && has_object "$blob"; then
      git_alone cat-file blob "$blob" >"$target/${paths[i]}" 2>/dev/null || :
    fi
  done
}

# fetch_objects: those that the list of a tree names, all at once
fetch_objects() {
  local size digest path blob oids=()
  while IFS=$'\t' read -r size digest path blob _; do
    if [ ${#blob} -eq 41 ]; then
      oids+=("${blob#=}")
    fi
  done <"$fetch_filesPath"
  if [ ${#oids[@]} -gt 0 ]; then
    log "fetching ${#oids[@]} objects of $subject_name by git"
    # What fails here is asked for again, file by file, and told then.
    git_objects "${oids[@]}" || log "git: $(printable "$said")"
  fi
}

# fetch_repository KIND: the whole run of a fetcher of such a kind
git_kind=
# shellcheck disable=SC2317 # they are called by what comes before
fetch_repository() {
  git_kind=$1 subject_name=${fetch_repo:?}
  describe() {
    subject=("Source:   $git_kind" "Repo:     $(public "${fetch_endpoint:?}")" "Revision: ${fetch_revision:?}")
    if [ -n "${1:-}" ]; then
      subject+=("File:     $(shown "$1")")
    fi
  }
  explain() {
    explain_git "$@"
  }
  # What names a file for as long as it is there.
  url_at() {
    printf %s "$1/${file_blobs["$2"]:-$2}"
  }
  go_to_source() {
    go_to_git "$@"
  }
  get_all() {
    get_blobs "$@"
  }
  if [ -z "$token_name" ]; then
    token_steps[0]="Name a variable that holds a token in auth.tokenEnvVar, or a file in auth.netrcFile"
  fi
  load_token "${fetch_usual_token:-}"
  tell_host
  list_places
  if [ -n "${fetch_filesPath:-}" ]; then
    fetch_objects
  fi
  fetch_locked
}

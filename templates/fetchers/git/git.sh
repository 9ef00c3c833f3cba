# shellcheck shell=bash
# git, in a repository of this run's own: objects come one by one or together,
# with no history and no tree.

git_folder=$work/git

# git_alone ARGUMENT...: git in that repository, with no configuration but this
# one. A password comes on descriptor 9, once, for the host that it is for.
git_alone() {
  local origin
  origin=$(origin_of "$fetch_endpoint")
  GIT_DIR=$git_folder GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=$work/gitconfig GIT_TERMINAL_PROMPT=0 GIT_ASKPASS='' SSH_ASKPASS='' \
    GIT_NO_LAZY_FETCH=1 GIT_ALLOW_PROTOCOL=${fetch_endpoint%%:*} GIT_SSL_CAINFO=$certificates HOME=$work \
    nixgen_host=${origin#*://} nixgen_protocol=${origin%%://*} \
    git "$@" 9< <(
      if [ -n "$host_password" ]; then
        # git may end without having asked for it.
        printf 'username=%s\npassword=%s\n' "$host_user" "$host_password" 2>/dev/null
      fi
    )
}

prepare_git() {
  if [ -e "$work/gitconfig" ]; then
    return 0
  fi
  if [[ $fetch_endpoint == http:* ]] && [[ $(protocols_of "$fetch_endpoint/") != *http,* ]]; then
    fail "The repository is not reached by https" "Plain http is for this machine only."
  fi
  cat >"$work/gitconfig" <<END
[core]
  hooksPath = /dev/null
[fetch]
  unpackLimit = 1
[gc]
  auto = 0
[maintenance]
  auto = false
[http]
  lowSpeedLimit = 1
  lowSpeedTime = $fetch_read_timeout
[safe]
  directory = *
[uploadpack]
  allowFilter = true
[credential]
  helper = "!f() { test \$1 = get || exit 0; a=; b=; while read -r l; do case \$l in protocol=\$nixgen_protocol) a=1 ;; host=\$nixgen_host) b=1 ;; esac; done; test \$a\$b = 11 && cat <&9; }; f"
END
  git_alone init --quiet --bare --template= "$git_folder" >/dev/null
  git_alone config remote.origin.url "$fetch_endpoint"
}

# git_fetch ARGUMENT...: from the repository; fails and sets what `reason` and
# `explain` read. What git reads comes from the standard input.
git_fetch() {
  local complaint='' line status=0
  asked_for_what=git said='' http_status=000 proxy_status=000 curl_status=0 curl_message=''
  keep_fresh
  tell_host
  git_alone fetch --quiet --no-tags --no-write-fetch-head --no-recurse-submodules "$@" >/dev/null 2>"$desk.complaint" || status=$?
  if [ "$status" -eq 0 ]; then
    return 0
  fi
  while IFS= read -r line; do
    case $line in
      fatal:* | error:* | remote:*) complaint+="$line " ;;
    esac
  done <"$desk.complaint"
  said="git says: ${complaint:-exit code $status}"
  case $complaint in
    *'returned error: '[45][0-9][0-9]*)
      http_status=${complaint##*returned error: }
      http_status=${http_status:0:3}
      ;;
    *'could not read Username'* | *'could not read Password'* | *'Authentication failed'*) http_status=401 ;;
    *'not our ref'* | *'unadvertised object'* | *"couldn't find remote ref"* | *'not found'* | *'does not appear to be a git repository'*) http_status=404 ;;
    *'resolve host'*) curl_status=6 ;;
    *'onnect to'* | *refused*) curl_status=7 ;;
    *certificate*) curl_status=60 ;;
    *'timed out'* | *'too slow'*) curl_status=28 ;;
    *) curl_status=56 ;;
  esac
  return 1
}

# git_objects OID...: brings them; fails as `git_fetch` does
git_objects() {
  local attempt=1
  prepare_git
  while ! git_fetch --depth=1 --stdin origin < <(printf '%s\n' "$@"); do
    if [[ $said == *'unadvertised object'* ]]; then
      # A server of the old protocol gives what references lead to.
      git_fetch --depth=1 origin "${fetch_revision:?}" || git_fetch origin '+refs/heads/*:refs/heads/*' '+refs/tags/*:refs/tags/*'
      return
    fi
    attempt=$((attempt + 1))
    if ! is_transient || [ "$attempt" -gt "$fetch_max_attempts" ] || ! tell_delay "$attempt"; then
      return 1
    fi
    log "$(reason); attempt $attempt of $fetch_max_attempts in $(((delay + 500) / 1000)) s"
    sleep "$((delay / 1000)).$(printf %03d $((delay % 1000)))"
  done
}

has_object() {
  [ -e "$work/gitconfig" ] && git_alone cat-file -e "$1" 2>/dev/null
}

# find_blob PATH: sets `found_blob` to what a file is at the commit, where no
# lock says it
found_blob=
found_text=
find_blob() {
  local path=${fetch_subdir:+$fetch_subdir/}$1 mode pointer
  prepare_git
  if ! has_object "$fetch_revision^{tree}" && ! git_fetch --depth=1 --filter=blob:limit=1024 origin "$fetch_revision"; then
    return 1
  fi
  read -r mode _ found_blob _ < <(git_alone ls-tree --full-tree "$fetch_revision" -- "$path" 2>/dev/null) || :
  if [[ ${mode:-} != 100* ]]; then
    http_status=404 said="There is no file $1 at this commit."
    return 1
  fi
  found_text=$(git_alone cat-file blob "$found_blob" 2>/dev/null | head -c 1024 | tr -d '\0') || found_text=
  pointer='^version https://git-lfs[.]github[.]com/spec/v1'$'\n''oid sha256:([0-9a-f]{64})'$'\n''size ([0-9]{1,15})$'
  if [[ $found_text =~ $pointer ]]; then
    found_blob=${BASH_REMATCH[1]} size=${BASH_REMATCH[2]} stated_size=${BASH_REMATCH[2]}
    todo=("0 $((size - 1)) 1 0")
  fi
}

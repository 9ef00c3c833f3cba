# shellcheck shell=bash
# Hashes and sizes: their spelling, and whether a file is what it should be.

size_of() {
  stat -c %s -- "$1"
}

# sri_to_hex SRI: the digest of an SRI hash (W3C Subresource Integrity), in hex
sri_to_hex() {
  local digits=ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/ text=${1#sha256-} hex='' i a b c d
  for ((i = 0; i < 44; i += 4)); do
    a=${digits%%"${text:i:1}"*} b=${digits%%"${text:i+1:1}"*} c=${digits%%"${text:i+2:1}"*} d=${digits%%"${text:i+3:1}"*}
    # A final `=` stands for no byte; it adds nothing and is cut off below.
    printf -v a '%06x' $(((${#a} << 18) + (${#b} << 12) + ((${#c} & 63) << 6) + (${#d} & 63)))
    hex+=$a
  done
  printf %s "${hex:0:64}"
}

hex_to_sri() {
  local i escaped=
  for ((i = 0; i < ${#1}; i += 2)); do
    escaped+=\\x${1:i:2}
  done
  printf 'sha256-%s' "$(printf '%b' "$escaped" | base64 -w 0)"
}

# digest: the SHA-256 of the standard input, in hex. OpenSSL uses what the
# processor has for it; the sha256sum of nixpkgs doesn't, and takes five times
# as long.
digest() {
  local line
  if command -v openssl >/dev/null; then
    line=$(openssl dgst -sha256 -r)
  else
    line=$(sha256sum)
  fi
  printf %s "${line%%[ *]*}"
}

# digests FILE...: the same of each, a line each that begins with it
digests() {
  if command -v openssl >/dev/null; then
    openssl dgst -sha256 -r -- "$@"
  else
    sha256sum -- "$@"
  fi
}

# matches FILE DIGEST [HEX]: whether the file has that digest: an SRI hash,
# `git:` and the SHA-1 of a Git blob, or `-` for any. HEX is its SHA-256 where
# that is known already. Sets `wanted` and `got` for the error otherwise.
wanted=
got=
matches() {
  local file=$1 expected=$2 hex=${3:-}
  wanted=$expected got=
  case $expected in
    -) ;;
    sha256-*)
      if [ -z "$hex" ]; then
        hex=$(digest <"$file")
      fi
      if [ "$hex" != "$(sri_to_hex "$expected")" ]; then
        got=$(hex_to_sri "$hex")
        return 1
      fi
      ;;
    git:*)
      got=$({ printf 'blob %s\0' "$(size_of "$file")" && cat -- "$file"; } | sha1sum)
      got=git:${got%% *}
      [ "$got" = "$expected" ]
      ;;
    *) fail "A digest of an unknown kind: $(printable "$expected")" ;;
  esac
}

# ── Hashing what is still being fetched ─────────────────────────────────────

# A file that comes in parts is read from its start as far as all of it is
# there, while it is in memory still: no second pass over the disk.
follower=
follower_feed=
followed=0

start_following() {
  local file=$1 feed=$desk.feed
  stop_following
  rm -f -- "$feed"
  mkfifo -- "$feed"
  {
    at=0
    while read -r to; do
      dd if="$file" bs=65536 iflag=skip_bytes,count_bytes skip="$at" count=$((to - at)) status=none
      at=$to
    done <"$feed" | digest >"$desk.digest"
  } &
  follower=$!
  helpers+=("$follower")
  exec {follower_feed}>"$feed"
  followed=0
  count_processors
}

# follow END [all]: the bytes before END are there. Small steps are put off. Where
# nothing limits the download and processors are few, it needs all of them: then
# reading the file afterwards takes less than passing it on meanwhile.
follow() {
  if [ "$followed" -eq 0 ] && [ "$paced" != limited ] && [ "${processors:-0}" -lt 4 ]; then
    return 0
  fi
  if [ -n "$follower" ] && { [ $(($1 - followed)) -ge 33554432 ] || { [ -n "${2:-}" ] && [ "$1" -gt "$followed" ]; }; }; then
    printf '%s\n' "$1" >&"$follower_feed"
    followed=$1
  fi
}

# finish_following: sets `followed_digest` to the SHA-256 in hex, or to nothing
followed_digest=
finish_following() {
  followed_digest=
  if [ "$followed" -eq 0 ]; then
    stop_following
  elif [ -n "$follower" ]; then
    exec {follower_feed}>&-
    if wait "$follower"; then
      followed_digest=$(<"$desk.digest")
    fi
    follower=
  fi
}

stop_following() {
  if [ -n "$follower" ]; then
    exec {follower_feed}>&-
    kill "$follower" 2>/dev/null || :
    wait "$follower" 2>/dev/null || :
    follower=
  fi
}

# shellcheck shell=bash
# What all fetchers share: requests that are judged by their status, downloads
# that resume, checks, and errors that say what to do next.
#
# A fetcher runs within a fixed-output derivation. It is given `fetch_*`
# variables, and sources this file.

{ set +x; } 2>/dev/null # a token must not reach the log
set -euo pipefail
shopt -s inherit_errexit
export LC_ALL=C # a character is a byte

# ── Settings ────────────────────────────────────────────────────────────────

: "${fetch_connect_timeout:=30}"   # seconds
: "${fetch_read_timeout:=300}"     # seconds without a byte
: "${fetch_max_attempts:=3}"       # without progress
: "${fetch_base_delay:=2}"         # seconds before the second attempt
: "${fetch_slice:=1073741824}"     # bytes; what is longer is asked for in ranges
: "${fetch_longest_wait:=900}"     # seconds that a server may ask for
: "${fetch_longest:=549755813888}" # bytes of a file whose size nobody stated

# This much received makes an attempt count as the first one again.
min_progress=1048576

work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT

# An impure variable that is not set arrives as the empty string. curl is told
# of the certificates by name, so that none of its own rules apply.
certificates=${SSL_CERT_FILE:-}
unreadable_certificates=
if [ -n "${NIX_SSL_CERT_FILE:-}" ]; then
  if [ -r "$NIX_SSL_CERT_FILE" ]; then
    certificates=$NIX_SSL_CERT_FILE
  else
    # Most daemons have one that no sandbox shows, and few need it.
    unreadable_certificates=$NIX_SSL_CERT_FILE
  fi
fi
unset NIX_SSL_CERT_FILE SSL_CERT_FILE

# No proxy sees what is for this machine.
direct=${no_proxy:-${NO_PROXY:-}}
if [ "$direct" != '*' ]; then
  export no_proxy="127.0.0.1,localhost,::1${direct:+,$direct}"
fi

# ── Text ────────────────────────────────────────────────────────────────────

log() {
  printf 'nixgen: %s\n' "$*" >&2
}

# printable TEXT: text of a server as one short line of visible ASCII
printable() {
  local text=${1//[^ -~]/}
  printf %s "${text:0:300}"
}

# shown NAME: a name of a server as it may stand in a log: without the control
# characters that UTF-8 spells with two bytes
shown() {
  printf %s "${1//$'\xc2'[$'\x80'-$'\x9f']/?}"
}

# fail TITLE [LINE...] [-- STEP...]: say what happened and what to do, and end.
# `subject_name` and the lines of `subject` say what was to be fetched.
subject_name=
subject=()
fail() {
  local title=$1 number=1 line
  shift
  {
    printf '\nerror: Failed to fetch model: %s\n\n' "$subject_name"
    local mark='┌─'
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
  } >&2
  exit 1
}

# ── Tokens ──────────────────────────────────────────────────────────────────

token=

# How a token gets to a build, as steps of an error.
token_steps=(
  "Without a Nix daemon: export ${fetch_token_variable:-HF_TOKEN}=… and build again"
  "With a Nix daemon: builds see its environment and not yours, so set ${fetch_token_variable:-HF_TOKEN} there (EnvironmentFile= of nix-daemon.service)"
  "Or name a file in auth.tokenFile, and let builds read it: extra-sandbox-paths in nix.conf"
)
if [ -z "${fetch_token_variable:-}${fetch_usual_token-HF_TOKEN}" ]; then
  token_steps=(
    "Name a variable in auth.tokenEnvVar: HF_TOKEN is not sent to a server that only the manifest names"
    "${token_steps[2]}"
  )
fi

# load_token VARIABLE: from the file, the variable that the user named, or the
# usual one. No child process inherits it.
load_token() {
  local usual=$1 own=${fetch_token_variable:-} file=${fetch_token_file:-} variable
  if [ -n "$file" ]; then
    if [ -r "$file" ]; then
      token=$(<"$file")
    else
      log "the token file $file can't be read in this build (extra-sandbox-paths in nix.conf makes it visible)"
    fi
  fi
  for variable in "$own" "$usual"; do
    if [ -n "$variable" ]; then
      if [ -z "$token" ]; then
        token=${!variable:-}
      fi
      unset "$variable"
    fi
  done
  token=${token#"${token%%[![:space:]]*}"}
  token=${token%"${token##*[![:space:]]}"}
  case $token in
    *[!!-~]*) fail "The token holds a character that no token has" \
      "It must be one word of visible ASCII characters." -- \
      "Look at where it comes from: ${file:-the environment of the build}" ;;
  esac
  if [ -z "$token" ] && [ -n "${fetch_token_required:-}" ]; then
    fail "There is no token" "This model's auth.required is true, so nothing was asked for." -- "${token_steps[@]}"
  fi
}

# The token as a curl configuration: it is in no argument list. curl sends the
# header to the host that it is for, and to no other that it is led to.
credentials() {
  if [ -n "$token" ]; then
    local text=${token//\\/\\\\}
    printf 'header = "Authorization: Bearer %s"\n' "${text//\"/\\\"}"
  fi
}

# ── URLs ────────────────────────────────────────────────────────────────────

# url_encode TEXT: every byte but the unreserved ones (RFC 3986) and `/`
url_encode() {
  local byte char encoded=
  if [[ $1 != *[!A-Za-z0-9._~/-]* ]]; then
    printf %s "$1"
    return
  fi
  for byte in $(printf %s "$1" | od -An -v -tx1); do
    printf -v char '%b' "\\x$byte"
    case $char in
      [A-Za-z0-9._~/-]) encoded+=$char ;;
      *) encoded+=%${byte^^} ;;
    esac
  done
  printf %s "$encoded"
}

# Plain HTTP is for servers on this machine.
protocols_of() {
  case $1 in
    http://127.0.0.1[:/]* | http://localhost[:/]* | "http://[::1]"[:/]*) printf '=http,https' ;;
    *) printf '=https' ;;
  esac
}

# ── Requests ────────────────────────────────────────────────────────────────

# What the last request came to.
http_status=000
curl_status=0
curl_message=

# request URL FILE LIMIT [RANGE]: one GET; the body is appended to FILE, which
# can't grow far beyond LIMIT bytes, whatever the server sends
request() {
  local url=$1 file=$2 limit=$3 range=${4:-} protocols
  protocols=$(protocols_of "$url/")
  local options=(
    -q
    --silent
    --globoff
    --path-as-is
    --fail
    --location
    --max-redirs 10
    --proto "$protocols"
    --proto-redir "$protocols"
    --connect-timeout "$fetch_connect_timeout"
    --speed-limit 1
    --speed-time "$fetch_read_timeout"
    --user-agent nixgen
    --header 'Accept-Encoding: identity'
    --dump-header "$work/headers"
    --write-out '%{stderr}%{http_code} %{errormsg}\n'
  )
  if [ -n "$certificates" ]; then
    options+=(--cacert "$certificates")
  fi
  if [ -n "$range" ]; then
    options+=(--range "$range")
  fi
  : >"$work/headers"
  curl_status=0
  (
    trap '' XFSZ
    ulimit -f $(((limit + min_progress) / 1024)) 2>/dev/null || true
    exec curl "${options[@]}" --config <(credentials) --url "$url" >>"$file" 2>"$work/report"
  ) || curl_status=$?
  http_status=000 curl_message=
  read -r http_status curl_message <"$work/report" || true
  curl_message=$(printable "$curl_message")
}

# header NAME: its value in the last response, empty if there is none
header() {
  local line value=
  while IFS= read -r line || [ -n "$line" ]; do
    line=${line%$'\r'}
    case ${line,,} in
      http/*) value= ;;
      "$1":*)
        value=${line#*:}
        value=${value#"${value%%[! ]*}"}
        ;;
    esac
  done <"$work/headers"
  printf %s "$value"
}

# Whether the same request may well succeed later.
is_transient() {
  case $http_status in
    408 | 425 | 429 | 500 | 502 | 503 | 504 | 520 | 521 | 522 | 523 | 524) return 0 ;;
    [45]??) return 1 ;;
  esac
  case $curl_status in
    # protocol, URL, disk, certificates, too many redirects, limits
    1 | 3 | 23 | 27 | 47 | 51 | 58 | 59 | 60 | 63 | 66 | 77 | 82 | 83 | 90 | 91) return 1 ;;
    *) return 0 ;;
  esac
}

# Seconds that the server asks to be left alone, or nothing.
asked_delay() {
  local after limit
  after=$(header retry-after)
  case $after in
    '') ;;
    *[!0-9]*)
      after=$(date -u -d "$after" +%s 2>/dev/null) || after=
      if [ -n "$after" ]; then
        after=$((after - $(date -u +%s)))
      fi
      ;;
  esac
  limit=$(header ratelimit)
  if [ -z "$after" ] && [ "$http_status" = 429 ] && [[ $limit =~ \;\ *t=([0-9]{1,6}) ]]; then
    after=${BASH_REMATCH[1]}
  fi
  if [[ $after =~ ^[0-9]{1,9}$ ]]; then
    printf %s "$((10#$after))"
  fi
}

# What went wrong, in a few words.
reason() {
  case $http_status in
    429) printf 'the server limits the rate (HTTP 429)' ;;
    [45]??) printf 'HTTP %s' "$http_status" ;;
    *)
      case $curl_status in
        0) printf 'an answer that was not expected (HTTP %s)' "$http_status" ;;
        5 | 6) printf 'the host name could not be resolved' ;;
        7) printf 'the connection was refused' ;;
        18) printf 'the connection ended early' ;;
        28) printf 'the connection timed out or stalled' ;;
        35) printf 'TLS could not be set up' ;;
        52) printf 'the server closed the connection without an answer' ;;
        55 | 56) printf 'the connection broke' ;;
        60) printf 'the certificate could not be verified' ;;
        *) printf 'curl failed (%s)' "$curl_status" ;;
      esac
      ;;
  esac
}

# pause ATTEMPT: wait before that attempt: exponentially longer, with jitter so
# that many builds don't come back together, or as long as the server asks
pause() {
  local delay=$((fetch_base_delay << ($1 > 10 ? 8 : $1 - 2))) asked tenths
  asked=$(asked_delay)
  if [ -n "$asked" ] && [ "$asked" -gt "$fetch_longest_wait" ]; then
    fail "The server asks to wait for $asked seconds" "That is longer than a build should sleep ($fetch_longest_wait seconds)." -- \
      "Try again later."
  fi
  if [ -n "$asked" ] && [ "$asked" -gt "$delay" ]; then
    delay=$asked
  fi
  log "$(reason); attempt $1 of $fetch_max_attempts in $delay s"
  tenths=$((delay * 10 + RANDOM % (delay * 5 + 1)))
  sleep "$((tenths / 10)).$((tenths % 10))"
}

# The request failed for good. A fetcher that knows its server's answers better
# defines `explain`, which ends if it can explain them.
give_up() {
  local detail=()
  if declare -F explain >/dev/null; then
    explain
  fi
  if [ -n "$curl_message" ]; then
    detail=("curl says: $curl_message")
  fi
  case $http_status in
    429) fail "HTTP 429: the server limits the rate" "${detail[@]}" -- "Try again in some minutes." \
      "Have a token: limits are higher with one." ;;
    5??) fail "HTTP $http_status: the server has a problem" "${detail[@]}" -- "Try again later." ;;
    4??) fail "HTTP $http_status" "${detail[@]}" ;;
  esac
  case $curl_status in
    5 | 6) fail "The host name could not be resolved" "${detail[@]}" -- \
      "Look whether this machine is online, and whether builds may use the network." \
      "Behind a proxy: https_proxy must be set for the Nix daemon." ;;
    7) fail "The connection was refused" "${detail[@]}" -- \
      "Look whether a firewall or a proxy is in the way." ;;
    23) fail "The file could not be written" "${detail[@]}" -- \
      "Look at the free space of the Nix store: df -h /nix/store" ;;
    28) fail "The connection timed out" "${detail[@]}" \
      "No byte came for $fetch_read_timeout seconds, or no connection for $fetch_connect_timeout." -- \
      "Try again; raise network.timeout if the server is known to be slow." ;;
    35 | 51 | 58 | 59 | 60 | 66 | 77 | 82 | 83 | 90 | 91) fail "TLS: the server's identity could not be verified" \
      "${detail[@]}" \
      ${unreadable_certificates:+"This build can't read $unreadable_certificates, which NIX_SSL_CERT_FILE names."} -- \
      "Behind a proxy with its own certificates: set NIX_SSL_CERT_FILE for the Nix daemon." \
      "Let builds read that file: extra-sandbox-paths in nix.conf" ;;
    1) fail "A protocol that is not spoken here" "${detail[@]}" \
      "Files come over https, by HTTP 1.0 or later." ;;
    47) fail "The server redirects in a circle" "${detail[@]}" \
      "At most ten redirects are followed." ;;
  esac
  fail "The transfer failed ${fetch_max_attempts} times: $(reason)" "${detail[@]}" -- "Try again later."
}

# get URL FILE LIMIT: a whole small body
get() {
  local url=$1 file=$2 limit=$3 attempt=1
  while :; do
    : >"$file"
    request "$url" "$file" "$limit"
    if [ "$http_status" = 200 ] && [ "$curl_status" = 0 ]; then
      return 0
    fi
    attempt=$((attempt + 1))
    if ! is_transient || [ "$attempt" -gt "$fetch_max_attempts" ]; then
      give_up
    fi
    pause "$attempt"
  done
}

# ── Downloads ───────────────────────────────────────────────────────────────

size_of() {
  stat -c %s -- "$1"
}

# download URL FILE SIZE: FILE gets SIZE bytes; `-` is a size that isn't known.
# What was received stays, and the next request asks for the rest: always at
# the address that was given, since signed ones expire.
download() {
  local url=$1 file=$2 size=$3
  local attempt=1 ranges=allowed received have=0 range limit end content_range total
  : >"$file"
  while :; do
    have=$(size_of "$file")
    if [ "$size" != - ]; then
      if [ "$have" -eq "$size" ]; then
        return 0
      elif [ "$have" -gt "$size" ]; then
        fail "The server sends more than the $size bytes that are expected" -- \
          "Lock the model again: the file is not the one that was locked."
      fi
    fi

    # Servers refuse to send very large files at once.
    range=
    if [ "$ranges" != ignored ] && { [ "$have" -gt 0 ] || [ "$size" = - ] || [ "$size" -gt "$fetch_slice" ] || [ "$ranges" = required ]; }; then
      end=$((have + fetch_slice - 1))
      if [ "$size" != - ] && [ "$end" -ge "$size" ]; then
        end=$((size - 1))
      fi
      range=$have-$end
    elif [ "$have" -gt 0 ]; then
      : >"$file"
      have=0
    fi

    limit=$size
    if [ "$size" = - ]; then
      limit=$fetch_longest
    fi
    request "$url" "$file" "$limit" "$range"
    received=$(($(size_of "$file") - have))
    content_range=$(header content-range)

    case $http_status in
      206)
        total=${content_range##*/}
        if [ -z "$range" ] || [[ $content_range != "bytes $have-"[0-9]* ]]; then
          # These are not the bytes that were asked for.
          : >"$file"
          received=0
          if [ -n "$range" ]; then
            log "the server answers a range of bytes with another; starting over without ranges"
            ranges=ignored
            continue
          fi
        elif [ "$size" = - ] && [[ $total =~ ^[0-9]{1,15}$ ]]; then
          size=$((10#$total))
        elif [ "$size" != - ] && [ "$total" != "*" ] && [ "$total" != "$size" ]; then
          fail "The file has another size than expected" "expected: $size bytes" "got:      $(printable "$total") bytes" -- \
            "Lock the model again: the file is not the one that was locked."
        fi
        ;;
      200)
        if [ "$have" -gt 0 ]; then
          log "the server ignores ranges; starting over"
          : >"$file"
          ranges=ignored
          continue
        elif [ "$size" = - ] && [ "$curl_status" = 0 ]; then
          size=$received
        fi
        ;;
      416)
        total=${content_range##*/}
        if [ "$size" = - ] && [ "$total" = "$have" ]; then
          size=$have
        elif [ -n "$range" ] && [ "$ranges" = allowed ]; then
          log "the server has no such range; starting over"
          : >"$file"
          ranges=ignored
          continue
        else
          give_up
        fi
        ;;
      400)
        if [ -z "$range" ] && [ "$ranges" = allowed ]; then
          ranges=required
          continue
        fi
        give_up
        ;;
      *)
        # Whatever came is no part of the file.
        truncate -s "$have" -- "$file"
        received=0
        if ! is_transient; then
          give_up
        fi
        ;;
    esac

    if [ "$http_status" = 206 ] && [ -n "$range" ] && [ "$received" -eq $((end - have + 1)) ]; then
      attempt=1
      continue
    fi
    if [ "$size" != - ] && [ "$(size_of "$file")" -ge "$size" ]; then
      continue
    fi
    if [ "$curl_status" = 23 ]; then
      if [ "$(size_of "$file")" -ge "$limit" ]; then
        fail "The server sends more than $limit bytes" "That is more than any file of a model has."
      fi
      give_up
    fi
    if [ "$received" -ge "$min_progress" ]; then
      attempt=1
    fi
    attempt=$((attempt + 1))
    if [ "$attempt" -gt "$fetch_max_attempts" ]; then
      if [ "$http_status" = 200 ] || [ "$http_status" = 206 ]; then
        fail "The file is incomplete after $fetch_max_attempts attempts" \
          "expected: $size bytes" "got:      $(size_of "$file") bytes" "The last attempt: $(reason)" -- "Try again later."
      fi
      give_up
    fi
    pause "$attempt"
  done
}

# ── Checks ──────────────────────────────────────────────────────────────────

sri_to_hex() {
  printf %s "${1#sha256-}" | base64 -d | od -An -v -tx1 | tr -d ' \n'
}

hex_to_sri() {
  local i escaped=
  for ((i = 0; i < ${#1}; i += 2)); do
    escaped+=\\x${1:i:2}
  done
  printf 'sha256-%s' "$(printf '%b' "$escaped" | base64 -w 0)"
}

# verify FILE DIGEST: an SRI hash, `git:` and the SHA-1 of a Git blob, or `-`
verify() {
  local file=$1 expected=$2 got
  case $expected in
    -) ;;
    sha256-*)
      got=$(sha256sum <"$file")
      got=${got%% *}
      if [ "$got" != "$(sri_to_hex "$expected")" ]; then
        fail "The content does not match its hash" \
          "expected: $expected" "got:      $(hex_to_sri "$got")" -- \
          "If the file is meant to have changed: lock the model again." \
          "If not: do not use it, and ask its publisher."
      fi
      ;;
    git:*)
      got=$({ printf 'blob %s\0' "$(size_of "$file")" && cat -- "$file"; } | sha1sum)
      got=${got%% *}
      if [ "git:$got" != "$expected" ]; then
        fail "The content does not match its Git object" "expected: ${expected#git:}" "got:      $got" -- \
          "Try again; if it stays so, ask the repository's owner."
      fi
      ;;
    *) fail "A digest of an unknown kind: $(printable "$expected")" ;;
  esac
}

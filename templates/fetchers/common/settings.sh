# shellcheck shell=bash
# What all fetchers share. A fetcher runs within a fixed-output derivation: it
# is given `fetch_*` variables, and sources this file.
#
# Where it is one of several that are asked in turn, `fetch_failure_note` names
# the file into which it writes why it failed.
#
# This part: the settings and what they default to, and the end of a run.

{ set +x; } 2>/dev/null # a token must not reach the log
set -euo pipefail
shopt -s inherit_errexit
export LC_ALL=C # a character is a byte

: "${fetch_name:=}"
# Nix starts a builder under its bare name. bash looks for that in PATH, and else
# takes itself for the user's login shell, so that BASH names no bash.
: "${fetch_shell:=$BASH}"
: "${fetch_connect_timeout:=30}"          # seconds
: "${fetch_read_timeout:=300}"            # seconds without a byte
: "${fetch_max_attempts:=3}"              # without progress
: "${fetch_base_delay:=2}"                # seconds before the second attempt
: "${fetch_longest_wait:=900}"            # seconds that a server may ask for
: "${fetch_longest:=549755813888}"        # bytes of a file whose size nobody stated
: "${fetch_slice:=1073741824}"            # bytes that are asked for at once, at most
: "${fetch_connections:=8}"               # transfers at once, of one derivation
: "${fetch_parallel_from:=67108864}"      # bytes from which a file is fetched in parts
: "${fetch_least_slice:=524288}"          # bytes; what is shorter is not parted
: "${fetch_fast:=150000}"                 # bytes a millisecond of a connection that nothing limits; 0: never mind
: "${fetch_share_from:=700}"              # milliseconds of work that are worth sharing
: "${fetch_stand_still:=10}"              # seconds, after which a lane is not waited for alone
: "${fetch_parallel_files:=4}"            # files at once, of a tree
: "${fetch_small_file:=4194304}"          # bytes up to which files of a tree share a curl
: "${fetch_bandwidth:=}"                  # bytes a second of all transfers together
: "${fetch_resume_on_auth:=1}"            # whether to ask again where access ends midway
: "${fetch_resume_attempts:=3}"           # how often
: "${fetch_token_pause:=30}"              # seconds between renewals of a token
: "${fetch_on_failure:=clean}"            # clean, persist or retry
: "${fetch_persist:=}"                    # folder of partial downloads
: "${fetch_rounds:=3}"                    # how often `retry` starts over
: "${fetch_round_delay:=5}"               # seconds before it first does
: "${fetch_mirrors:=}"                    # lines `kind TAB preferred TAB URL`
: "${fetch_positions:=/proc/self/fdinfo}" # where Linux tells how far a file was written
: "${fetch_report_every:=10}"             # seconds between lines of progress, at first

# This much received makes an attempt count as the first one again.
min_progress=1048576

work=$(mktemp -d)
: >"$work/headers"

# What runs beside this shell, to be ended with it.
helpers=()

end_helpers() {
  local pid
  for pid in "${helpers[@]}"; do
    kill "$pid" 2>/dev/null || :
  done
  helpers=()
}

finish() {
  local status=$?
  trap - EXIT
  set +e
  end_helpers
  keep_partial
  if [ "$status" -ne 0 ]; then
    notify
  fi
  rm -rf -- "$work"
  exit "$status"
}
trap finish EXIT
trap 'exit 143' TERM
trap 'exit 130' INT

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

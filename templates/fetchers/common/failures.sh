# shellcheck shell=bash
# What failures of requests mean: whether to try again, when, and what to tell.

# Whether the same request may well succeed later.
is_transient() {
  case $proxy_status in
    [45]??) case $proxy_status in 502 | 503 | 504 | 429) return 0 ;; *) return 1 ;; esac ;;
  esac
  case " ${transient_statuses:-} " in
    *" $http_status "*) return 0 ;; # a fetcher knows its server
  esac
  case $http_status in
    408 | 425 | 429 | 500 | 502 | 503 | 504 | 520 | 521 | 522 | 523 | 524) return 0 ;;
    [45]??) return 1 ;;
    3??)
      # The last answer, where redirects are not followed. Otherwise it is an odd
      # one, and the next may be better.
      if [[ $place_config == *'max-redirs = 0'* ]]; then
        return 1
      fi
      ;;
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

# tell_delay ATTEMPT: sets `delay` to the milliseconds to wait before that
# attempt: exponentially longer, with jitter so that many builds don't come back
# together, or as long as the server asks. Fails where that is too long.
delay=0
asked_for=0
tell_delay() {
  local asked
  delay=$((fetch_base_delay << ($1 > 10 ? 8 : $1 - 2)))
  asked=$(asked_delay)
  if [ -n "$asked" ] && [ "$asked" -gt "$fetch_longest_wait" ]; then
    asked_for=$asked
    return 1
  fi
  if [ -n "$asked" ] && [ "$asked" -gt "$delay" ]; then
    delay=$asked
  fi
  delay=$((delay * 1000 + RANDOM % (delay * 500 + 1)))
}

too_long_a_wait() {
  fail "The server asks to wait for $asked_for seconds" "That is longer than a build should sleep ($fetch_longest_wait seconds)." "$@" -- \
    "Try again later."
}

# What went wrong, in a few words.
reason() {
  case $proxy_status in
    407) printf 'the proxy asks for credentials (HTTP 407)' && return ;;
    [45]??) printf 'the proxy refuses (HTTP %s)' "$proxy_status" && return ;;
  esac
  case $http_status in
    429) printf 'the server limits the rate (HTTP 429)' ;;
    [45]??) printf 'HTTP %s' "$http_status" ;;
    *)
      case $curl_status in
        0) printf 'an answer that was not expected (HTTP %s)' "$http_status" ;;
        5 | 6) printf 'the host name could not be resolved' ;;
        7) printf 'the connection was refused' ;;
        18) printf 'the connection ended early' ;;
        23) printf 'the file could not be written' ;;
        28) printf 'the connection timed out or stalled' ;;
        35) printf 'TLS could not be set up' ;;
        47) printf 'the server redirects in a circle' ;;
        52) printf 'the server closed the connection without an answer' ;;
        55 | 56) printf 'the connection broke' ;;
        60) printf 'the certificate could not be verified' ;;
        *) printf 'curl failed (%s)' "$curl_status" ;;
      esac
      ;;
  esac
}

# free_space FOLDER: bytes, or nothing
free_space() {
  { df --output=avail -B1 -- "$1" 2>/dev/null || :; } | tail -n 1 | tr -d ' '
}

# give_up [LINE...]: the request failed for good; the lines say more of it. A
# fetcher that knows its server's answers better defines `explain`, which ends
# if it can explain them.
give_up() {
  local detail=("$@") more=() available
  if [[ $proxy_status != [45]?? ]] && declare -F explain >/dev/null; then
    explain "$@"
  fi
  if [ -n "$curl_message" ]; then
    detail=("curl says: $curl_message" "${detail[@]}")
  fi
  if [ "$http_status" = 407 ] || [ "$proxy_status" = 407 ]; then
    fail "HTTP 407: the proxy asks for credentials" "${detail[@]}" -- \
      "Put them into https_proxy where the build gets it from: the Nix daemon's environment" \
      "Or add the host to no_proxy there"
  fi
  case $proxy_status in
    [45]??) fail "HTTP $proxy_status: the proxy refuses" "${detail[@]}" -- \
      "Look at https_proxy and no_proxy where the build gets them from: the Nix daemon's environment" ;;
  esac
  case $http_status in
    401) fail "HTTP 401: the server wants to know who asks" "${detail[@]}" -- "${token_steps[@]}" ;;
    403) fail "HTTP 403: access is denied" "${detail[@]}" -- "${token_steps[@]}" ;;
    404) fail "HTTP 404: not found" "${detail[@]}" -- "If it has moved or changed: nixgen update" ;;
    410) fail "HTTP 410: it was there, and was taken away" "${detail[@]}" -- "Choose another revision or source: nixgen update" ;;
    416) fail "HTTP 416: the server's file is shorter than expected" "${detail[@]}" -- "Lock the model again: nixgen update" ;;
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
    23)
      available=$(free_space "$(dirname -- "${out:-.}")")
      if [ -n "$available" ] && [ "$available" -lt "$min_progress" ]; then
        fail "The disk is full" "${detail[@]}" "free: $(amount "$available")" -- \
          "Make room: nix store gc, or a larger disk for /nix/store"
      fi
      fail "The file could not be written" "${detail[@]}" -- \
        "Look at the free space of the Nix store: df -h /nix/store"
      ;;
    28) fail "The connection timed out" "${detail[@]}" \
      "No byte came for $fetch_read_timeout seconds, or no connection for $fetch_connect_timeout." -- \
      "Try again; raise network.timeout if the server is known to be slow." ;;
    35 | 51 | 58 | 59 | 60 | 66 | 77 | 82 | 83 | 90 | 91)
      more=("Behind a proxy with its own certificates: set NIX_SSL_CERT_FILE for the Nix daemon.")
      more+=("Let builds read that file: extra-sandbox-paths in nix.conf")
      if [ -n "$unreadable_certificates" ]; then
        detail+=("This build can't read $unreadable_certificates, which NIX_SSL_CERT_FILE names.")
      fi
      fail "TLS: the server's identity could not be verified" "${detail[@]}" -- "${more[@]}"
      ;;
    1) fail "A protocol that is not spoken here" "${detail[@]}" \
      "Files come over https, by HTTP 1.0 or later." ;;
    47) fail "The server redirects in a circle" "${detail[@]}" \
      "At most ten redirects are followed." ;;
  esac
  fail "The transfer failed ${fetch_max_attempts} times: $(reason)" "${detail[@]}" -- "Try again later."
}

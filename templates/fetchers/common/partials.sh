# shellcheck shell=bash
# Partial downloads that outlive a build, where onDownloadFailure.action is
# `persist`: the file is fetched in the folder that the user names, with a note
# of what is missing beside it, and moved when it is whole.

partial=         # stem of both files, empty where nothing is kept
resumed=         # whether there are bytes of an earlier build
resumed_place=   # where the earlier build had its bytes from
resumed_version= # and of which content they were
resumed_linked=

# begin_partial DIGEST URL: sets `file` and `todo` where there is something to
# go on with
begin_partial() {
  local key=$1 name value rest complete='' state_size='' found=() place='' had_version='' had_linked=''
  partial=
  if [ "$fetch_on_failure" != persist ]; then
    return 0
  fi
  case $key in
    sha256-*) key=$(sri_to_hex "$key") ;;
    *) key=$(digest < <(printf %s "$2")) ;;
  esac
  if ! [ -d "$fetch_persist" ] || ! [ -w "$fetch_persist" ] || [ -L "$fetch_persist/$key.part" ] || [ -L "$fetch_persist/$key.state" ]; then
    log "partial downloads can't be kept in $fetch_persist: it must be a folder that builds can write to (extra-sandbox-paths in nix.conf makes it visible)"
    return 0
  fi
  partial=$fetch_persist/$key
  file=$partial.part
  if [ -f "$partial.state" ] && [ -f "$file" ]; then
    while read -r name value rest; do
      case $name in
        size) state_size=$value ;;
        place) place=$value ;;
        version) had_version="$value${rest:+ $rest}" ;;
        linked) had_linked="$value${rest:+ $rest}" ;;
        todo)
          if decimal "$value" && decimal "$rest" && [ "$value" -le "$rest" ]; then
            found+=("$value $rest 1 0")
          fi
          ;;
        end) complete=1 ;;
      esac
    done <"$partial.state"
    if [ -n "$complete" ] && [ "$state_size" = "$size" ] && [ "$(size_of "$file")" = "$size" ]; then
      todo=("${found[@]}") resumed=1 resumed_place=$place resumed_version=$had_version resumed_linked=$had_linked
      # The build that began it may have run as another user.
      if ! [ -w "$file" ]; then
        cp --reflink=auto -- "$file" "$file.$BASHPID" && mv -f -- "$file.$BASHPID" "$file"
      fi
      count_bytes
      log "going on with $(amount "$had") that an earlier build left in $fetch_persist"
      return 0
    fi
  fi
  rm -f -- "$file" "$partial.state"
}

# note_partial: what is missing, for a later build
note_partial() {
  local item lane at first last
  if [ -z "$partial" ] || [ "$size" = - ]; then
    return 0
  fi
  {
    printf 'size %s\nplace %s\nversion %s\nlinked %s\n' "$size" "${place_url%%\?*}" "$version" "$version_linked"
    for item in "${todo[@]}"; do
      read -r first last _ <<<"$item"
      printf 'todo %s %s\n' "$first" "$last"
    done
    for ((lane = 0; lane < lane_count; lane++)); do
      if [ -n "${lane_busy[lane]}" ]; then
        at=${lane_from[lane]}
        if [ -n "${lane_good[lane]}" ]; then
          at=${lane_at[lane]}
        fi
        if [ "$at" -le "${lane_last[lane]}" ]; then
          printf 'todo %s %s\n' "$at" "${lane_last[lane]}"
        fi
      fi
    done
    printf 'end\n'
  } >"$partial.state"
  chmod 664 -- "$partial.state" "$file" 2>/dev/null || :
}

# keep_partial: at the end of a run that failed
keep_partial() {
  local lane
  if [ -n "$partial" ] && [ "$lane_count" -gt 0 ]; then
    for ((lane = 0; lane < lane_count; lane++)); do
      if [ -n "${lane_busy[lane]}" ]; then
        find_lane "$lane" || :
      fi
    done
    note_partial
    log "$(amount "$had") are kept in $fetch_persist; the next build goes on from there"
  fi
  partial=
  stop_lanes
}

# finish_partial TARGET: moves the whole file to where it belongs
finish_partial() {
  if [ -n "$partial" ]; then
    # Nix takes no output that others own or may write to.
    if ! { [ -O "$file" ] && chmod 644 -- "$file" && mv -f -- "$file" "$1"; } && ! cp --reflink=auto -- "$file" "$1"; then
      fail "The file could not be moved out of $fetch_persist" -- "Look at the free space of the Nix store: df -h /nix/store"
    fi
    rm -f -- "$file" "$partial.state"
    partial=
  fi
}

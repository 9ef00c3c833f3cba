# shellcheck shell=bash
# One file, or the tree, of a repository of the Hugging Face Hub at a commit.
#
# fetch_endpoint, fetch_type, fetch_repo, fetch_revision: what and where
# fetch_path, fetch_size, fetch_sha256: the file; or
# fetch_filesPath: a list of lines `size TAB digest TAB path`; or
# fetch_include, fetch_exclude: patterns, one a line, of what to list
# fetch_impure: the revision may move, and what was fetched is written to `facts`
# fetch_discovers: the hash is not known yet

# shellcheck source-path=SCRIPTDIR source=common.sh
. "${fetch_common:?}"

case ${fetch_type:?} in
  model) prefix='' ;;
  *) prefix=${fetch_type}s/ ;;
esac
repository=${fetch_endpoint:?}/$prefix${fetch_repo:?}

subject_name=$fetch_repo

# describe [PATH]: what errors are about
describe() {
  subject=(
    "Source:   huggingface"
    "Repo:     $prefix$fetch_repo"
    "Revision: $fetch_revision"
  )
  if [ -n "${1:-}" ]; then
    subject+=("File:     $(shown "$1")")
  fi
}

# The Hub's own reasons, in the order in which its client reads them.
explain() {
  local code message=() help=()
  code=$(header x-error-code)
  local text
  text=$(printable "$(header x-error-message)")
  if [ -n "$text" ]; then
    message=("The server says: $text")
  fi
  message+=("$@")
  case $http_status:$code in
    *:RevisionNotFound) fail "HTTP $http_status: this revision does not exist" "${message[@]}" \
      "A commit disappears when its repository is deleted, or its history rewritten." -- \
      "Look at $repository/commits/main" \
      "Lock the model again: nixgen update" ;;
    *:EntryNotFound) fail "HTTP $http_status: this file does not exist at this revision" "${message[@]}" -- \
      "Look at $repository/tree/$fetch_revision" \
      "Lock the model again: nixgen update" ;;
    401:GatedRepo | 403:GatedRepo)
      if [ -n "${fetch_gated_help:-}" ]; then
        # What those who maintain the definition have to say.
        mapfile -t help <<<"${fetch_gated_help//[^[:print:]$'\n'$'\x80'-$'\xff']/}"
        fail "HTTP $http_status: this is a gated repository" "${message[@]}" "${help[@]}"
      fi
      fail "HTTP $http_status: this is a gated repository" "${message[@]}" \
        "Its owner lets those in who accept its terms." -- \
        "Visit $repository and accept the terms" \
        "Create a token that may read it: $fetch_endpoint/settings/tokens" \
        "${token_steps[@]}"
      ;;
    *:DisabledRepo) fail "HTTP $http_status: this repository is disabled" "${message[@]}" ;;
    *:RepoNotFound) fail "HTTP $http_status: this repository does not exist, or the token may not see it" "${message[@]}" -- \
      "Look at $repository" "${token_steps[@]}" ;;
    401:*)
      if [ -n "$token" ]; then
        fail "HTTP 401: the token is not accepted" "${message[@]}" \
          "A token that expired or was revoked is refused for public repositories too." -- \
          "Renew it: $fetch_endpoint/settings/tokens" \
          "Or remove it where the build gets it from"
      fi
      fail "HTTP 401: this repository is private, or does not exist" "${message[@]}" -- \
        "Look at $repository for a misspelt name" "${token_steps[@]}"
      ;;
    403:*)
      if [[ $text == *disabled* ]]; then
        fail "HTTP 403: this repository is disabled" "${message[@]}"
      fi
      fail "HTTP 403: access is denied" "${message[@]}" -- \
        "Visit $repository and look whether access must be asked for" "${token_steps[@]}"
      ;;
    410:*) fail "HTTP 410: this was taken away" "${message[@]}" -- \
      "Look at $repository" "Choose another revision or source: nixgen update" ;;
    404:*) fail "HTTP 404: not found" "${message[@]}" -- \
      "Look at $repository/tree/$fetch_revision" \
      "If it has moved or changed: nixgen update" ;;
    416:*) fail "HTTP 416: the server's file is shorter than expected" "${message[@]}" -- \
      "Lock the model again: nixgen update" ;;
    429:*) fail "HTTP 429: too many requests" "${message[@]}" \
      "The Hub counts requests per address, and per account where there is a token." -- \
      "Try again in five minutes" "${token_steps[@]}" ;;
    4??:*) fail "HTTP $http_status${code:+ ($(printable "$code"))}" "${message[@]}" ;;
  esac
}

# url_at ENDPOINT PATH: the address of a file
url_at() {
  printf %s "$1/$prefix$fetch_repo/resolve/$fetch_revision/$(url_encode "$2")"
}

# ── Trees ───────────────────────────────────────────────────────────────────

# Names come from a server: nothing may lead out of the tree.
is_safe_path() {
  case /$1/ in
    *//* | */./* | */../* | */.[gG][iI][tT]/* | *[[:cntrl:]]*) return 1 ;;
  esac
}

# The address of the next page, which must be on the same server: its answers
# are asked for with the token.
next_page() {
  local link origin
  link=$(header link)
  if ! [[ $link =~ \<([^<>]*)\>[^,\<]*\;\ *rel=\"?next\"? ]]; then
    return 0
  fi
  link=${BASH_REMATCH[1]}
  origin=$fetch_endpoint
  if [[ $fetch_endpoint =~ ^[a-z]+://[^/]+ ]]; then
    origin=${BASH_REMATCH[0]}
  fi
  case $link in
    /*) printf %s "$origin$link" ;;
    "$origin"/*) printf %s "$link" ;;
    *) fail "The list of files continues on another server" "It is at $(printable "$link")" -- \
      "Use an endpoint that serves its own lists, or state the files: nixgen lock" ;;
  esac
}

# Patterns as fnmatch has them, which the Hub's client uses: `*` crosses `/`.
# shellcheck disable=SC2016 # the variables are jq's
selection='
  def literal: if test("[A-Za-z0-9_]") or (explode[0] > 127) then . else "\\" + . end;
  def regex:
    . as $p | length as $n
    | {i: 0, out: ""}
    | until(.i >= $n;
        .i as $i | $p[$i:$i + 1] as $c
        | if $c == "*" then .out += ".*" | .i += 1
          elif $c == "?" then .out += "." | .i += 1
          elif $c == "[" then
            (if $p[$i + 1:$i + 2] == "!" then $i + 2 else $i + 1 end) as $start
            | ($p[$start + 1:] | index("]")) as $length
            | if $length == null then .out += "\\[" | .i += 1
              else
                $p[$start:$start + 1 + $length] as $set
                | .out += "[" + (if $start > $i + 1 then "^" else "" end)
                    + ($set | gsub("(?<x>[\\\\\\[\\]^&])"; "\\\(.x)")) + "]"
                | .i = $start + $length + 2
              end
          else .out += ($c | literal) | .i += 1
          end)
    | "\\A(?:" + .out + ")\\z";
  def patterns: split("\n") | map(select(. != "") | if endswith("/") then . + "*" else . end | regex);
  ($wanted | patterns) as $wanted | ($unwanted | patterns) as $unwanted
  | if type != "array" then error("not a list") else .[] end
  | select(.type == "file")
  | .path as $path
  | if ($path | type) != "string" or ($path | explode | any(. < 32 or . == 127)) then error("a name that is none") else . end
  | select(($wanted | length) == 0 or any($wanted[]; . as $p | $path | test($p)))
  | select(any($unwanted[]; . as $p | $path | test($p)) | not)
  | "\(.size | floor)\u0000\(.lfs.oid // "-")\u0000\(.oid)\u0000\($path)\u0000"
'

: "${fetch_most_pages:=1000}" # a server may lead in a circle

# list_tree FILE: writes the lines that `fetch_filesPath` would hold
list_tree() {
  local list=$1 url size oid blob path digest page=1
  url="$fetch_endpoint/api/${fetch_type}s/$fetch_repo/tree/$fetch_revision?recursive=true&limit=1000"
  : >"$list"
  while [ -n "$url" ]; do
    log "listing $fetch_repo (page $page)"
    get "$url" "$work/page" 67108864
    if ! jq -j --arg wanted "${fetch_include:-}" --arg unwanted "${fetch_exclude:-}" "$selection" \
      "$work/page" >"$work/entries" 2>"$work/complaint"; then
      fail "The list of files can't be understood" "jq says: $(printable "$(<"$work/complaint")")" -- \
        "Look at $repository/tree/$fetch_revision" \
        "Look at the patterns in files and exclude"
    fi
    while IFS= read -r -d '' size && IFS= read -r -d '' oid && IFS= read -r -d '' blob && IFS= read -r -d '' path; do
      if ! is_safe_path "$path" || ! [[ $size =~ ^[0-9]{1,15}$ ]]; then
        fail "The repository holds a file that can't be fetched safely: $(printable "$path")"
      fi
      if [[ $oid =~ ^[0-9a-f]{64}$ ]]; then
        digest=$(hex_to_sri "$oid")
      elif [ "$oid" != - ]; then
        fail "The hash of $(shown "$path") is hidden" "A gated repository hides hashes from those who may not read it." -- \
          "Visit $repository and accept the terms" "${token_steps[@]}"
      elif [[ $blob =~ ^[0-9a-f]{40}$ ]]; then
        digest=git:$blob
      else
        fail "The list of files states no hash for $(shown "$path")"
      fi
      printf '%s\t%s\t%s\n' "$size" "$digest" "$path" >>"$list"
    done <"$work/entries"
    url=$(next_page)
    page=$((page + 1))
    if [ "$page" -gt "$fetch_most_pages" ]; then
      fail "The list of files has no end" "There are more than $fetch_most_pages pages of it."
    fi
  done
  if [ ! -s "$list" ]; then
    fail "No file is selected" -- "Look at the patterns in files and exclude" \
      "Look at $repository/tree/$fetch_revision"
  fi
}

# ── Without a lock ──────────────────────────────────────────────────────────

# resolve_revision: the commit that the revision leads to now takes its place
resolve_revision() {
  local revision commit
  revision=$(url_encode "$fetch_revision")
  get "$fetch_endpoint/api/${fetch_type}s/$fetch_repo/revision/${revision//\//%2F}" "$work/revision" 67108864
  commit=$(jq -r '.sha | strings' "$work/revision" 2>/dev/null) || commit=
  if ! [[ $commit =~ ^[0-9a-f]{40}$ ]]; then
    fail "The server does not say which commit this revision is" -- \
      "State the commit as revision, in 40 hexadecimal digits: $repository/commits/main"
  fi
  log "$(shown "$fetch_revision") of $fetch_repo is the commit $commit at this time"
  fetch_revision=$commit
}

# fetch_impure_tree TARGET FACTS: what the repository holds now; the commit and
# the lines of its files go to FACTS
fetch_impure_tree() {
  local target=$1 facts=$2
  log "IMPURE: $fetch_repo is fetched as it is now. No hash is pinned: files are checked only against what the"
  log "IMPURE: server itself says of them, the next build may bring others, and no binary cache will have them."
  resolve_revision
  list_tree "$work/files"
  describe
  fetch_tree "$target" "$work/files"
  mkdir -- "$facts"
  printf %s "$fetch_revision" >"$facts/commit"
  cp -- "$work/files" "$facts/files"
}

describe "${fetch_path:-}"
load_token "${fetch_usual_token-HF_TOKEN}"
list_places

if [ -n "${fetch_path:-}${fetch_filesPath:-}" ]; then
  fetch_locked
elif [ -n "${fetch_impure:-}" ]; then
  fetch_impure_tree "${out:?}" "${facts:?}"
else
  announce_discovery
  list_tree "$work/files"
  describe
  fetch_tree "${out:?}" "$work/files"
fi

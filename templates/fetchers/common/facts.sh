# shellcheck shell=bash
# What a lock states of a file beside its size and its hash: by its path, and
# empty where it states nothing. Fetchers look here.

# shellcheck disable=SC2034 # they are for fetchers
declare -A file_blobs=() file_objects=() file_urls=() file_versions=()

# note_facts PATH BLOB OBJECT URL VERSION: each after a `=`, or `-` alone
# shellcheck disable=SC2034
note_facts() {
  local blob=$2 object=$3 url=$4 version=$5
  file_blobs["$1"]=${blob#[=-]}
  file_objects["$1"]=${object#[=-]}
  file_urls["$1"]=${url#[=-]}
  file_versions["$1"]=${version#[=-]}
}

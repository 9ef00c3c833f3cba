# shellcheck shell=bash
# What stdenv's setup does for derivations without sources: a PATH of the
# declared tools, then `buildCommand` or the phases that there are.
set -eu -o pipefail
shopt -s inherit_errexit nullglob

PATH=
for input in ${initialPath:?} ${nativeBuildInputs:-} ${buildInputs:-}; do
  if [ -d "$input/bin" ]; then
    PATH=$PATH${PATH:+:}$input/bin
  fi
done
export PATH
export HOME=/homeless-shelter SOURCE_DATE_EPOCH=315532800 TZ=UTC
if [ "${NIX_BUILD_CORES:-0}" -le 0 ]; then
  NIX_BUILD_CORES=$(nproc)
fi
export NIX_BUILD_CORES
umask 0022
cd "${NIX_BUILD_TOP:?}"

# A phase is an attribute of the derivation, or nothing.
run_phase() {
  if [ -n "${!1:-}" ]; then
    eval "${!1}"
  fi
}

# nixpkgs refuses links that lead nowhere, within the store.
check_links() {
  local link target
  while IFS= read -r -d '' link; do
    target=$(readlink "$link")
    case $target in
      "${NIX_STORE:?}"/* | [!/]*)
        if [ ! -e "$link" ]; then
          printf 'ERROR: noBrokenSymlinks: the symlink %s points to a missing target: %s\n' "$link" "$target" >&2
          exit 1
        fi
        ;;
    esac
  done < <(find "${out:?}" -type l -print0)
}

if [ -n "${buildCommandPath:-}" ]; then
  # shellcheck source=/dev/null
  . "$buildCommandPath"
elif [ -n "${buildCommand:-}" ]; then
  eval "$buildCommand"
else
  run_phase buildPhase
  run_phase installPhase
  if [ -z "${dontFixup:-}" ] && [ -e "${out:?}" ]; then
    check_links
  fi
fi

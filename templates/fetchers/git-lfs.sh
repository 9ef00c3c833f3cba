# shellcheck shell=bash
# Files of a git repository at a commit: those in Git LFS by its batch API, the
# others by git.
#
# fetch_endpoint: the repository's address
# fetch_storage: base of the Git LFS API, or file:///… of the folder of objects
# fetch_repo, fetch_revision: what; fetch_subdir: where no lock says it
# fetch_blob: the SHA-256 of what is in Git LFS, the Git blob's SHA-1 of what
#   isn't; without one, git is asked what the file is
#
# Parts: git

# shellcheck source-path=SCRIPTDIR source=common.sh
. "${fetch_common:?}"

fetch_repository git-lfs

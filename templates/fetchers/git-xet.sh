# shellcheck shell=bash
# Files of a git repository at a commit, whose content Xet storage has:
# it is asked for by the batch API of Git LFS.
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

fetch_repository git-xet

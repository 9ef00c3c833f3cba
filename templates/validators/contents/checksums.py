"""Every file against the SHA-256 that the lock has of it, several at a time."""

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor

PIECE = 4 * 1024 * 1024


def check(folder, facts, arguments):
    stated = {file["path"]: file.get("sha256") for file in facts.get("files") or []}
    if not any(stated.values()):
        print("warning: no hash of a single file is known of this model; Nix has checked that of the whole")
        return
    there = set(folder.files)
    for path in sorted(stated.keys() - there):
        yield {"file": path, "what": "the lock has it, and it isn't there"}
    for path in sorted(there - stated.keys()):
        yield {"file": path, "what": "it is there, and the lock doesn't have it"}
    paths = sorted(path for path in there if stated.get(path))
    with ThreadPoolExecutor(max(1, int(os.environ.get("NIX_BUILD_CORES") or 0) or os.cpu_count() or 1)) as pool:
        for path, digest in zip(paths, pool.map(lambda path: digest_of(folder.at(path)), paths)):
            if digest != stated[path]:
                yield {"file": path, "what": f"its SHA-256 is {digest}, and the lock says {stated[path]}"}


def digest_of(path):
    digest = hashlib.sha256()
    with open(path, "rb", buffering=0) as file:
        while piece := file.read(PIECE):
            digest.update(piece)
    return digest.hexdigest()

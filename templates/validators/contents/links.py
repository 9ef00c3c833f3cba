"""Links that lead out of a model. Those that Nix lays to the fetched files are none of the model's own."""

import os


def check(folder, facts, arguments):
    laid = {file["path"]: file.get("target") for file in facts.get("files") or []}
    root = os.path.realpath(folder.raw)
    for parent, folders, names in os.walk(folder.raw):
        for name in sorted(folders + names):
            path = os.path.join(parent, name)
            if not os.path.islink(path):
                continue
            file = os.path.relpath(path, folder.raw)
            target = os.readlink(path)
            if target == laid.get(file) and not os.path.islink(target):
                continue
            reached = os.path.realpath(path)
            if not os.path.exists(reached):
                yield {"file": file, "what": "it is a link that leads nowhere"}
            elif os.path.commonpath([root, reached]) != root:
                yield {"file": file, "what": f"it is a link that leads out of the model, to {target!r}"}

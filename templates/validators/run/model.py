"""The model that is looked at, as validators see it."""

import json
import os


class Model:
    """Where its files are, what is known of it, and the environment of all validators."""

    def __init__(self, plan, environment):
        self.source, self.out = environment["src"], environment["out"]
        self.size = sum(os.stat(path).st_size for path in files_of(self.source))
        self.work = os.path.join(environment["NIX_BUILD_TOP"], "validation")
        os.makedirs(self.work)
        facts = os.path.join(self.work, "facts.json")
        with open(facts, "w", encoding="utf-8") as file:
            json.dump(plan["facts"], file, sort_keys=True)
        self.environment = dict(environment) | {
            "raw": environment.get("raw") or self.source,
            "MODEL_NAME": plan["name"],
            "MODEL_SIZE": str(self.size),
            "MODEL_FACTS": facts,
            # A program of Python's may write what it finds in the order of a set.
            "PYTHONHASHSEED": "0",
        }

    def state(self):
        """What the output consists of, so that it shows when a validator changes it."""
        entries = []
        for folder, folders, files in os.walk(self.out):
            for name in sorted(folders + files):
                path = os.path.join(folder, name)
                status = os.lstat(path)
                entries.append((path, status.st_mode, os.readlink(path) if os.path.islink(path) else status.st_ino))
        return sorted(entries)


def files_of(folder):
    """Every file below a folder, links followed, in the order of names."""
    found = []
    for parent, folders, names in os.walk(folder, followlinks=True):
        folders.sort()
        found += [os.path.join(parent, name) for name in sorted(names)]
    return found

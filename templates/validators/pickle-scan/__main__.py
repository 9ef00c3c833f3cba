"""Says whether files hold pickles that would run something.

    python3 -I pickle-scan [--allow MODULE.NAME]... FILE...
    python3 -I pickle-scan [--allow MODULE.NAME]... --findings LIST FOLDER

Nothing of a file is ever imported or run. The report is JSON; of a folder, what is
found is written to LIST, a JSON object a line. It ends with 0 where nothing was found,
with 1 where something was, and with 2 where it can't tell.
"""

import json

import os
import sys

# It may lie where nothing can be written.
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from allowed import Policy  # noqa: E402
from scan import as_json, scan  # noqa: E402


USAGE = "usage: pickle-scan [--allow MODULE.NAME]... (FILE... | --findings LIST FOLDER)"


def main(arguments):
    allowed, files, findings = [], [], None
    while arguments:
        argument = arguments.pop(0)
        if argument == "--allow" and arguments:
            argument = f"--allow={arguments.pop(0)}"
        if argument.startswith("--allow=") and "." in argument:
            allowed.append(argument.removeprefix("--allow="))
        elif argument == "--findings" and arguments:
            findings = arguments.pop(0)
        elif argument == "--":
            files += arguments
            break
        elif argument.startswith("-"):
            print(USAGE, file=sys.stderr)
            return 2
        else:
            files.append(argument)
    if not files or (findings is not None and (len(files) != 1 or not os.path.isdir(files[0]))):
        print(USAGE, file=sys.stderr)
        return 2
    folder = None if findings is None else files[0]
    if folder is not None:
        files = files_of(folder)
    policy, reports, is_clean = Policy(allowed), [], True
    for path in files:
        try:
            report = scan(path, policy)
        except (OSError, RecursionError, MemoryError) as reason:
            print(f"pickle-scan: {path!r} can't be read: {reason.__class__.__name__}", file=sys.stderr)
            return 2
        is_clean = is_clean and report.is_clean
        name = path if folder is None else os.path.relpath(path, folder)
        reports.append({"file": name, "pickles": report.pickles, "findings": [finding.as_json() for finding in report.findings]})
    if findings is None:
        print(as_json(reports))
    else:
        write(findings, reports)
    return 0 if is_clean else 1


def files_of(folder):
    return sorted(os.path.join(parent, name) for parent, _, names in os.walk(folder, followlinks=True) for name in names)


def write(path, reports):
    with open(path, "a", encoding="utf-8") as file:
        for report in reports:
            for finding in report["findings"]:
                file.write(json.dumps({"file": report["file"]} | {key: value for key, value in finding.items() if value != ""}, sort_keys=True) + "\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

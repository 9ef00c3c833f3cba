"""Says whether files hold pickles that would run something.

    python3 -I pickle-scan [--allow MODULE.NAME]... FILE...

Nothing of a file is ever imported or run. The report is JSON. It ends with 0
where nothing was found, with 1 where something was, and with 2 where it can't
tell.
"""

import os
import sys

# It may lie where nothing can be written.
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from allowed import Policy  # noqa: E402
from scan import as_json, scan  # noqa: E402


def main(arguments):
    allowed, files = [], []
    while arguments:
        argument = arguments.pop(0)
        if argument == "--allow" and arguments and "." in arguments[0]:
            allowed.append(arguments.pop(0))
        elif argument == "--":
            files += arguments
            break
        elif argument.startswith("-"):
            print("usage: pickle-scan [--allow MODULE.NAME]... FILE...", file=sys.stderr)
            return 2
        else:
            files.append(argument)
    if not files:
        print("usage: pickle-scan [--allow MODULE.NAME]... FILE...", file=sys.stderr)
        return 2
    policy, reports, is_clean = Policy(allowed), [], True
    for path in files:
        try:
            report = scan(path, policy)
        except (OSError, RecursionError, MemoryError) as reason:
            print(f"pickle-scan: {path!r} can't be read: {reason.__class__.__name__}", file=sys.stderr)
            return 2
        is_clean = is_clean and report.is_clean
        reports.append({"file": path, "pickles": report.pickles, "findings": [finding.as_json() for finding in report.findings]})
    print(as_json(reports))
    return 0 if is_clean else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Checks of a model by what its files hold, whatever they are called.

    python3 -I contents CHECK [ARGUMENT]...

The model is where the variable `src` says, and what is known of it in the file that
`MODEL_FACTS` names. Findings go to the file that `findings` names, a JSON object a
line. It ends with 0 where there is none.
"""

import json
import os
import sys

# It may lie where nothing can be written.
sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.path.append(os.path.join(os.path.dirname(HERE), "pickle-scan"))

import checks  # noqa: E402
from folder import Folder  # noqa: E402


def main(arguments):
    check = checks.BY_NAME.get(arguments[0] if arguments else "")
    if check is None:
        print(f"usage: contents {'|'.join(sorted(checks.BY_NAME))} [ARGUMENT]...", file=sys.stderr)
        return 2
    with open(os.environ["MODEL_FACTS"], encoding="utf-8") as file:
        facts = json.load(file)
    findings = list(check(Folder(os.environ["src"], os.environ.get("raw") or os.environ["src"]), facts, arguments[1:]))
    with open(os.environ["findings"], "a", encoding="utf-8") as file:
        for finding in findings:
            file.write(json.dumps(finding, sort_keys=True) + "\n")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

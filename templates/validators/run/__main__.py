"""Runs the validators of a model one after the other, and writes down what they found.

    python3 -I run PLAN METADATA

PLAN is JSON: the model's name, what is known of it, and the validators with their
commands. METADATA is written where no validator stands in the way. A report holds no
clock: the same files give the same one.
"""

import json
import os
import sys

# It may lie where nothing can be written.
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from model import Model  # noqa: E402
from validator import Validator  # noqa: E402


def main(arguments):
    with open(arguments[0], encoding="utf-8") as file:
        plan = json.load(file)
    model = Model(plan, os.environ)
    reports = []
    for number, stated in enumerate(plan["validators"]):
        validator = Validator(stated, number)
        report = validator.run(model)
        reports.append(report)
        if report["status"] in ("passed", "unavailable"):
            continue
        if validator.on_failure == "abort":
            refuse(plan["name"], report)
            return 1
        if validator.on_failure == "warn":
            print(f"warning: the validator `{report['name']}` does not accept the model `{plan['name']}`:", file=sys.stderr)
            tell(report)
    metadata = plan["metadata"] | {"validation": {"validators": reports}}
    with open(arguments[1], "w", encoding="utf-8", newline="\n") as file:
        json.dump(metadata, file, sort_keys=True, separators=(",", ":"))
    return 0


def refuse(model, report):
    print(f"error: the validator `{report['name']}` refuses the model `{model}`:", file=sys.stderr)
    tell(report)
    print("Nothing was built. If what it found is all right for this model, say so in its `validation`.", file=sys.stderr)


def tell(report):
    findings = report.get("findings", [])
    for finding in findings[:20]:
        place = ", ".join(str(finding[key]) for key in ("file", "path") if finding.get(key))
        offset = f" at byte {finding['offset']}" if "offset" in finding else ""
        name = f" ({finding['opcode']} {finding.get('module', '')}.{finding.get('name', '')})" if "module" in finding and "opcode" in finding else ""
        print(f"  {printable(place + offset + ': ' if place else '')}{printable(str(finding.get('what', finding)))}{printable(name)}", file=sys.stderr)
    if len(findings) > 20:
        print(f"  and {len(findings) - 20} more", file=sys.stderr)


# Names come out of model files: none of them reaches a terminal as an order to it.
def printable(text):
    return "".join(character if character.isprintable() else repr(character)[1:-1] for character in text)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

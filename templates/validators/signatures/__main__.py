"""Says whether the files of a model are signed by a given key.

    python3 -I signatures --method minisign|ssh|cosign|model-signing --key KEY [--namespace NAME] [--signature NAME] [--files PATTERN]...

The model is where the variable `src` says. A file is signed by a signature beside it,
or by a list of SHA-256 sums that is signed and has the file's own; with `model-signing`,
by one signature of the whole model. Findings go to the
file that `findings` names, a JSON object a line; it ends with 0 where there is none.
"""

import fnmatch
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile

# It may lie where nothing can be written.
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import model_signing  # noqa: E402

LISTS = re.compile(r"^(?:.*[-_.])?sha256(?:sums?)?(?:\.txt)?$", re.IGNORECASE)
LINE = re.compile(r"^([0-9a-fA-F]{64}) [ *](.+)$")
ENDINGS = {"minisign": (".minisig",), "ssh": (".sig",), "cosign": (".sig", ".sigstore.json", ".bundle")}
SIGNER = "signer"


class Signatures:
    def __init__(self, root, method, key, namespace, work):
        self.root, self.method, self.namespace, self.work = root, method, namespace, work
        self.key = os.path.join(work, "key")
        with open(self.key, "w", encoding="utf-8") as file:
            file.write("".join(f"{SIGNER} {line}\n" for line in key.split("\n") if line.strip()) if method == "ssh" else key.rstrip("\n") + "\n")
        self.files = sorted(
            os.path.relpath(os.path.join(parent, name), root)
            for parent, _, names in os.walk(root, followlinks=True)
            for name in names
            if not name.startswith(".nix-model-repo")
        )

    def check(self, patterns, signature):
        if self.method == "model-signing":
            return model_signing.check(self.root, self.files, signature, self.key, patterns, self.work)
        there = set(self.files)
        signatures = {file + ending: file for file in self.files for ending in ENDINGS[self.method] if file + ending in there}
        signed, found = {}, []
        for signature, file in sorted(signatures.items()):
            reason = self.reason_against(file, signature)
            if reason is None:
                signed[file] = signature
            else:
                found.append({"file": file, "what": f"its signature {signature!r} is not good: {reason}"})
        bad = {finding["file"] for finding in found}
        sums = self.sums(signed)
        for file in self.files:
            if file in signed or file in bad or file in signatures or not any(fnmatch.fnmatchcase(file, pattern) for pattern in patterns):
                continue
            if file not in sums:
                found.append({"file": file, "what": "it is not signed: there is neither a signature beside it nor a signed list with its SHA-256"})
            elif self.digest(file) != sums[file]:
                found.append({"file": file, "what": "its SHA-256 is another than the signed list says"})
        return found

    def sums(self, signed):
        """What signed lists say of files, by path."""
        stated = {}
        for file in sorted(signed):
            if not LISTS.match(os.path.basename(file)):
                continue
            with open(os.path.join(self.root, file), encoding="utf-8", errors="replace") as lines:
                for match in filter(None, map(LINE.match, map(str.rstrip, lines))):
                    path = os.path.normpath(os.path.join(os.path.dirname(file), match[2]))
                    stated.setdefault(path, match[1].lower())
        return stated

    def digest(self, file):
        with open(os.path.join(self.root, file), "rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest()

    def reason_against(self, file, signature):
        path, beside = os.path.join(self.root, file), os.path.join(self.root, signature)
        if self.method == "minisign":
            command = ["minisign", "-V", "-q", "-p", self.key, "-x", beside, "-m", path]
        elif self.method == "ssh":
            command = ["ssh-keygen", "-Y", "verify", "-f", self.key, "-I", SIGNER, "-n", self.namespace, "-s", beside]
        else:
            named = ["--signature", beside] if signature.endswith(".sig") else ["--bundle", beside]
            command = ["cosign", "verify-blob", "--key", self.key, *named, "--insecure-ignore-tlog=true", path]
        with open(path if self.method == "ssh" else os.devnull, "rb") as content:
            result = subprocess.run(command, stdin=content, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        if result.returncode == 0:
            return None
        lines = result.stdout.decode("utf-8", "backslashreplace").strip().split("\n")
        return lines[-1][:200] or f"{command[0]} ended with {result.returncode}"


def main(arguments):
    given, patterns = {}, []
    while arguments:
        name, value, *arguments = arguments
        if name == "--files":
            patterns.append(value)
        else:
            given[name] = value
    with tempfile.TemporaryDirectory() as work:
        signatures = Signatures(os.environ["src"], given["--method"], given["--key"], given.get("--namespace", "file"), work)
        found = signatures.check(patterns or ["*"], given.get("--signature", "model.sig"))
    with open(os.environ["findings"], "a", encoding="utf-8") as file:
        file.writelines(json.dumps(finding, sort_keys=True) + "\n" for finding in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

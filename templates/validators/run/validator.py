"""One validator: a command of bash's that accepts a model by ending with 0."""

import json
import os
import signal
import subprocess

MOST_FINDINGS = 1000
LONGEST_LINE = 4096


class Validator:
    def __init__(self, stated, number):
        self.name, self.command, self.number = stated["name"], stated.get("command"), number
        self.description = stated.get("description") or ""
        self.timeout, self.per_gigabyte = stated["timeout"], stated.get("secondsPerGigabyte") or 0
        self.on_failure, self.path = stated["onFailure"], stated.get("path") or ""
        self.unavailable = stated.get("unavailable")

    def run(self, model):
        print(f"validator {self.name}{': ' if self.description else ''}{self.description}", flush=True)
        if self.unavailable is not None:
            print(f"warning: the validator `{self.name}` is left out: {self.unavailable}", flush=True)
            return self.report("unavailable", [{"what": self.unavailable}])
        folder = os.path.join(model.work, str(self.number))
        home, findings, command = (os.path.join(folder, name) for name in ("home", "findings", "command"))
        os.makedirs(home)
        write(findings, "")
        write(command, self.command)
        before = model.state()
        seconds = self.timeout + self.per_gigabyte * (model.size // 1_000_000_000)
        code = self.wait(command, model.environment | {"HOME": home, "findings": findings, "PATH": self.search_path(model)}, home, seconds)
        found = read(findings)
        if model.state() != before:
            return self.report("failed", [{"what": "it changed the output; what changes a model is a transform, and no validator"}])
        if code is None:
            return self.report("timed-out", [*found, {"what": f"it did not end within {seconds} seconds"}])
        if code != 0:
            return self.report("failed", found or [{"what": f"it ended with {code}"}])
        return self.report("passed", found)

    # In a session of its own, so that nothing which it started is left behind.
    def wait(self, command, environment, folder, seconds):
        process = subprocess.Popen(
            ["bash", "-euo", "pipefail", command], env=environment, cwd=folder, stdin=subprocess.DEVNULL, stderr=subprocess.STDOUT, start_new_session=True
        )
        code = None
        try:
            code = process.wait(seconds)
        except subprocess.TimeoutExpired:
            end(process, signal.SIGTERM)
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                pass
        end(process, signal.SIGKILL)
        process.wait()
        return code

    def search_path(self, model):
        return os.pathsep.join(part for part in (self.path, model.environment.get("PATH", "")) if part)

    def report(self, status, findings):
        report = {"name": self.name, "status": status}
        if status in ("failed", "timed-out"):
            report["onFailure"] = self.on_failure
        if findings:
            report["findings"] = findings[:MOST_FINDINGS]
        return report


def end(process, with_signal):
    try:
        os.killpg(process.pid, with_signal)
    except ProcessLookupError:
        pass


def write(path, text):
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)


def read(path):
    """The findings that a validator wrote: lines of JSON objects, or of text."""
    found = []
    with open(path, encoding="utf-8", errors="backslashreplace") as file:
        for line in file:
            line = line.rstrip("\n")
            if line and len(found) < MOST_FINDINGS:
                found.append(finding_of(line))
    return found


def finding_of(line):
    try:
        finding = json.loads(line) if len(line) <= LONGEST_LINE else None
    except (ValueError, RecursionError):
        finding = None
    return finding if isinstance(finding, dict) else {"what": line[:LONGEST_LINE]}

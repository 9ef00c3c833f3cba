"""Says whether the model files of a folder are whole, by their headers alone.

    python3 -I structure [--findings LIST] FOLDER

safetensors and GGUF are known by their first bytes, whatever they are called;
indexes of shards and ONNX models by their names. The report is JSON; with
LIST, what is wrong is written there instead, a JSON object a line. It ends with 0 where nothing is wrong,
with 1 where something is, and with 2 where it can't tell.
"""

import json
import mmap
import os
import re
import sys

# It may lie where nothing can be written.
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import gguf  # noqa: E402
import onnx  # noqa: E402
import tensors  # noqa: E402
from wrong import Wrong  # noqa: E402

PART = re.compile(r"^(.*)-([0-9]{5})-of-([0-9]{5})(\.[A-Za-z0-9_.]+)$")


class Folder:
    def __init__(self, path):
        self.path = path
        self.files = sorted(
            os.path.relpath(os.path.join(folder, name), path)
            for folder, _, names in os.walk(path, followlinks=True)
            for name in names
            if not name.startswith(".nix-model-repo")
        )
        self.wrong, self.odd, self.tensors = [], [], {}

    def check(self):
        for file in self.files:
            try:
                self.file(file)
            except Wrong as reason:
                self.say(file, str(reason), reason.offset)
        for file in self.files:
            if file.endswith(".safetensors.index.json"):
                self.index(file)
            self.part(file)

    def say(self, file, what, offset=None):
        self.wrong.append({"file": file, "what": what} | ({} if offset is None else {"offset": offset}))

    def file(self, file):
        path = os.path.join(self.path, file)
        size = os.path.getsize(path)
        if size == 0:
            if file.endswith((".safetensors", ".gguf", ".onnx")):
                raise Wrong("it is empty", 0)
            return
        with open(path, "rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as data:
            if gguf.looks_so(data, size) or file.lower().endswith(".gguf"):
                if not gguf.looks_so(data, size):
                    raise Wrong("it is called so, and is no GGUF file", 0)
                self.odd += [{"file": file, "what": what} for what in gguf.check(data, size)]
            elif file.lower().endswith(".onnx"):
                self.external(file, onnx.locations(data, size))
            elif tensors.looks_so(data, size) or file.lower().endswith(".safetensors"):
                self.tensors[file], odd = tensors.check(data, size)
                self.odd += [{"file": file, "what": what} for what in odd]

    def external(self, file, locations):
        for location in sorted(locations):
            shown = repr(location[:200])
            try:
                name = location.decode("utf-8")
            except UnicodeDecodeError:
                raise Wrong(f"its data is at {shown}, which is no name of a file") from None
            if not is_inside(name):
                raise Wrong(f"its data is at {shown}, which leads out of the model")
            if os.path.normpath(os.path.join(os.path.dirname(file), name)) not in self.files:
                raise Wrong(f"its data is at {shown}, which isn't there")

    # Every tensor is in the shard that the index says, and every shard has no others.
    def index(self, file):
        try:
            with open(os.path.join(self.path, file), encoding="utf-8") as opened:
                weights = json.load(opened)["weight_map"]
            shards = {shard: {name for name, at in weights.items() if at == shard} for shard in set(weights.values())}
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            self.say(file, "it holds no `weight_map` of texts")
            return
        for shard in sorted(shards, key=str):
            if not isinstance(shard, str) or not is_inside(shard):
                self.say(file, f"it names {str(shard)[:200]!r}, which leads out of the model")
                continue
            path = os.path.normpath(os.path.join(os.path.dirname(file), shard))
            if path not in self.files:
                self.say(file, f"it names {shard[:200]!r}, which isn't there")
            elif path in self.tensors and self.tensors[path] != shards[shard]:
                self.say(file, f"it says otherwise than {shard[:200]!r} which tensors are in that")

    def part(self, file):
        match = PART.match(file)
        if match is None or int(match[2]) != 1 or not file.endswith((".gguf", ".safetensors")):
            if match is not None and int(match[2]) > 1 and f"{match[1]}-00001-of-{match[3]}{match[4]}" not in self.files and file.endswith((".gguf", ".safetensors")):
                self.say(file, "it is a part of a model whose first part isn't there")
            return
        missing = [f"{match[1]}-{number:05}-of-{match[3]}{match[4]}" for number in range(1, min(int(match[3]), 99999) + 1)]
        missing = [name for name in missing if name not in self.files]
        if missing:
            self.say(file, f"{len(missing)} of its {int(match[3])} parts aren't there, the first of them {missing[0]!r}")


def is_inside(name):
    return name != "" and not name.startswith("/") and "\\" not in name and "\0" not in name and ".." not in name.split("/")


def main(arguments):
    findings = None
    if arguments[:1] == ["--findings"] and len(arguments) > 1:
        findings = arguments[1]
        arguments = arguments[2:]
    if len(arguments) != 1 or arguments[0].startswith("-"):
        print("usage: structure [--findings LIST] FOLDER", file=sys.stderr)
        return 2
    if not os.path.isdir(arguments[0]):
        print(f"structure: {arguments[0]!r} is no folder", file=sys.stderr)
        return 2
    folder = Folder(arguments[0])
    try:
        folder.check()
    except (OSError, MemoryError, RecursionError) as reason:
        print(f"structure: {arguments[0]!r} can't be read: {reason.__class__.__name__}", file=sys.stderr)
        return 2
    if findings is None:
        print(json.dumps({"files": len(folder.files), "odd": folder.odd, "wrong": folder.wrong}, ensure_ascii=True, indent=2, sort_keys=True))
    else:
        for odd in folder.odd:
            print(f"warning: {odd['file']!r}: {odd['what']}")
        with open(findings, "a", encoding="utf-8") as file:
            file.writelines(json.dumps(finding, sort_keys=True) + "\n" for finding in folder.wrong)
    return 1 if folder.wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

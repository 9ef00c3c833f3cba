"""Ten thousand mutations of whole models: `mutate.py CHECKER WHOLE [COUNT]`.

None may crash the checker, keep it busy or fill the memory; a file that was cut or
made longer is never whole. The seed is fixed.
"""

import os
import random
import resource
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])

import gguf  # noqa: E402
import onnx  # noqa: E402
import tensors  # noqa: E402
from wrong import Wrong  # noqa: E402

LONGEST = 5.0
CHECKS = {".safetensors": tensors.check, ".gguf": gguf.check, ".onnx": onnx.locations}


def mutated(chance, content):
    """A mutation, and whether its length alone makes it wrong."""
    content = bytearray(content)
    kind = chance.randrange(6)
    at = chance.randrange(len(content))
    if kind == 0:
        for _ in range(chance.randrange(1, 9)):
            content[chance.randrange(len(content))] = chance.randrange(256)
    elif kind == 1:
        del content[at:]
        return bytes(content), True
    elif kind == 2:
        return bytes(content) + bytes(chance.randrange(1, 100)), True
    elif kind == 3:
        content[at : at + 8] = chance.choice((b"\xff" * 8, bytes(8), b"\xff" * 7 + b"\x7f", b"\0" * 7 + b"\x01"))[: len(content) - at]
    elif kind == 4:
        content[at:at] = bytes(chance.randrange(256) for _ in range(chance.randrange(1, 20)))
    else:
        del content[at : at + chance.randrange(1, 20)]
    return bytes(content), False


def main(folder, count):
    resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
    chance = random.Random(20261126)
    samples = []
    for place, _, names in sorted(os.walk(folder)):
        for name in sorted(names):
            check = CHECKS.get(os.path.splitext(name)[1])
            if check is not None:
                with open(os.path.join(place, name), "rb") as file:
                    samples.append((name, check, file.read()))
    slowest, wrong = 0.0, 0
    for number in range(count):
        name, check, whole = chance.choice(samples)
        content, is_wrong = mutated(chance, whole)
        started = time.monotonic()
        try:
            check(content, len(content))
            # Behind the last tensor of a GGUF file there may be padding.
            if is_wrong and check is not onnx.locations and (check is tensors.check or len(content) < len(whole) and b"vocab" not in name.encode()):
                print(f"mutation {number} of {name}: whole, with {len(content)} of {len(whole)} bytes")
                return 1
        except Wrong:
            wrong += 1
        taken = time.monotonic() - started
        slowest = max(slowest, taken)
        if taken > LONGEST:
            print(f"mutation {number} of {name} took {taken:.1f} s: {content[:200]!r}")
            return 1
    print(f"{count} mutations, {wrong} wrong, the slowest {slowest:.2f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 10_000))

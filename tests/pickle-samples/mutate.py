"""Ten thousand mutations of the benign samples: `mutate.py SCANNER BENIGN [COUNT]`.

No mutation may crash the scanner, keep it busy or fill the memory; and what a
mutation has given a forbidden global is never called clean. Nor is what Python's
own unpickler finds a global in: here it gets nothing real for any name. The seed is
fixed.
"""

import io
import os
import pickle
import pickletools
import random
import resource
import sys
import tempfile
import time

sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])

from allowed import Policy  # noqa: E402
from scan import scan  # noqa: E402

FORBIDDEN = (
    b"cos\nsystem\n0",
    b"cbuiltins\neval\n0",
    b"cos\nsystem\n)R0",
    b"\x8c\x02os\x8c\x06system\x930",
    b"(ios\nsystem\n0",
    b"(cos\nsystem\no0",
)
LONGEST = 5.0


def boundaries(content):
    """Where one opcode ends and the next begins, but not within a frame's head."""
    return [position for opcode, _, position in pickletools.genops(content) if position and opcode.name not in ("PROTO", "FRAME")]


def framed(content):
    return b"\x95" in content[:4]


class Nothing:
    """What every global is here: it takes whatever is done with it."""

    def __init__(self, *arguments, **named):
        pass

    def __setstate__(self, state):
        pass

    def __call__(self, *arguments, **named):
        return Nothing()

    def __setitem__(self, key, value):
        pass

    def __hash__(self):
        return 1

    append = extend = add = update = __setstate__


class Watcher(pickle.Unpickler):
    """Python's own unpickler, which learns what it would have imported."""

    def __init__(self, content, policy):
        super().__init__(io.BytesIO(content))
        self.policy, self.forbidden = policy, []

    def find_class(self, module, name):
        if self.policy.use_of(module, name) is None:
            self.forbidden.append((module, name))
        return Nothing

    def persistent_load(self, identity):
        if not isinstance(identity, tuple) or not identity or identity[0] != "storage":
            self.forbidden.append(("a persistent id", repr(identity)[:40]))
        return Nothing()


def forbidden_in(content, policy):
    watcher = Watcher(content, policy)
    try:
        watcher.load()
    except Exception:
        pass
    return watcher.forbidden


def mutated(random, content, others):
    """A mutation, and whether it has a forbidden global in the way of every reader."""
    content = bytearray(content)
    kind = random.randrange(8)
    if kind == 0 and content:
        for _ in range(random.randrange(1, 9)):
            content[random.randrange(len(content))] = random.randrange(256)
    elif kind == 1 and content:
        del content[random.randrange(len(content)) :]
    elif kind == 2:
        at = random.randrange(len(content) + 1)
        content[at:at] = bytes(random.randrange(256) for _ in range(random.randrange(1, 20)))
    elif kind == 3 and content:
        at = random.randrange(len(content))
        del content[at : at + random.randrange(1, 40)]
    elif kind == 4:
        other = random.choice(others)
        at = random.randrange(len(content) + 1)
        content[at:] = other[random.randrange(len(other) + 1) :]
    elif kind == 5 and content:
        at = random.randrange(len(content))
        content[at : at + 8] = random.choice((b"\xff" * 8, bytes(8), b"\x7f" + b"\xff" * 7))
    else:
        return bytes(content), True
    return bytes(content), False


def main(folder, count):
    resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
    chance = random.Random(20261126)
    samples = {}
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), "rb") as file:
            samples[name] = file.read()
    programs = [content for name, content in samples.items() if name.endswith(".pkl") and content[:1] == b"\x80" and name != "several.pkl"]
    everything = list(samples.values())
    policy, spiked, met, slowest = Policy(), 0, 0, 0.0
    path = os.path.join(tempfile.mkdtemp(), "mutation.bin")
    for number in range(count):
        # Half of them are of programs, so that Python itself can say what they do.
        base = chance.choice(programs) if number % 2 else chance.choice(everything)
        content, is_spiked = mutated(chance, base, everything)
        if is_spiked:
            program = chance.choice(programs)
            at = chance.choice(boundaries(program))
            spike = chance.choice(FORBIDDEN)
            if framed(program):
                # The frame's length is part of the program.
                length = int.from_bytes(program[3:11], "little")
                program = program[:3] + (length + len(spike)).to_bytes(8, "little") + program[11:] if at <= 11 + length else program
            content = program[:at] + spike + program[at:]
            spiked += 1
        with open(path, "wb") as file:
            file.write(content)
        started = time.monotonic()
        report = scan(path, policy)
        taken = time.monotonic() - started
        slowest = max(slowest, taken)
        if content[:1] == b"\x80" and forbidden_in(content, policy):
            met += 1
            if report.is_clean:
                print(f"mutation {number}: clean, where Python would import {forbidden_in(content, policy)}: {content[:200]!r}")
                return 1
        if taken > LONGEST or is_spiked and report.is_clean:
            print(f"mutation {number}: {'clean, with a forbidden global' if is_spiked else 'slow'}: {content[:200]!r}")
            return 1
    print(f"{count} mutations, {spiked} with a forbidden global, {met} in which Python itself met one, the slowest {slowest:.2f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 10_000))

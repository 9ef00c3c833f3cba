"""`model.py FILE [PARTS]` writes a tiny model of llama's architecture with weights of 16 bits, which llama.cpp quantizes."""

import random
import struct
import sys

WIDTH = 256
TENSORS = [
    ("token_embd.weight", [WIDTH, 32]),
    ("blk.0.attn_q.weight", [WIDTH, WIDTH]),
    ("blk.0.attn_v.weight", [WIDTH, WIDTH]),
    ("blk.0.ffn_down.weight", [WIDTH, WIDTH]),
    ("output_norm.weight", [WIDTH]),
]
U16, U32, I32, F32, STRING = 2, 4, 5, 6, 8
FACTS = [
    ("general.architecture", STRING, "llama"),
    ("llama.block_count", U32, 1),
    ("llama.context_length", U32, 32),
    ("llama.embedding_length", U32, WIDTH),
    ("llama.feed_forward_length", U32, WIDTH),
    ("llama.attention.head_count", U32, 4),
    ("llama.attention.layer_norm_rms_epsilon", F32, 1e-5),
]


def text(value):
    return struct.pack("<Q", len(value)) + value.encode()


def fact(key, kind, value):
    packed = text(value) if kind == STRING else struct.pack({U16: "<H", U32: "<I", I32: "<i", F32: "<f"}[kind], value)
    return text(key) + struct.pack("<I", kind) + packed


def gguf(part=0, parts=1):
    """Part `part` of `parts`; the first of several holds the facts and no tensors but its share."""
    chance = random.Random(part)
    facts = list(FACTS) if part == 0 else []
    if parts > 1:
        facts += [("split.no", U16, part), ("split.count", U16, parts), ("split.tensors.count", I32, len(TENSORS))]
    tensors = TENSORS[part::parts]
    head, content = b"", b""
    for name, extents in tensors:
        halves = len(extents) > 1
        head += text(name) + struct.pack("<I", len(extents)) + b"".join(struct.pack("<Q", extent) for extent in extents)
        head += struct.pack("<IQ", 1 if halves else 0, len(content))
        count = extents[0] * (extents[1] if halves else 1)
        content += struct.pack(f"<{count}{'e' if halves else 'f'}", *(chance.uniform(-1, 1) for _ in range(count)))
        content += bytes(-len(content) % 32)
    head = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(facts)) + b"".join(fact(*stated) for stated in facts) + head
    return head + bytes(-len(head) % 32) + content


if __name__ == "__main__":
    name, parts = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1
    for part in range(parts):
        path = name if parts == 1 else f"{name.removesuffix('.gguf')}-{part + 1:05}-of-{parts:05}.gguf"
        with open(path, "wb") as file:
            file.write(gguf(part, parts))

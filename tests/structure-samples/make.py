"""Writes models that are whole and models that aren't: `make.py FOLDER` makes FOLDER/whole/NAME and FOLDER/wrong/NAME, a folder each."""

import json
import os
import struct
import sys

models = {"whole": {}, "wrong": {}}


def safetensors(header=None, content=bytes(24), text=None, length=None):
    if header is None:
        header = {"a": tensor([2, 2], 0, 16), "b": tensor([4], 16, 24, "F16"), "__metadata__": {"format": "pt"}}
    text = json.dumps(header).encode() if text is None else text
    return struct.pack("<Q", len(text) if length is None else length) + text + content


def tensor(shape, begin, end, kind="F32", **more):
    return {"dtype": kind, "shape": shape, "data_offsets": [begin, end], **more}


def text(value):
    value = value.encode() if isinstance(value, str) else value
    return struct.pack("<Q", len(value)) + value


def pair(key, kind, value):
    return text(key) + struct.pack("<I", kind) + value


def info(name, extents, kind, offset):
    return text(name) + struct.pack("<I", len(extents)) + b"".join(struct.pack("<Q", extent) for extent in extents) + struct.pack("<IQ", kind, offset)


def gguf(pairs=None, tensors=None, content=None, version=3, counts=None, alignment=32):
    if pairs is None:
        pairs = [
            pair("general.architecture", 8, text("llama")),
            pair("general.alignment", 4, struct.pack("<I", alignment)),
            pair("flag", 7, b"\x01"),
            pair("scores", 9, struct.pack("<IQ", 6, 3) + bytes(12)),
            pair("tokens", 9, struct.pack("<IQ", 8, 2) + text("a") + text("b")),
        ]
    if tensors is None:
        tensors = [info("a", [32, 2], 8, 0), info("b", [5], 0, 96)]
        content = bytes(96 + 20) if content is None else content
    head = b"GGUF" + struct.pack("<IQQ", version, *(counts or (len(tensors), len(pairs)))) + b"".join(pairs) + b"".join(tensors)
    return head + bytes(-len(head) % alignment) + (content or b"")


def field(number, value):
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


def varint(value):
    made = b""
    while value > 127:
        made += bytes([value & 127 | 128])
        value >>= 7
    return made + bytes([value])


def onnx(*locations, deep=False):
    made = b""
    for location in locations:
        entry = field(13, field(1, b"location") + field(2, location.encode())) + field(13, field(1, b"offset") + field(2, b"0"))
        weights = field(8, b"w") + field(14, 1) + entry
        made += field(1, field(5, field(5, weights))) if deep else field(5, weights)
    return field(1, 8) + field(7, made + field(2, b"graph"))


def index(**weights):
    return json.dumps({"metadata": {"total_size": 1}, "weight_map": weights}).encode()


def one(kind, name, file, content):
    models[kind][name] = {file: content}


def make():
    whole = safetensors()
    one("whole", "safetensors", "model.safetensors", whole)
    one("whole", "safetensors-spaces", "model.safetensors", safetensors(text=json.dumps({"a": tensor([6], 0, 24)}).encode() + b"    "))
    one("whole", "safetensors-empty", "model.safetensors", safetensors({}, b""))
    one("whole", "safetensors-scalar", "model.safetensors", safetensors({"a": tensor([], 0, 4), "b": tensor([0, 7], 4, 4)}, bytes(4)))
    one("whole", "safetensors-order", "model.safetensors", safetensors({"b": tensor([4], 16, 24, "F16"), "a": tensor([2, 2], 0, 16)}))
    one("whole", "safetensors-new-type", "model.safetensors", safetensors({"a": tensor([4], 0, 24, "F2_NEW")}))
    one("whole", "gguf", "model.gguf", gguf())
    one("whole", "gguf-2", "model.gguf", gguf(version=2))
    one("whole", "gguf-alignment", "model.gguf", gguf(alignment=64, tensors=[info("a", [16], 0, 0), info("b", [1], 0, 64)], content=bytes(68)))
    one("whole", "gguf-vocabulary", "vocab.gguf", gguf(tensors=[]))
    one("whole", "gguf-other-name", "weights.bin", gguf())
    models["whole"]["gguf-parts"] = {f"m-0000{part}-of-00002.gguf": gguf() for part in (1, 2)}
    models["whole"]["shards"] = {
        "model-00001-of-00002.safetensors": safetensors({"a": tensor([6], 0, 24)}),
        "model-00002-of-00002.safetensors": safetensors({"b": tensor([6], 0, 24)}),
        "model.safetensors.index.json": index(a="model-00001-of-00002.safetensors", b="model-00002-of-00002.safetensors"),
    }
    models["whole"]["onnx"] = {"onnx/model.onnx": onnx("model.onnx_data"), "onnx/model.onnx_data": b"w"}
    models["whole"]["onnx-deep"] = {"model.onnx": onnx("data/w", deep=True), "data/w": b"w"}
    one("whole", "onnx-alone", "model.onnx", onnx())
    one("whole", "other", "README.md", b"# model\n")

    one("wrong", "safetensors-cut", "model.safetensors", whole[:-1])
    one("wrong", "safetensors-behind", "model.safetensors", whole + b"x")
    one("wrong", "safetensors-other-name", "weights.bin", whole + b"x")
    one("wrong", "safetensors-short", "model.safetensors", b"\x10\0\0")
    one("wrong", "safetensors-long-header", "model.safetensors", safetensors(length=1 << 40))
    one("wrong", "safetensors-pickle", "model.safetensors", b"\x80\x02cos\nsystem\n.")
    one("wrong", "safetensors-hole", "model.safetensors", safetensors({"a": tensor([2], 0, 8), "b": tensor([2], 16, 24)}))
    one("wrong", "safetensors-overlap", "model.safetensors", safetensors({"a": tensor([4], 0, 16), "b": tensor([4], 8, 24)}))
    one("wrong", "safetensors-late", "model.safetensors", safetensors({"a": tensor([4], 8, 24)}))
    one("wrong", "safetensors-size", "model.safetensors", safetensors({"a": tensor([5], 0, 24)}))
    one("wrong", "safetensors-overflow", "model.safetensors", safetensors({"a": tensor([1 << 32, 1 << 32], 0, 24)}))
    one("wrong", "safetensors-negative", "model.safetensors", safetensors({"a": tensor([-1, -6], 0, 24)}))
    one("wrong", "safetensors-backwards", "model.safetensors", safetensors({"a": tensor([6], 24, 0)}))
    one("wrong", "safetensors-text", "model.safetensors", safetensors({"a": tensor(["6"], 0, 24)}))
    one("wrong", "safetensors-truth", "model.safetensors", safetensors({"a": tensor([True], 0, 4)}, bytes(4)))
    one("wrong", "safetensors-more-keys", "model.safetensors", safetensors({"a": tensor([6], 0, 24, more=1)}))
    one("wrong", "safetensors-twice", "model.safetensors", safetensors(text=b'{"a":{"dtype":"U8","shape":[24],"data_offsets":[0,24]},"a":{"dtype":"U8","shape":[24],"data_offsets":[0,24]}}'))
    one("wrong", "safetensors-metadata", "model.safetensors", safetensors({"__metadata__": {"a": 1}}, b""))
    one("wrong", "safetensors-array", "model.safetensors", safetensors(text=b"[]", content=b""))
    one("wrong", "safetensors-json-behind", "model.safetensors", safetensors(text=b"{}x", content=b""))
    one("wrong", "safetensors-nested", "model.safetensors", safetensors(text=b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}", content=b""))
    one("wrong", "safetensors-digits", "model.safetensors", safetensors(text=b'{"a":' + b"9" * 100_000 + b"}", content=b""))
    one("wrong", "safetensors-nothing", "model.safetensors", b"")
    one("wrong", "gguf-cut", "model.gguf", gguf()[:-1])
    one("wrong", "gguf-cut-header", "model.gguf", gguf()[:60])
    one("wrong", "gguf-magic", "model.gguf", b"GGML" + gguf()[4:])
    one("wrong", "gguf-version", "model.gguf", gguf(version=1))
    one("wrong", "gguf-order", "model.gguf", gguf(version=3 << 24))
    one("wrong", "gguf-counts", "model.gguf", gguf(counts=(1 << 60, 5)))
    one("wrong", "gguf-pairs", "model.gguf", gguf(counts=(2, 1 << 60)))
    one("wrong", "gguf-key-twice", "model.gguf", gguf([pair("a", 7, b"\0"), pair("a", 7, b"\0")]))
    one("wrong", "gguf-long-key", "model.gguf", gguf([struct.pack("<Q", 1 << 62)]))
    one("wrong", "gguf-long-text", "model.gguf", gguf([pair("a", 8, struct.pack("<Q", 1 << 50))]))
    one("wrong", "gguf-long-list", "model.gguf", gguf([pair("a", 9, struct.pack("<IQ", 0, 1 << 50))]))
    one("wrong", "gguf-long-list-of-texts", "model.gguf", gguf([pair("a", 9, struct.pack("<IQ", 8, 1 << 29))]))
    one("wrong", "gguf-lists-in-lists", "model.gguf", gguf([pair("a", 9, struct.pack("<IQ", 9, 1) * 10)]))
    one("wrong", "gguf-type", "model.gguf", gguf([pair("a", 13, bytes(8))]))
    one("wrong", "gguf-truth", "model.gguf", gguf([pair("a", 7, b"\x02")]))
    one("wrong", "gguf-alignment-3", "model.gguf", gguf([pair("general.alignment", 4, struct.pack("<I", 24))]))
    one("wrong", "gguf-alignment-type", "model.gguf", gguf([pair("general.alignment", 8, text("32"))]))
    one("wrong", "gguf-offset", "model.gguf", gguf(tensors=[info("a", [8], 0, 0), info("b", [8], 0, 64)], content=bytes(96)))
    one("wrong", "gguf-block", "model.gguf", gguf(tensors=[info("a", [33], 8, 0)], content=bytes(96)))
    one("wrong", "gguf-dimensions", "model.gguf", gguf(tensors=[info("a", [1] * 5, 0, 0)], content=bytes(96)))
    one("wrong", "gguf-name-twice", "model.gguf", gguf(tensors=[info("a", [8], 0, 0), info("a", [8], 0, 32)], content=bytes(96)))
    one("wrong", "gguf-overflow", "model.gguf", gguf(tensors=[info("a", [1 << 40, 1 << 40], 0, 0)], content=bytes(96)))
    models["wrong"]["gguf-part-missing"] = {"m-00001-of-00003.gguf": gguf(), "m-00003-of-00003.gguf": gguf()}
    one("wrong", "gguf-first-missing", "m-00002-of-00002.gguf", gguf())
    shards = models["whole"]["shards"]
    models["wrong"]["shard-missing"] = {name: content for name, content in shards.items() if "00002-of" not in name}
    models["wrong"]["shard-outside"] = {**shards, "model.safetensors.index.json": index(a="../x.safetensors")}
    models["wrong"]["shard-absolute"] = {**shards, "model.safetensors.index.json": index(a="/etc/passwd")}
    models["wrong"]["shard-other"] = {**shards, "model.safetensors.index.json": index(a="model-00002-of-00002.safetensors", b="model-00001-of-00002.safetensors")}
    models["wrong"]["index-none"] = {**shards, "model.safetensors.index.json": b"[]"}
    models["wrong"]["index-numbers"] = {**shards, "model.safetensors.index.json": b'{"weight_map": {"a": [1]}}'}
    one("wrong", "onnx-outside", "model.onnx", onnx("../../etc/passwd"))
    one("wrong", "onnx-absolute", "model.onnx", onnx("/etc/passwd"))
    one("wrong", "onnx-deep-outside", "model.onnx", onnx("../x", deep=True))
    one("wrong", "onnx-missing", "model.onnx", onnx("model.onnx_data"))
    one("wrong", "onnx-cut", "model.onnx", onnx("w")[:-3])
    one("wrong", "onnx-endless", "model.onnx", b"\xff" * 40)


def write(folder):
    make()
    for kind, made in models.items():
        for name, files in made.items():
            for file, content in files.items():
                path = os.path.join(folder, kind, name, file)
                os.makedirs(os.path.dirname(path), exist_ok=True)
                with open(path, "wb") as opened:
                    opened.write(content)
        print(kind, len(made))


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    write(sys.argv[1])

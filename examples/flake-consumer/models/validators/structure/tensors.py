"""safetensors: a length, a header in JSON, and tensors without holes (safetensors/src/tensor.rs)."""

import json
import struct

from wrong import Wrong

LONGEST_HEADER = 100_000_000
BITS = {
    "BOOL": 8, "F4": 4, "F6_E2M3": 6, "F6_E3M2": 6, "U8": 8, "I8": 8, "F8_E5M2": 8, "F8_E4M3": 8, "F8_E8M0": 8, "F8_E4M3FNUZ": 8,
    "F8_E5M2FNUZ": 8, "I16": 16, "U16": 16, "F16": 16, "BF16": 16, "I32": 32, "U32": 32, "F32": 32, "C64": 64, "F64": 64, "I64": 64, "U64": 64,
}
LARGEST = 1 << 63


def looks_so(data, size):
    return size >= 9 and bytes(data[4:9]) in (b"\0\0\0\0{", b"\0\0\0\0 ") and 8 + struct.unpack("<Q", bytes(data[:8]))[0] <= size


def check(data, size):
    """The names of the tensors. Odd things are yielded by `check.odd`; what is wrong is raised."""
    if size < 8:
        raise Wrong("it is shorter than the length at its beginning", 0)
    length = struct.unpack("<Q", bytes(data[:8]))[0]
    if length > LONGEST_HEADER or 8 + length > size:
        raise Wrong(f"its header is said to be {length} bytes long", 0)
    header = parse(bytes(data[8 : 8 + length]))
    odd, spans = [], []
    for name, tensor in header.items():
        if name == "__metadata__":
            if not isinstance(tensor, dict) or not all(isinstance(value, str) for value in tensor.values()):
                raise Wrong("`__metadata__` holds something else than texts", 8)
            continue
        begin, end, bits = span_of(name, tensor)
        if bits is None:
            odd.append(f"the type {tensor['dtype'][:40]!r} of a tensor isn't known")
        elif bits != 8 * (end - begin):
            raise Wrong(f"the tensor {name[:200]!r} has another length than its type and shape say", 8)
        spans.append((begin, end, name))
    expected = 0
    for begin, end, name in sorted(spans):
        if begin != expected:
            raise Wrong(f"there is a hole or an overlap before the tensor {name[:200]!r}", 8 + length + min(begin, expected))
        expected = end
    if 8 + length + expected != size:
        raise Wrong(f"its tensors end at {8 + length + expected}, and the file at {size}", min(size, 8 + length + expected))
    return {name for _, _, name in spans}, odd


def parse(text):
    if text[:1] != b"{":
        raise Wrong("its header is no JSON object", 8)
    try:
        words = text.decode("utf-8").rstrip(" ")
        header, end = json.JSONDecoder(object_pairs_hook=unique).raw_decode(words)
    except (ValueError, RecursionError):
        raise Wrong("its header is no JSON, or has a key twice", 8) from None
    if end != len(words) or not isinstance(header, dict):
        raise Wrong("there is something behind the header's JSON", 8 + end)
    return header


def unique(pairs):
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a key twice")
    return made


def span_of(name, tensor):
    shown = repr(name[:200])
    if not isinstance(tensor, dict) or set(tensor) != {"dtype", "shape", "data_offsets"} or not isinstance(tensor["dtype"], str):
        raise Wrong(f"the tensor {shown} doesn't say its type, shape and place, and these alone", 8)
    shape, offsets = tensor["shape"], tensor["data_offsets"]
    if not is_numbers(shape) or not is_numbers(offsets) or len(offsets) != 2 or offsets[0] > offsets[1]:
        raise Wrong(f"the tensor {shown} has a shape or a place that can't be", 8)
    bits = BITS.get(tensor["dtype"])
    for extent in shape:
        if bits is not None:
            bits *= extent
            if bits > 8 * LARGEST:
                raise Wrong(f"the tensor {shown} is larger than any file", 8)
    return offsets[0], offsets[1], bits


def is_numbers(values):
    return isinstance(values, list) and all(type(value) is int and 0 <= value < LARGEST for value in values)

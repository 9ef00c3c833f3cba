"""GGUF: counts, keys with values, and tensors one behind the other (docs/gguf.md and src/gguf.cpp of ggml)."""

import struct

from wrong import Wrong

LONGEST_KEY, LONGEST_NAME, MOST_DIMENSIONS = 65535, 63, 4
MOST = 1 << 30
FIXED = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}
TEXT, ARRAY = 8, 9

# Elements and bytes of a block, by ggml's number of the type (ggml.c, type_traits).
BLOCKS = {
    0: (1, 4), 1: (1, 2), 2: (32, 18), 3: (32, 20), 6: (32, 22), 7: (32, 24), 8: (32, 34), 9: (32, 36), 10: (256, 84), 11: (256, 110),
    12: (256, 144), 13: (256, 176), 14: (256, 210), 15: (256, 292), 16: (256, 66), 17: (256, 74), 18: (256, 98), 19: (256, 50), 20: (32, 18),
    21: (256, 110), 22: (256, 82), 23: (256, 136), 24: (1, 1), 25: (1, 2), 26: (1, 4), 27: (1, 8), 28: (1, 8), 29: (256, 56), 30: (1, 2),
    34: (256, 54), 35: (256, 66), 39: (32, 17),
}


class Reader:
    def __init__(self, data, size):
        self.data, self.at, self.size = data, 0, size

    def number(self, form):
        length = struct.calcsize(form)
        start = self.skip(length)
        return struct.unpack(form, bytes(self.data[start : start + length]))[0]

    def skip(self, length):
        if length > self.size - self.at:
            raise Wrong("it breaks off within its header", self.at)
        start = self.at
        self.at += length
        return start

    def text(self, longest):
        length = self.number("<Q")
        if length > longest:
            raise Wrong(f"a text is said to be {length} bytes long", self.at - 8)
        start = self.skip(length)
        return bytes(self.data[start : start + length]) if length <= 4096 else b""


def looks_so(data, size):
    return bytes(data[:4]) == b"GGUF"


def check(data, size):
    """What is odd; what is wrong is raised."""
    reader, odd = Reader(data, size), []
    reader.skip(4)
    version = reader.number("<I")
    if version not in (2, 3):
        raise Wrong("its bytes are in the other order" if version and not version & 0xFFFF else f"version {version} isn't read by anybody", 4)
    tensors, pairs = reader.number("<Q"), reader.number("<Q")
    # Each takes some bytes at least, so that hostile counts end here.
    if tensors > size // 24 or pairs > size // 13:
        raise Wrong("it has more tensors or keys than fit into the file", 8)
    alignment, keys = 32, set()
    for _ in range(pairs):
        at = reader.at
        key = reader.text(LONGEST_KEY)
        if key in keys:
            raise Wrong(f"the key {key[:100]!r} stands twice", at)
        keys.add(key)
        kind = reader.number("<I")
        if key == b"general.alignment":
            if kind != 4:
                raise Wrong("`general.alignment` is no number of 32 bits", at)
            alignment = reader.number("<I")
            if alignment < 8 or alignment & (alignment - 1):
                raise Wrong(f"`general.alignment` is {alignment}, which is no power of two", at)
        else:
            value(reader, kind)
    expected, names, last = 0, set(), []
    for _ in range(tensors):
        at = reader.at
        name = reader.text(LONGEST_NAME)
        if not name or name in names:
            raise Wrong(f"the tensor {name[:100]!r} has no name, or another one's", at)
        names.add(name)
        last.append((at, name, *tensor(reader, at, name)))
    start = (reader.at + alignment - 1) // alignment * alignment
    if tensors and start > size:
        raise Wrong("it breaks off before its tensors", size)
    for at, name, kind, extents, offset in last:
        if offset != expected:
            raise Wrong(f"the tensor {name!r} isn't behind the one before it", at)
        if kind not in BLOCKS:
            odd.append(f"the type {kind} of a tensor isn't known, so that what follows it isn't checked")
            return odd
        elements, length = BLOCKS[kind]
        if extents and extents[0] % elements:
            raise Wrong(f"a row of the tensor {name!r} is no whole number of blocks", at)
        count = 1
        for extent in extents:
            count *= extent
            if count > 1 << 62:
                raise Wrong(f"the tensor {name!r} is larger than any file", at)
        end = offset + count // elements * length
        if start + end > size:
            raise Wrong(f"the tensor {name!r} ends behind the file", size)
        expected = (end + alignment - 1) // alignment * alignment
    return odd


def value(reader, kind, depth=0):
    if kind in FIXED:
        at = reader.skip(FIXED[kind])
        if kind == 7 and reader.data[at] > 1:
            raise Wrong("a truth is neither 0 nor 1", at)
    elif kind == TEXT:
        reader.text(MOST)
    elif kind == ARRAY and depth < 4:
        inner, count = reader.number("<I"), reader.number("<Q")
        if count > MOST:
            raise Wrong(f"a list is said to have {count} elements", reader.at - 8)
        if inner in FIXED and inner != 7:
            reader.skip(FIXED[inner] * count)
        else:
            for _ in range(count):
                value(reader, inner, depth + 1)
    else:
        raise Wrong(f"a value has the type {kind}, which doesn't exist", reader.at)


def tensor(reader, at, name):
    dimensions = reader.number("<I")
    if dimensions > MOST_DIMENSIONS:
        raise Wrong(f"the tensor {name!r} has {dimensions} dimensions", at)
    extents = [reader.number("<Q") for _ in range(dimensions)]
    kind, offset = reader.number("<I"), reader.number("<Q")
    return kind, extents, offset

"""ONNX: where a model's external data is said to be (onnx/onnx.proto, external_data_helper.py).

Of the protocol buffers only the way to tensors is followed.
"""

from wrong import Wrong

# Message and field → the message that the field holds.
INNER = {
    ("Model", 7): "Graph", ("Model", 20): "Training", ("Model", 25): "Function",
    ("Training", 1): "Graph", ("Training", 2): "Graph",
    ("Graph", 1): "Node", ("Graph", 5): "Tensor", ("Graph", 15): "Sparse",
    ("Function", 7): "Node",
    ("Node", 5): "Attribute",
    ("Attribute", 5): "Tensor", ("Attribute", 6): "Graph", ("Attribute", 10): "Tensor", ("Attribute", 11): "Graph", ("Attribute", 22): "Sparse", ("Attribute", 23): "Sparse",
    ("Sparse", 1): "Tensor", ("Sparse", 2): "Tensor",
    ("Tensor", 13): "Entry",
}
DEEPEST = 32
LONGEST = 4096


def locations(data, size):
    """The texts by which tensors name their files."""
    found = set()
    walk(data, 0, size, "Model", found, 0)
    return found


def walk(data, at, end, message, found, depth):
    if depth > DEEPEST:
        raise Wrong("its graphs are nested more deeply than any model's", at)
    key = value = None
    while at < end:
        tag, at = varint(data, at, end)
        field, wire = tag >> 3, tag & 7
        if wire == 2:
            length, at = varint(data, at, end)
            if length > end - at:
                raise Wrong("a part is longer than what holds it", at)
            inner = INNER.get((message, field))
            if inner is not None:
                walk(data, at, at + length, inner, found, depth + 1)
            elif message == "Entry" and field in (1, 2):
                text = bytes(data[at : at + min(length, LONGEST)])
                key, value = (text, value) if field == 1 else (key, text)
            at += length
        elif wire == 0:
            _, at = varint(data, at, end)
        elif wire in (1, 5):
            at += 8 if wire == 1 else 4
            if at > end:
                raise Wrong("it breaks off", end)
        else:
            raise Wrong(f"a part has the kind {wire}, which doesn't exist", at)
    if message == "Entry" and key == b"location" and value is not None:
        found.add(value)


def varint(data, at, end):
    value = shift = 0
    while True:
        if at >= end or shift > 63:
            raise Wrong("a number breaks off, or is too long", min(at, end))
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
        shift += 7

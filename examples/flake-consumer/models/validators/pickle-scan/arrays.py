"""The arrays that joblib writes into the middle of a pickle (joblib/numpy_pickle.py).

In place of an array stands a wrapper that says what it is. As soon as the wrapper has
its state, joblib's loader reads the array from the file, and the pickle goes on behind
it. Loaders differ in this, and so does what they run (see READINGS).
"""

import re

from allowed import DTYPE
from values import NONE, Container, Global, Made, Tuple

STATED = {"subclass", "shape", "order", "dtype"}
# Versions before 0.12 and before 1.2 don't state these.
MAY_BE_STATED = {"allow_mmap", "numpy_array_alignment_bytes"}
MOST_PADDING = 16
TYPE = re.compile(r"([biufcmMOSUV])([1-9][0-9]{0,8})")
FIXED = {"b": (1,), "i": (1, 2, 4, 8), "u": (1, 2, 4, 8), "f": (2, 4, 8, 12, 16), "c": (8, 16, 24, 32), "m": (8,), "M": (8,), "O": (4, 8)}
OBJECTS = "O"
HAS_OBJECTS = 1
DEEPEST = 4

# What a loader makes of a wrapper: joblib since 1.2 skips the padding before an array,
# older versions know of none, and to Python's own loader the array is more of the program.
PADDED, UNPADDED, PLAIN = READINGS = ("padded", "unpadded", "plain")


class Unreadable(Exception):
    """It can't be said what joblib would make of it."""


class Layout:
    """How an array lies in the file: its bytes, or a pickle of its own where `length` is None."""

    def __init__(self, length, is_padded):
        self.length, self.is_padded = length, is_padded


def layout_of(state):
    pairs = state.pairs if isinstance(state, Container) and state.kind == "dict" else None
    if not pairs or not STATED <= set(pairs) <= STATED | MAY_BE_STATED:
        raise Unreadable("an array of joblib's that isn't described as joblib does")
    if not isinstance(pairs["subclass"], Global) or pairs["order"] not in ("C", "F"):
        raise Unreadable("an array of joblib's of no known kind")
    kind, size = element_of(pairs["dtype"])
    shape = pairs["shape"].items if isinstance(pairs["shape"], Tuple) else None
    if shape is None or len(shape) > 64 or not all(type(extent) is int and extent >= 0 for extent in shape):
        raise Unreadable("an array of joblib's of no known shape")
    if kind == OBJECTS:
        return Layout(None, False)
    length = size
    for extent in shape:
        length *= extent
    return Layout(length, pairs.get("numpy_array_alignment_bytes", NONE) is not NONE)


def element_of(dtype, depth=0):
    """Kind and bytes of an element: a number, a text, an object, or a record of such."""
    items = dtype.items if isinstance(dtype, Made) and dtype.maker.key == DTYPE else None
    found = TYPE.fullmatch(items[0]) if items and isinstance(items[0], str) else None
    if found is None or len(dtype.states) > 1 or depth > DEEPEST:
        raise Unreadable("an array of joblib's of no known type")
    kind, size = found[1], int(found[2])
    if kind in FIXED and size not in FIXED[kind]:
        raise Unreadable("an array of joblib's of no known type")
    size = 4 * size if kind == "U" else size
    if not all(is_plain(state, kind, size, depth) for state in dtype.states):
        raise Unreadable("an array of joblib's whose type isn't described as numpy does")
    return kind, size


# numpy's own state of a type: version, order of bytes, a part, names, fields, size, alignment
# and flags; of times, their unit behind these (arraydescr_reduce in descriptor.c). By the
# flags numpy knows whether elements are objects.
def is_plain(state, kind, size, depth):
    items = state.items if isinstance(state, Tuple) else []
    return (
        len(items) == (9 if kind in "mM" else 8)
        and items[0] in (3, 4)
        and items[1] in ("<", ">", "|", "=")
        and items[2] is NONE
        and (items[3] is NONE and items[4] is NONE or kind == "V" and is_record(items[3], items[4], size, depth))
        and items[5] == (size if kind in "SUV" else -1)
        and type(items[7]) is int
        and items[7] & HAS_OBJECTS == (HAS_OBJECTS if kind == OBJECTS else 0)
    )


def is_record(names, fields, size, depth):
    pairs = fields.pairs if isinstance(fields, Container) else None
    if not isinstance(names, Tuple) or not pairs or not all(isinstance(name, str) for name in names.items) or set(names.items) != set(pairs):
        return False
    for field in pairs.values():
        # Its type and where it begins.
        parts = field.items if isinstance(field, Tuple) else ()
        if len(parts) != 2 or type(parts[1]) is not int:
            return False
        kind, width = element_of(parts[0], depth + 1)
        if kind == OBJECTS or not 0 <= parts[1] <= size - width:
            return False
    return True

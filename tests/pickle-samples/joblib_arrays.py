"""Pickles with arrays in the middle, as joblib writes them (joblib/numpy_pickle.py); nothing of joblib or numpy is here."""

import io
import pickle
import struct

import stand_ins as s

Wrapper = s.kind("joblib.numpy_pickle", "NumpyArrayWrapper")
ALIGNMENT = 16


def described(code, order="<", size=-1, flags=0, more=(), names=None, fields=None, version=3):
    return s.Reduced(s.dtype, (code, False, True), (version, order, None, names, fields, size, -1, flags, *more))


class Array:
    """An array; `stated` is laid over what its wrapper says, and None takes something away."""

    def __init__(self, content=struct.pack("<4d", 1, 2, 3, 4), shape=(4,), dtype=None, order="C", padding=None, **stated):
        self.content, self.shape, self.order, self.padding, self.stated = content, shape, order, padding, stated
        self.dtype = described("f8") if dtype is None else dtype

    def state(self, is_padded):
        state = {"subclass": s.ndarray, "shape": self.shape, "order": self.order, "dtype": self.dtype, "allow_mmap": True}
        if is_padded:
            state["numpy_array_alignment_bytes"] = ALIGNMENT
        return state | self.stated

    def padding_at(self, position):
        if self.padding is not None:
            return self.padding
        length = ALIGNMENT - (position + 1) % ALIGNMENT
        return bytes([length]) + b"\xff" * length


class Objects(Array):
    """An array of objects: a pickle of its own stands in its place."""

    def __init__(self, content, **stated):
        super().__init__(content, (1,), described("O8", "|", flags=63), padding=b"", **stated)


class Pickler(pickle._Pickler):
    def __init__(self, file, protocol, is_padded):
        super().__init__(file, protocol)
        self.file, self.is_padded = file, is_padded

    def save(self, value, save_persistent_id=True):
        if not isinstance(value, Array):
            return super().save(value, save_persistent_id)
        wrapper = Wrapper.__new__(Wrapper)
        wrapper.__dict__.update(value.state(self.is_padded))
        super().save(wrapper, save_persistent_id)
        if self.proto >= 4:
            self.framer.commit_frame(force=True)
        if self.is_padded and not isinstance(value, Objects):
            self.file.write(value.padding_at(self.file.tell()))
        self.file.write(value.content)


def dump(value, protocol=4, is_padded=True):
    file = io.BytesIO()
    Pickler(file, protocol, is_padded).dump(value)
    return file.getvalue()


def wrapped(state, content=bytes(32), padding=b"\x01\xff"):
    """An array by hand, of protocol 2: the bytes that make the state, and what follows."""
    return b"\x80\x02cjoblib.numpy_pickle\nNumpyArrayWrapper\n)\x81" + state + b"b" + padding + content + b"."


def program(value):
    """What pushes a value, of protocol 2."""
    return pickle.dumps(value, 2)[2:-1]

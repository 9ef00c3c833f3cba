"""Modules called as torch's and numpy's are, so that pickles name what those write.

Nothing of either is here: only names, and what `torch.save` and numpy's own
`__reduce__` hand to the pickler.
"""

import collections
import sys
import types


def module(name):
    parent, _, last = name.rpartition(".")
    made = sys.modules.setdefault(name, types.ModuleType(name))
    if parent:
        setattr(module(parent), last, made)
    return made


def function(where, name):
    def stand_in(*arguments):
        raise AssertionError("nothing is unpickled here")

    stand_in.__module__, stand_in.__name__, stand_in.__qualname__ = where, name, name
    setattr(module(where), name, stand_in)
    return stand_in


def kind(where, name):
    made = type(name, (), {"__module__": where})
    setattr(module(where), name, made)
    return made


rebuild_tensor_v2 = function("torch._utils", "_rebuild_tensor_v2")
rebuild_parameter = function("torch._utils", "_rebuild_parameter")
rebuild_from_type_v2 = function("torch._tensor", "_rebuild_from_type_v2")
FloatStorage = kind("torch", "FloatStorage")
HalfStorage = kind("torch", "HalfStorage")
Tensor = kind("torch", "Tensor")
Parameter = kind("torch.nn.parameter", "Parameter")
Size = kind("torch", "Size")
reconstruct = {name: function(name + ".multiarray", "_reconstruct") for name in ("numpy.core", "numpy._core")}
scalar = {name: function(name + ".multiarray", "scalar") for name in ("numpy.core", "numpy._core")}
frombuffer = function("numpy._core.numeric", "_frombuffer")
ndarray = kind("numpy", "ndarray")
dtype = kind("numpy", "dtype")


class Reduced:
    """Something that says itself what it is made of, and perhaps its state."""

    def __init__(self, maker, arguments, state=None):
        self.parts = (maker, arguments) if state is None else (maker, arguments, state)

    def __reduce__(self):
        return self.parts


class Storage:
    def __init__(self, kind, key, count):
        self.identity = ("storage", kind, key, "cpu", count)


def tensor(key, count=4, kind=FloatStorage):
    storage = Storage(kind, key, count)
    return Reduced(rebuild_tensor_v2, (storage, 0, (2, count // 2), (count // 2, 1), False, collections.OrderedDict()))


def numpy_dtype(code="f8", order="<"):
    return Reduced(dtype, (code, False, True), (3, order, None, None, None, -1, -1, 0))


def numpy_array(package="numpy._core", content=bytes(32)):
    return Reduced(reconstruct[package], (ndarray, (0,), b"b"), (1, (4,), numpy_dtype(), False, content))


def numpy_scalar(package="numpy._core"):
    return Reduced(scalar[package], (numpy_dtype(), bytes(8)))

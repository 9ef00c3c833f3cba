"""Which globals a pickle may name, and what each may be used for.

An allow-list: whatever isn't here is unsafe, however harmless it looks. It holds
what torch's own `weights_only` unpickler takes (torch/_weights_only_unpickler.py)
and what numpy and the standard library write for plain data.
"""

# Called, or made with NEWOBJ; what comes of it is plain data.
CALLABLE = {
    ("builtins", "bytearray"),
    ("builtins", "bytes"),
    ("builtins", "complex"),
    ("builtins", "frozenset"),
    ("builtins", "range"),
    ("builtins", "set"),
    ("builtins", "slice"),
    ("collections", "Counter"),
    ("collections", "OrderedDict"),
    ("numpy", "dtype"),
    ("torch", "Size"),
    ("torch", "device"),
    ("torch.nn.parameter", "Parameter"),
    ("torch.serialization", "_get_layout"),
    ("torch._tensor", "_rebuild_from_type_v2"),
}

for _module in ("numpy.core", "numpy._core"):
    CALLABLE |= {
        (_module + ".multiarray", "_reconstruct"),
        (_module + ".multiarray", "scalar"),
        (_module + ".numeric", "_frombuffer"),
    }

CALLABLE |= {
    ("torch._utils", "_rebuild_" + _kind)
    for _kind in (
        "parameter",
        "parameter_with_state",
        "qtensor",
        "tensor",
        "tensor_v2",
        "tensor_v3",
        "sparse_tensor",
        "meta_tensor_no_storage",
        "wrapper_subclass",
        "device_tensor_from_numpy",
        "device_tensor_from_cpu_tensor",
    )
}

# Named as a value only: handed to one of the callables, or to a persistent id.
VALUE = {("numpy", "ndarray"), ("torch", "Tensor"), ("builtins", "object")}

_DTYPES = (
    "bfloat16 bits16 bits1x8 bits2x4 bits4x2 bits8 bool cdouble cfloat chalf complex128 complex32 complex64 double float "
    "float16 float32 float4_e2m1fn_x2 float64 float8_e4m3fn float8_e4m3fnuz float8_e5m2 float8_e5m2fnuz float8_e8m0fnu half "
    "int int16 int32 int64 int8 long qint32 qint8 quint2x4 quint4x2 quint8 short uint16 uint32 uint64 uint8"
).split()
_QSCHEMES = ("per_channel_affine", "per_channel_affine_float_qparams", "per_channel_symmetric", "per_tensor_affine", "per_tensor_symmetric")
_ELEMENTS = (
    "BFloat16 Bool Byte Char ComplexDouble ComplexFloat Double Float Half Int Long QInt32 QInt8 QUInt2x4 QUInt4x2 QUInt8 Short"
).split()

VALUE |= {("torch", _name) for _name in (*_DTYPES, *_QSCHEMES)}
STORAGE = {("torch.storage", "TypedStorage"), ("torch.storage", "UntypedStorage")}
for _module in ("torch", "torch.cuda"):
    STORAGE |= {(_module, _element + "Storage") for _element in _ELEMENTS}
    VALUE |= {(_module, _element + "Tensor") for _element in _ELEMENTS}
VALUE |= STORAGE

# What joblib puts in the place of an array, whose bytes follow in the file.
ARRAYS = {("joblib.numpy_pickle", "NumpyArrayWrapper"), ("sklearn.externals.joblib.numpy_pickle", "NumpyArrayWrapper")}
CALLABLE |= ARRAYS
DTYPE = ("numpy", "dtype")
OBJECT = ("builtins", "object")

# Its second argument names a codec, and codecs can be programs of their own.
ENCODE = ("_codecs", "encode")
CODECS = {"latin1", "latin-1", "utf-8", "utf8", "ascii"}

# Protocols before 3 write empty bytes as a call of this, without arguments.
EMPTY_ONLY = ("builtins", "bytes")

# What protocols 0 and 1 make an instance of a class with.
RECONSTRUCTOR = ("copyreg", "_reconstructor")

# Python 3 reads the names of Python 2 so (Lib/_compat_pickle.py).
PYTHON_2 = {"__builtin__": "builtins", "copy_reg": "copyreg"}

# Bytes of an element, to know where storages of legacy files end.
ELEMENT_BYTES = {
    "BFloat16": 2, "Bool": 1, "Byte": 1, "Char": 1, "ComplexDouble": 16, "ComplexFloat": 8, "Double": 8, "Float": 4, "Half": 2,
    "Int": 4, "Long": 8, "QInt32": 4, "QInt8": 1, "QUInt2x4": 1, "QUInt4x2": 1, "QUInt8": 1, "Short": 2,
}


class Policy:
    """The allow-list with what a user admits beside it."""

    def __init__(self, allowed=()):
        self._extra = {tuple(name.rsplit(".", 1)) for name in allowed}

    def use_of(self, module, name):
        """`call`, `value` or None for a global that isn't allowed."""
        key = (PYTHON_2.get(module, module), name)
        if key in CALLABLE or key in self._extra or key in (ENCODE, RECONSTRUCTOR):
            return "call"
        return "value" if key in VALUE else None

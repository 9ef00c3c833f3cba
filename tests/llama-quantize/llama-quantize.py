"""`llama-quantize IN OUT TYPE [THREADS]` as llama.cpp has it, over llama.cpp's own library in the folder $LLAMA."""

import ctypes
import os
import sys

# enum llama_ftype of llama.h
TYPES = {"F32": 0, "F16": 1, "Q4_0": 2, "Q8_0": 7, "Q2_K": 10, "Q3_K_M": 12, "Q4_K_S": 14, "Q4_K_M": 15, "Q5_K_M": 17, "Q6_K": 18, "IQ4_XS": 30, "BF16": 32}


class Parameters(ctypes.Structure):
    """llama_model_quantize_params: its head, and room for what newer versions add."""

    _fields_ = [("threads", ctypes.c_int32), ("type", ctypes.c_int32), ("rest", ctypes.c_uint8 * 248)]


def main(source, target, type, threads="0"):
    folder = os.environ["LLAMA"]
    for name in ("libggml-base.so", "libggml-cpu.so", "libggml.so"):
        ctypes.CDLL(os.path.join(folder, name), mode=ctypes.RTLD_GLOBAL)
    llama = ctypes.CDLL(os.path.join(folder, "libllama.so"))
    llama.llama_model_quantize_default_params.restype = Parameters
    llama.llama_model_quantize.argtypes = [ctypes.c_char_p, ctypes.c_char_p, ctypes.POINTER(Parameters)]
    llama.llama_model_quantize.restype = ctypes.c_uint32
    llama.llama_backend_init()
    parameters = llama.llama_model_quantize_default_params()
    parameters.threads, parameters.type = int(threads), TYPES[type]
    return llama.llama_model_quantize(os.fsencode(source), os.fsencode(target), ctypes.byref(parameters))


sys.exit(main(*sys.argv[1:]))

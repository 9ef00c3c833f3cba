"""What a file is, by its content; formats without a mark by content and name."""

import mmap
import struct

import zipped
from allowed import Policy
from endings import AT_TIMES, WEIGHTS as PICKLED_WEIGHTS
from scan import scan

# What a file of a kind may be called. What isn't here can be called anything.
ENDINGS = {
    "safetensors": (".safetensors",),
    "gguf": (".gguf",),
    "ggml": (".bin", ".ggml"),
    "hdf5": (".h5", ".hdf5"),
    "keras": (".keras",),
    "npy": (".npy",),
    "npz": (".npz",),
    "tflite": (".tflite",),
    "pickle": AT_TIMES,
    "torch": AT_TIMES + (".ptl",),
    "program": (".dll", ".dylib", ".exe", ".so"),
    "bytecode": (".pyc", ".pyo"),
}
WEIGHTS = {"gguf", "ggml", "hdf5", "keras", "npy", "npz", "tflite", "pickle", "torch", "onnx", "tensorflow", "flax"}
# Formats that are known by their names, since anything could begin like them.
BY_NAME = {".onnx": "onnx", ".pb": "tensorflow", ".msgpack": "flax"}
# What weights other than safetensors are called.
WEIGHT_ENDINGS = PICKLED_WEIGHTS + (".ggml", ".gguf", ".h5", ".hdf5", ".keras", ".msgpack", ".npy", ".npz", ".onnx", ".pb", ".tflite")


def ending_of(file):
    name = file.rsplit("/", 1)[-1].lower()
    return name[name.rindex(".") :] if "." in name[1:] else ""


def kind_of(folder, file):
    """The kind of a file, or None for text and whatever else holds neither weights nor programs."""
    head, size = folder.head(file, 512), folder.size(file)
    if head[:4] == b"GGUF":
        return "gguf"
    if head[:4] in (b"lmgg", b"fmgg", b"tjgg", b"ggml", b"algg"):
        return "ggml"
    if len(head) >= 9 and head[8:9] in (b"{", b" ") and 8 + struct.unpack("<Q", head[:8])[0] <= size:
        return "safetensors"
    if head[:8] == b"\x89HDF\r\n\x1a\n":
        return "hdf5"
    if head[:6] == b"\x93NUMPY":
        return "npy"
    if head[4:8] == b"TFL3":
        return "tflite"
    if head[:4] in (b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"\xca\xfe\xba\xbe") or head[:2] == b"MZ":
        return "program"
    if len(head) > 16 and head[2:4] == b"\r\n" and head[1:2] in (b"\x0c", b"\x0d", b"\x0e", b"\x0f") and ending_of(file) in (".pyc", ".pyo", ""):
        return "bytecode"
    archive = archive_of(folder, file)
    if archive is not None:
        return archive
    return BY_NAME.get(ending_of(file)) or ("pickle" if pickles_in(folder, file) else None)


def names_in(folder, file):
    """The names in a zip archive; none where its directory can't be trusted, and None where it is no zip."""
    size = folder.size(file)
    if size < 22:
        return None
    with open(folder.at(file), "rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as data:
        if not zipped.looks_like_zip(data, 0, size):
            return None
        try:
            return [entry.name.decode("utf-8", "backslashreplace") for entry in zipped.read(data, 0, size)]
        except (zipped.BadZip, struct.error):
            return []


def archive_of(folder, file):
    names = names_in(folder, file)
    if names is None:
        return None
    if any(name.rsplit("/", 1)[-1] == "data.pkl" for name in names):
        return "torch"
    if "model.weights.h5" in names:
        return "keras"
    if names and all(name.endswith(".npy") for name in names):
        return "npz"
    return "zip"


def pickles_in(folder, file):
    """What is found when no pickle at all is allowed: of a pickle, the number of them; of what can't be read, why."""
    report = scan(folder.at(file), Policy([]))
    if report.pickles:
        return [f"it holds {'a pickle' if report.pickles == 1 else f'{report.pickles} pickles'}"]
    return [finding.what for finding in report.findings]

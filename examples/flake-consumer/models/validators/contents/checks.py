"""The checks, by name. Each yields what it finds."""

import checksums
import licences
import links
import python
from kinds import ENDINGS, WEIGHT_ENDINGS, WEIGHTS, ending_of, kind_of, pickles_in

UNITS = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}
TITLES = {"ggml": "GGML", "gguf": "GGUF", "hdf5": "HDF5", "onnx": "ONNX", "program": "a program", "pickle": "a pickle", "torch": "a checkpoint of torch's, which is a pickle"}


def no_pickle(folder, facts, arguments):
    for file in folder.files:
        for what in pickles_in(folder, file)[:1]:
            yield {"file": file, "what": f"{what}; a model in safetensors format holds none"}


def safetensors_only(folder, facts, arguments):
    found = False
    for file in folder.files:
        kind, ending = kind_of(folder, file), ending_of(file)
        found = found or kind == "safetensors"
        if ending == ".safetensors" and kind != "safetensors":
            yield {"file": file, "what": f"it is called like a file of safetensors, and is {TITLES.get(kind, kind) if kind else 'none'}"}
        elif kind in WEIGHTS:
            yield {"file": file, "what": f"it is {TITLES.get(kind, kind)}, and no file of safetensors"}
        elif kind != "safetensors" and ending in WEIGHT_ENDINGS:
            yield {"file": file, "what": f"it is called like weights in another format than safetensors ({ending})"}
    if not found:
        print("warning: the model holds no file of safetensors")


def max_size(folder, facts, arguments):
    limit = arguments[0]
    most = int(limit.rstrip("KMGT")) * UNITS[limit.lstrip("0123456789")]
    size = sum(folder.size(file) for file in folder.files)
    if size > most:
        yield {"what": f"the model has {size} bytes, and may have {most} ({limit})"}


def required_files(folder, facts, arguments):
    there = set(folder.files)
    for file in arguments:
        if file not in there:
            yield {"file": file, "what": "it is required, and isn't there"}


def file_types(folder, facts, arguments):
    allowed = {"." + ending.lower().lstrip(".") for ending in arguments}
    for file in folder.files:
        ending, kind = ending_of(file), kind_of(folder, file)
        if ending not in allowed:
            yield {"file": file, "what": f"its ending is none of {', '.join(sorted(allowed))}"}
        elif kind in ENDINGS and ending not in ENDINGS[kind]:
            yield {"file": file, "what": f"it is called {ending}, and is {TITLES.get(kind, kind)}"}
        elif any(ending in endings for known, endings in ENDINGS.items() if len(endings) == 1) and (kind not in ENDINGS or ending not in ENDINGS[kind]):
            yield {"file": file, "what": f"it is called {ending}, and is {'something else' if kind is None else TITLES.get(kind, kind)}"}


BY_NAME = {
    "checksums": checksums.check,
    "file-types": file_types,
    "license": licences.check,
    "max-size": max_size,
    "no-pickle": no_pickle,
    "no-python": python.check,
    "no-symlinks": links.check,
    "required-files": required_files,
    "safetensors-only": safetensors_only,
}

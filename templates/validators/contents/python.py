"""Code of Python's in a model, and settings that make loaders fetch and run some."""

import ast
import json
import warnings

from kinds import ending_of, kind_of, names_in

SOURCES = (".ipynb", ".py", ".pyc", ".pyd", ".pyi", ".pyo", ".pyw", ".pyx", ".pyz", ".whl", ".egg")
# Keys by which transformers, diffusers and peft take code from the repository.
REMOTE = ("auto_map", "custom_pipelines", "auto_mapping", "custom_pipeline")
LONGEST = 4 * 1024 * 1024


def check(folder, facts, arguments):
    for file in folder.files:
        if ending_of(file) in SOURCES:
            yield {"file": file, "what": "it is code of Python's"}
            continue
        kind = kind_of(folder, file)
        if kind == "bytecode":
            yield {"file": file, "what": "it is compiled code of Python's"}
        elif kind == "program":
            yield {"file": file, "what": "it is a program or a library of machine code"}
        elif kind in ("zip", "torch"):
            yield from packed(folder, file)
        elif kind is None:
            yield from written(folder, file)


def packed(folder, file):
    names = names_in(folder, file)
    if not names:
        yield {"file": file, "what": "it is a zip archive whose directory can't be trusted, so what is in it isn't known"}
    for name in names or ():
        if ending_of(name) in SOURCES:
            yield {"file": file, "path": name, "what": "it is code of Python's"}


def written(folder, file):
    text = folder.text(file)
    if text is None:
        return
    if ending_of(file) == ".json" or text.lstrip()[:1] in ("{", "["):
        try:
            yield from settings(file, json.loads(text), "")
            return
        except (ValueError, RecursionError):
            pass
    if is_program(text):
        yield {"file": file, "what": "it is code of Python's by what it says"}


def settings(file, value, place):
    if isinstance(value, list):
        for index, inner in enumerate(value):
            yield from settings(file, inner, f"{place}[{index}]")
    elif isinstance(value, dict):
        for key, inner in value.items():
            at = f"{place}.{key}" if place else key
            if key in REMOTE and inner:
                yield {"file": file, "path": at, "what": "it makes loaders run code of the repository"}
            elif key == "trust_remote_code" and inner is True:
                yield {"file": file, "path": at, "what": "it asks loaders to run code of the repository"}
            elif key == "_class_name" and isinstance(inner, list):
                yield {"file": file, "path": at, "what": "it names a pipeline whose code is in the repository"}
            else:
                yield from settings(file, inner, at)


# Prose doesn't parse, and data holds neither definitions nor imports.
def is_program(text):
    first = text.split("\n", 1)[0]
    if first.startswith("#!") and "python" in first:
        return True
    if len(text) > LONGEST or not any(word in text for word in ("import", "def ", "class ", "exec", "eval", "lambda", "__")):
        return False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    acts = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.Call)
    return any(isinstance(node, acts) for node in ast.walk(tree))

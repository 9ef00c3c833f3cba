"""The files of a model."""

import os

OWN = ".nix-model-repo"


class Folder:
    def __init__(self, path, raw):
        self.path, self.raw = path, raw
        self.files = sorted(
            os.path.relpath(os.path.join(folder, name), path)
            for folder, _, names in os.walk(path, followlinks=True)
            for name in names
            if not name.startswith(OWN)
        )

    def at(self, file):
        return os.path.join(self.path, file)

    def size(self, file):
        return os.stat(self.at(file)).st_size

    def head(self, file, length):
        with open(self.at(file), "rb") as opened:
            return opened.read(length)

    def text(self, file, longest=16 * 1024 * 1024):
        """What a file says, or None where it is no text or longer than texts of models are."""
        if self.size(file) > longest:
            return None
        with open(self.at(file), "rb") as opened:
            content = opened.read()
        try:
            return None if b"\0" in content else content.decode("utf-8-sig")
        except UnicodeDecodeError:
            return None

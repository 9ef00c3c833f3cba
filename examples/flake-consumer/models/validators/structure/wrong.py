"""What is wrong with a file, and what is odd about it."""


class Wrong(Exception):
    """The file isn't what its format says; loaders would fail, or read what isn't theirs."""

    def __init__(self, what, offset=None):
        super().__init__(what)
        self.offset = offset

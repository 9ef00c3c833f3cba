"""What is known of the values on a pickle's stack."""

from allowed import PYTHON_2


class Mark:
    pass


MARK = Mark()


class Opaque:
    """A value of which nothing else matters: numbers, long texts, bytes."""

    __slots__ = ()


OPAQUE = Opaque()
NONE = Opaque()


class Global:
    __slots__ = ("module", "name", "use")

    def __init__(self, module, name, use):
        self.module, self.name, self.use = module, name, use

    @property
    def key(self):
        return (PYTHON_2.get(self.module, self.module), self.name)


class Made:
    """What an allowed callable gave; of what describes arrays, also what it was given, and the states it got."""

    __slots__ = ("maker", "items", "states")

    def __init__(self, maker, items=None):
        self.maker, self.items, self.states = maker, items, []


class Tuple:
    __slots__ = ("items",)

    def __init__(self, items):
        self.items = items


class Container:
    """A list, a set or a dictionary.

    `items` are those of a short list. Of a dictionary, `keys` are the texts that could be
    special attributes, and `pairs` its values by text; None where there is more to it.
    """

    __slots__ = ("kind", "keys", "items", "pairs")

    MOST_PAIRS = 64

    def __init__(self, kind):
        self.kind, self.keys, self.items = kind, None, None
        self.pairs = {} if kind == "dict" else None

    def set(self, key, value):
        if self.pairs is not None and (not isinstance(key, str) or len(self.pairs) >= self.MOST_PAIRS):
            self.pairs = None
        if self.pairs is not None:
            self.pairs[key] = value

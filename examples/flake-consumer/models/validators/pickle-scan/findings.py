"""What a scan has to say of a file."""


class Finding:
    """One reason not to load a file: where it is, and what it is about."""

    __slots__ = ("path", "offset", "opcode", "module", "name", "what")

    def __init__(self, path, offset, what, opcode=None, module=None, name=None):
        self.path, self.offset, self.what = path, offset, what
        self.opcode, self.module, self.name = opcode, module, name

    def as_json(self):
        stated = {"path": self.path, "offset": self.offset, "what": self.what}
        for key in ("opcode", "module", "name"):
            value = getattr(self, key)
            if value is not None:
                stated[key] = value
        return stated


class Report:
    """The findings of one file, and how many pickles were read."""

    LIMIT = 100

    def __init__(self):
        self.findings = []
        self.pickles = 0

    def add(self, *arguments, **named):
        if len(self.findings) < self.LIMIT:
            self.findings.append(Finding(*arguments, **named))

    @property
    def is_clean(self):
        return not self.findings

"""Whether a licence is acceptable: an SPDX expression (SPDX 2.3, annex D), the Hub's own name, or several joined by commas."""

import re

TOKEN = re.compile(r"[()]|[^\s()]+")
WORDS = {"(", ")", "or", "and", "with"}
DEEPEST = 32


class Expression:
    """`OR` leaves the choice, `AND` doesn't and binds closer, `WITH` adds an exception, which grants more and so is left out."""

    def __init__(self, allowed, denied):
        self.allowed, self.denied = allowed, denied

    def accepts(self, stated):
        # What a list joins is all true of the model; `other` has its name beside it.
        items = filter(None, (item.strip() for item in stated.lower().split(",")))
        return all(self.accepts_item(item.removeprefix("other:").strip()) for item in items)

    def accepts_item(self, item):
        self.tokens, self.at = TOKEN.findall(item), 0
        accepted = self.choice(0)
        if accepted is not None and self.at == len(self.tokens):
            return accepted
        # What is no expression is a name; what it holds of denied ones is denied all the same.
        return self.is_acceptable(item) and not any(map(self.is_denied, self.tokens))

    def choice(self, depth):
        accepted = self.sum(depth)
        while accepted is not None and self.take("or"):
            other = self.sum(depth)
            accepted = None if other is None else accepted or other
        return accepted

    def sum(self, depth):
        accepted = self.one(depth)
        while accepted is not None and self.take("and"):
            other = self.one(depth)
            accepted = None if other is None else accepted and other
        return accepted

    def one(self, depth):
        """None where there is no licence."""
        if self.take("("):
            accepted = self.choice(depth + 1) if depth < DEEPEST else None
            return accepted if self.take(")") else None
        licence = self.name()
        if licence is None or (self.take("with") and self.name() is None):
            return None
        return self.is_acceptable(licence)

    def take(self, token):
        if self.at < len(self.tokens) and self.tokens[self.at] == token:
            self.at += 1
            return True
        return False

    def name(self):
        if self.at < len(self.tokens) and self.tokens[self.at] not in WORDS:
            self.at += 1
            return self.tokens[self.at - 1]
        return None

    def is_acceptable(self, licence):
        return not self.is_denied(licence) and (not self.allowed or bool(names_of(licence) & self.allowed))

    def is_denied(self, licence):
        return bool(names_of(licence) & self.denied)


def names_of(licence):
    return {licence} | {licence.removesuffix(ending) for ending in ("-only", "-or-later", "+")}


def parts_of(stated):
    """The licences that it names, for words about it."""
    return set(TOKEN.findall(stated.lower().replace(",", " "))) - WORDS

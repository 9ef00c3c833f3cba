"""Follows a pickle's program without running it.

The opcodes are those of Lib/pickletools.py. Stack and memo hold what is known of
each value: enough to say what is imported, what is called, and with what.
Nothing is ever imported, called or built.
"""

import struct

import arrays
from allowed import ARRAYS, CODECS, DTYPE, EMPTY_ONLY, ENCODE, OBJECT, RECONSTRUCTOR, STORAGE
from values import MARK, NONE, OPAQUE, Container, Global, Made, Opaque, Tuple

# No pickle of a model comes near; a hostile one shall not fill the memory.
MOST_STACK = 4_000_000
MOST_MEMO = 16_000_000
LONGEST_TEXT = 1024


class NotAPickle(Exception):
    """The bytes stop making sense before they have done anything."""


class Broken(Exception):
    """The program can't go on; what came before has run by then."""


class Machine:
    """One pickle, from `start` to its STOP."""

    def __init__(self, data, start, end, policy, unsafe, may_be_text=False, is_called_so=False, reading=arrays.PADDED, is_other=False):
        self.data, self.at, self.end = data, start, end
        self.reading = reading
        # Another reading of what was read already: where it stops making sense, the loader
        # that reads so stops as well, and what it only stumbles over is no finding.
        self.is_other = is_other
        self.has_arrays = False
        self.start = start
        self.policy = policy
        self.unsafe = unsafe
        self.stack = []
        self.memo = {}
        # Prose can begin like a program of protocol 0 that imports something. Where
        # that is all it does before it breaks off, it is prose.
        self.may_be_text = may_be_text
        # Formats of others begin with bytes that would ask for what only the loader has
        # (0x89 P N G). Such a file is a pickle if it goes on like one, or is called so.
        self.is_called_so = is_called_so
        self.pending = []
        self.has_acted = False
        self.is_plain_text = False
        self.steps = 0
        self.protocol = 0
        self.storages = {}
        self.frame_end = None
        self.position = start
        self.opcode = ""

    def run(self):
        """The value on top at STOP; `at` is behind it then."""
        try:
            while True:
                self.position = self.at
                code = self.byte()
                name, action = OPCODES.get(code, (None, None))
                if action is None:
                    raise Broken(f"unknown opcode 0x{code:02x}")
                self.opcode = name
                self.steps += 1
                if name == "STOP":
                    if self.frame_end is not None and self.at < self.frame_end and not self.is_other:
                        raise Broken("a frame that ends elsewhere than its pickle")
                    value = self.pop()
                    # A text that ends a sentence early: numbers and texts, and nothing done.
                    self.is_plain_text = self.may_be_text and not (self.has_acted or self.protocol or self.pending)
                    self.act()
                    if self.stack and not self.is_plain_text:
                        self.stumble("values are left on the stack")
                    return value
                action(self)
                if len(self.stack) > MOST_STACK or len(self.memo) > MOST_MEMO:
                    self.has_acted = True
                    self.give_up("too many values")
        except (IndexError, struct.error, KeyError):
            raise self.broken("it breaks off, or takes what isn't there") from None
        except Broken as reason:
            raise self.broken(str(reason)) from None

    def broken(self, why):
        # PROTO alone is what any binary file may begin with.
        return NotAPickle(why) if not self.has_acted and (self.steps <= 1 or not self.protocol) else Broken(why)

    def say(self, what, module=None, name=None):
        self.act()
        self.unsafe(self.position, what, self.opcode, module, name)

    def stumble(self, what):
        """What a loader most often can't do at all."""
        if not self.is_other:
            self.say(what)

    # ── Reading ─────────────────────────────────────────────────────────────

    def byte(self):
        if self.at >= self.end:
            raise IndexError
        value = self.data[self.at]
        self.at += 1
        return value

    def take(self, length):
        if length < 0 or length > self.end - self.at:
            raise IndexError
        start = self.at
        self.at += length
        return start

    def text(self, length):
        start = self.take(length)
        if length > LONGEST_TEXT:
            return OPAQUE
        try:
            return bytes(self.data[start : start + length]).decode("utf-8", "surrogatepass")
        except UnicodeDecodeError:
            raise Broken("a text that is no UTF-8") from None

    def number(self, form):
        size = struct.calcsize(form)
        start = self.take(size)
        return struct.unpack(form, bytes(self.data[start : start + size]))[0]

    def line(self, longest=1 << 20):
        found = self.data.find(b"\n", self.at, min(self.end, self.at + longest))
        if found < 0:
            raise IndexError
        start, self.at = self.at, found + 1
        return bytes(self.data[start:found])

    # ── Stack ───────────────────────────────────────────────────────────────

    def push(self, value):
        self.stack.append(value)

    def pop(self):
        if not self.stack or self.stack[-1] is MARK:
            raise Broken("takes from an empty stack")
        return self.stack.pop()

    def top(self):
        if not self.stack or self.stack[-1] is MARK:
            raise Broken("looks at an empty stack")
        return self.stack[-1]

    def since_mark(self):
        items = []
        while True:
            value = self.stack.pop()
            if value is MARK:
                items.reverse()
                return items
            items.append(value)

    # ── What matters ────────────────────────────────────────────────────────

    def find(self, module, name):
        if not isinstance(module, str) or not isinstance(name, str):
            if self.is_other and not all(isinstance(part, str) or part is OPAQUE for part in (module, name)):
                raise Broken("a name that is no text")
            self.say("imports something whose name isn't a text, or is made while it runs")
            return Global("?", "?", "call")
        if not is_importable(module):
            raise Broken("a module's name that can't be one")
        use = self.policy.use_of(module, name)
        if use is None:
            if self.protocol or self.has_acted or not self.may_be_text:
                self.say("imports a global that isn't allowed", module, name)
            else:
                self.pending.append((self.position, "imports a global that isn't allowed", self.opcode, module, name))
        self.has_acted = self.has_acted or self.protocol > 0
        return Global(module, name, use)

    def act(self):
        """What came so far was a program and no prose."""
        self.has_acted = True
        for found in self.pending:
            self.unsafe(*found)
        self.pending.clear()

    def doubt(self, what):
        """What stops a loader that doesn't expect it, so that nothing behind it is run."""
        if self.is_other:
            return
        if self.protocol or self.has_acted or self.is_called_so:
            self.say(what)
        else:
            self.pending.append((self.position, what, self.opcode, None, None))

    def call(self, target, arguments):
        self.act()
        if not isinstance(target, Global):
            self.stumble("calls something that was made while it runs")
            return OPAQUE
        if target.use is None or target.module == "?":
            self.say("calls a global that isn't allowed", target.module, target.name)
            return OPAQUE
        if target.use == "value":
            self.say("calls a global that may only be named", target.module, target.name)
            return OPAQUE
        items = arguments.items if isinstance(arguments, Tuple) else None
        if target.key in ARRAYS and (items != [] or self.opcode != "NEWOBJ"):
            self.say("makes an array of joblib's as joblib doesn't", target.module, target.name)
            return OPAQUE
        if target.key == ENCODE:
            codec = items[1] if items is not None and len(items) > 1 else "utf-8"
            if not isinstance(codec, str) or codec.lower() not in CODECS:
                self.say("encodes with a codec that isn't allowed", target.module, target.name)
            return OPAQUE
        if target.key == EMPTY_ONLY and items != []:
            self.say("makes bytes of a length that the file only states", target.module, target.name)
            return OPAQUE
        if target.key == RECONSTRUCTOR:
            made = items[0] if items else None
            if not isinstance(made, Global) or made.use != "call" or made.key in (ENCODE, RECONSTRUCTOR):
                self.say("makes an instance of a class that isn't allowed", target.module, target.name)
            elif made.key in ARRAYS and not (len(items) == 3 and isinstance(items[1], Global) and items[1].key == OBJECT and items[2] is NONE):
                self.say("makes an array of joblib's as joblib doesn't", made.module, made.name)
                return OPAQUE
            return Made(made if isinstance(made, Global) else target)
        for item in items or ():
            # Who gets these could call them with what is looked at here only.
            if isinstance(item, Global) and (item.key in (ENCODE, RECONSTRUCTOR) or item.key in ARRAYS):
                self.say("hands a callable on", item.module, item.name)
        return Made(target, items if target.key == DTYPE else None)

    def build(self):
        state = self.pop()
        target = self.top()
        self.act()
        if isinstance(target, Global):
            self.say("changes a class or a function itself", target.module, target.name)
        elif isinstance(target, (Tuple, Opaque, Container, str, int)):
            self.stumble("gives a state to what has none")
        for part in state.items if isinstance(state, Tuple) else (state,):
            if isinstance(part, Container) and part.keys:
                for key in part.keys:
                    if key.startswith("__"):
                        self.say(f"sets the attribute {key[:64]}")
        if isinstance(target, Made) and target.maker.key == DTYPE and len(target.states) < 2:
            target.states.append(state)
        if isinstance(target, Made) and target.maker.key in ARRAYS and self.reading != arrays.PLAIN:
            self.array(target, state)

    def array(self, wrapper, state):
        """Reads on where joblib's loader would, once a wrapper has its state."""
        self.has_arrays = True
        if wrapper.states:
            self.give_up("an array of joblib's that is described twice")
        wrapper.states.append(state)
        # The loader has read the rest of the frame by then.
        if self.frame_end is not None and self.at < self.frame_end:
            self.give_up("an array of joblib's within a frame")
        try:
            layout = arrays.layout_of(state)
        except arrays.Unreadable as reason:
            self.give_up(str(reason))
        if layout.length is None:
            # An array of objects is a pickle of its own, which Python's own loader reads.
            inner = Machine(self.data, self.at, self.end, self.policy, self.unsafe, is_called_so=True, reading=arrays.PLAIN, is_other=self.is_other)
            try:
                inner.run()
            except NotAPickle as reason:
                raise Broken(str(reason)) from None
            self.at = inner.at
        else:
            if layout.is_padded and self.reading == arrays.PADDED:
                padding = self.byte()
                if not 1 <= padding <= arrays.MOST_PADDING:
                    self.give_up("an array of joblib's with a padding that joblib doesn't write")
                self.take(padding)
            self.take(layout.length)
        # joblib puts the array in the wrapper's place.
        self.stack[-1] = Made(Global("numpy", "ndarray", "value"))

    def give_up(self, what):
        """It isn't known how the loader goes on."""
        if self.is_other:
            self.say(what)
        raise Broken(what)

    def persistent(self, identity):
        items = identity.items if isinstance(identity, Tuple) else None
        if not items or items[0] not in ("storage", "module"):
            self.doubt("a persistent id that isn't torch's")
        elif items[0] == "module":
            self.say("a persistent id that brings source code")
        else:
            self.act()
            kind = items[1] if len(items) > 1 else None
            if not isinstance(kind, Global) or kind.key not in STORAGE:
                self.say("a storage of an unknown kind")
            elif len(items) > 4 and isinstance(items[2], str) and isinstance(items[4], int):
                self.storages[items[2]] = (kind.name, items[4])
        self.push(OPAQUE)


def is_importable(module):
    return len(module) <= 512 and all(part.isidentifier() for part in module.split("."))


def _text_of(line):
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        raise Broken("a name that is no UTF-8") from None


# ── The opcodes ─────────────────────────────────────────────────────────────


def _const(value):
    return lambda m: m.push(value)


def _skip(form):
    """A length, and as much of what isn't looked at."""

    def action(m):
        m.take(m.number(form))
        m.push(OPAQUE)

    return action


def _fixed(size):
    def action(m):
        m.take(size)
        m.push(OPAQUE)

    return action


def _integer(form):
    return lambda m: m.push(m.number(form))


def _unicode(form):
    return lambda m: m.push(m.text(m.number(form)))


def _long1(m):
    size = m.number("<B")
    start = m.take(size)
    m.push(int.from_bytes(bytes(m.data[start : start + size]), "little", signed=True) if size <= 8 else OPAQUE)


def _bytes_text(form):
    """Texts of Python 2: as short as they are, they can name a global."""

    def action(m):
        length = m.number(form)
        start = m.take(length)
        m.push(bytes(m.data[start : start + length]).decode("latin-1") if length <= LONGEST_TEXT else OPAQUE)

    return action


def _proto(m):
    version = m.byte()
    if m.steps > 1 and not m.is_other:
        raise Broken("a second header")
    if version > 5:
        raise Broken(f"protocol {version}, which doesn't exist")
    m.protocol = max(version, 1)


def _frame(m):
    length = m.number("<Q")
    if length > m.end - m.at:
        raise Broken("a frame that is longer than the file")
    if m.frame_end is not None and m.at < m.frame_end and not m.is_other:
        raise Broken("a frame within a frame")
    m.frame_end = m.at + length


def _global(m):
    module, name = _text_of(m.line()), _text_of(m.line())
    m.push(m.find(module, name))


def _stack_global(m):
    name, module = m.pop(), m.pop()
    m.push(m.find(module, name))


def _inst(m):
    module, name = _text_of(m.line()), _text_of(m.line())
    items = m.since_mark()
    m.push(m.call(m.find(module, name), Tuple(items)))


def _obj(m):
    items = m.since_mark()
    if not items:
        raise Broken("OBJ without a class")
    m.push(m.call(items[0], Tuple(items[1:])))


def _reduce(m):
    arguments, target = m.pop(), m.pop()
    m.push(m.call(target, arguments))


def _newobj(m):
    arguments, target = m.pop(), m.pop()
    m.push(m.call(target, arguments))


def _newobj_ex(m):
    m.pop()
    arguments, target = m.pop(), m.pop()
    m.push(m.call(target, arguments))


def _persid(m):
    m.line()
    m.doubt("a persistent id in text, which isn't torch's")
    m.push(OPAQUE)


def _extension(form):
    def action(m):
        m.number(form)
        m.doubt("takes a global from the registry of extensions")
        m.push(OPAQUE)

    return action


def _out_of_band(m):
    m.doubt("wants a buffer from outside of the file")
    m.push(OPAQUE)


def _append_to(m, items):
    target = m.top()
    if isinstance(target, Container) and target.kind == "list":
        if target.items is None and len(items) <= 64:
            target.items = list(items)
        return
    if not isinstance(target, Made):
        m.stumble("appends to what is no list")


def _appends(m):
    _append_to(m, m.since_mark())


def _append(m):
    item = m.pop()
    _append_to(m, [item])


def _set_items(m, items):
    if len(items) % 2:
        raise Broken("a key without a value")
    target = m.top()
    if isinstance(target, Container) and target.kind == "dict":
        for key, value in zip(items[::2], items[1::2]):
            target.set(key, value)
            if isinstance(key, str):
                if target.keys is None:
                    target.keys = []
                if key.startswith("__") and len(target.keys) < 1000:
                    target.keys.append(key)
    elif not isinstance(target, Made):
        m.stumble("sets items of what is no dictionary")


def _setitem(m):
    value, key = m.pop(), m.pop()
    _set_items(m, [key, value])


def _add_items(m):
    m.since_mark()
    target = m.top()
    if not (isinstance(target, Container) and target.kind == "set") and not isinstance(target, Made):
        m.stumble("adds to what is no set")


def _dict(m):
    items = m.since_mark()
    m.push(Container("dict"))
    _set_items(m, items)


def _list(m):
    items = m.since_mark()
    m.push(Container("list"))
    _append_to(m, items)


def _frozenset(m):
    m.since_mark()
    m.push(OPAQUE)


def _tuple_of(count):
    def action(m):
        items = [m.pop() for _ in range(count)]
        m.push(Tuple(items[::-1]))

    return action


def _pop(m):
    if not m.stack:
        raise Broken("takes from an empty stack")
    m.stack.pop()


def _pop_mark(m):
    m.since_mark()


def _memoize(m):
    m.memo[len(m.memo)] = m.top()


def _put(read):
    def action(m):
        m.memo[read(m)] = m.top()

    return action


def _get(read):
    return lambda m: m.push(m.memo[read(m)])


def _decimal(m):
    try:
        return int(m.line(64))
    except ValueError:
        raise Broken("a number that is none") from None


def _number_line(m):
    line = m.line()
    text = line[:-1] if line[-1:] == b"L" else line
    if line in (b"00", b"01"):
        m.push(OPAQUE)
        return
    try:
        m.push(int(text) if len(text) < 20 else int(text[:4000]) and OPAQUE)
    except ValueError:
        try:
            # Loaders take numbers of other bases, too.
            int(text[:4000], 0)
        except ValueError:
            raise Broken("a number that is none") from None
        m.push(OPAQUE)


def _float_line(m):
    try:
        float(m.line())
    except ValueError:
        raise Broken("a number that is none") from None
    m.push(OPAQUE)


def _string_line(m):
    line = m.line()
    if len(line) < 2 or line[0] != line[-1] or line[0] not in b"\"'":
        raise Broken("a text without quotes")
    inner = line[1:-1]
    # Escapes can spell anything, so that such a text names nothing here.
    m.push(inner.decode("latin-1") if len(inner) <= LONGEST_TEXT and b"\\" not in inner else OPAQUE)


def _unicode_line(m):
    line = m.line()
    m.push(OPAQUE if b"\\" in line or len(line) > LONGEST_TEXT else line.decode("latin-1"))


OPCODES = {
    ord("."): ("STOP", lambda m: None),
    ord("("): ("MARK", lambda m: m.push(MARK)),
    ord("0"): ("POP", _pop),
    ord("1"): ("POP_MARK", _pop_mark),
    ord("2"): ("DUP", lambda m: m.push(m.top())),
    ord("F"): ("FLOAT", _float_line),
    ord("I"): ("INT", _number_line),
    ord("J"): ("BININT", _integer("<i")),
    ord("K"): ("BININT1", _integer("<B")),
    ord("L"): ("LONG", _number_line),
    ord("M"): ("BININT2", _integer("<H")),
    ord("N"): ("NONE", _const(NONE)),
    ord("P"): ("PERSID", _persid),
    ord("Q"): ("BINPERSID", lambda m: m.persistent(m.pop())),
    ord("R"): ("REDUCE", _reduce),
    ord("S"): ("STRING", _string_line),
    ord("T"): ("BINSTRING", _bytes_text("<i")),
    ord("U"): ("SHORT_BINSTRING", _bytes_text("<B")),
    ord("V"): ("UNICODE", _unicode_line),
    ord("X"): ("BINUNICODE", _unicode("<I")),
    ord("a"): ("APPEND", _append),
    ord("b"): ("BUILD", lambda m: m.build()),
    ord("c"): ("GLOBAL", _global),
    ord("d"): ("DICT", _dict),
    ord("}"): ("EMPTY_DICT", lambda m: m.push(Container("dict"))),
    ord("e"): ("APPENDS", _appends),
    ord("g"): ("GET", _get(_decimal)),
    ord("h"): ("BINGET", _get(lambda m: m.number("<B"))),
    ord("i"): ("INST", _inst),
    ord("j"): ("LONG_BINGET", _get(lambda m: m.number("<I"))),
    ord("l"): ("LIST", _list),
    ord("]"): ("EMPTY_LIST", lambda m: m.push(Container("list"))),
    ord("o"): ("OBJ", _obj),
    ord("p"): ("PUT", _put(_decimal)),
    ord("q"): ("BINPUT", _put(lambda m: m.number("<B"))),
    ord("r"): ("LONG_BINPUT", _put(lambda m: m.number("<I"))),
    ord("s"): ("SETITEM", _setitem),
    ord("t"): ("TUPLE", lambda m: m.push(Tuple(m.since_mark()))),
    ord(")"): ("EMPTY_TUPLE", lambda m: m.push(Tuple([]))),
    ord("u"): ("SETITEMS", lambda m: _set_items(m, m.since_mark())),
    ord("G"): ("BINFLOAT", _fixed(8)),
    0x80: ("PROTO", _proto),
    0x81: ("NEWOBJ", _newobj),
    0x82: ("EXT1", _extension("<B")),
    0x83: ("EXT2", _extension("<H")),
    0x84: ("EXT4", _extension("<i")),
    0x85: ("TUPLE1", _tuple_of(1)),
    0x86: ("TUPLE2", _tuple_of(2)),
    0x87: ("TUPLE3", _tuple_of(3)),
    0x88: ("NEWTRUE", _const(OPAQUE)),
    0x89: ("NEWFALSE", _const(OPAQUE)),
    0x8A: ("LONG1", _long1),
    0x8B: ("LONG4", _skip("<i")),
    ord("B"): ("BINBYTES", _skip("<I")),
    ord("C"): ("SHORT_BINBYTES", _skip("<B")),
    0x8C: ("SHORT_BINUNICODE", _unicode("<B")),
    0x8D: ("BINUNICODE8", _unicode("<Q")),
    0x8E: ("BINBYTES8", _skip("<Q")),
    0x8F: ("EMPTY_SET", lambda m: m.push(Container("set"))),
    0x90: ("ADDITEMS", _add_items),
    0x91: ("FROZENSET", _frozenset),
    0x92: ("NEWOBJ_EX", _newobj_ex),
    0x93: ("STACK_GLOBAL", _stack_global),
    0x94: ("MEMOIZE", _memoize),
    0x95: ("FRAME", _frame),
    0x96: ("BYTEARRAY8", _skip("<Q")),
    0x97: ("NEXT_BUFFER", _out_of_band),
    0x98: ("READONLY_BUFFER", _out_of_band),
}

"""Finds the pickles in a file, whatever it is called and however they are packed."""

import bz2
import json
import lzma
import mmap
import os
import re
import struct
import zlib

import zipped
from findings import Report
from allowed import ELEMENT_BYTES
from arrays import PLAIN, UNPADDED
from endings import OFTEN, PICKLES
from machine import Broken, Machine, NotAPickle

MOST_UNPACKED = 512 * 1024 * 1024
DEEPEST = 8
# Of one file; more are read by nobody one after the other.
MOST_PICKLES = 1000
TORCH_MAGIC = b"\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19."
# What no text holds.
CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
REFUSED = {
    b"7z\xbc\xaf\x27\x1c": "a 7z archive",
    b"Rar!\x1a\x07": "a RAR archive",
    b"\x04\x22\x4d\x18": "packed with lz4",
    b"\x28\xb5\x2f\xfd": "packed with zstd",
    b"\x1f\x9d": "packed with compress",
}


def scan(path, policy):
    """The report of one file."""
    report = Report()
    size = os.path.getsize(path)
    if size == 0:
        return report
    with open(path, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        Scan(report, policy, path).part(data, 0, size, "", 0)
    return report


class Scan:
    def __init__(self, report, policy, path):
        self.report, self.policy, self.path = report, policy, path
        self.unpacked = 0

    def part(self, data, start, end, inner, depth):
        """A file, or a part of one; `inner` says which."""
        if start >= end:
            return
        if depth > DEEPEST:
            self.say(inner, start, f"is packed more than {DEEPEST} times")
            return
        head = bytes(data[start : min(end, start + 512)])
        for magic, what in REFUSED.items():
            if head.startswith(magic):
                self.say(inner, start, f"is {what}, which isn't read")
                return
        # The last file of a tar may be a zip, whose directory is near the end then.
        if is_tar(head):
            self.tar(data, start, end, inner, depth)
        elif zipped.looks_like_zip(data, start, end):
            self.zip(data, start, end, inner, depth)
        elif head.startswith(b"\x93NUMPY"):
            self.numpy(data, start, end, inner, depth)
        elif (packing := packing_of(head)) is not None:
            self.unpack(packing, data, start, end, inner, depth)
        else:
            self.pickles(data, start, end, inner)

    def say(self, inner, offset, what, opcode=None, module=None, name=None):
        self.report.add(inner, offset, what, opcode, module, name)

    # ── Pickles ─────────────────────────────────────────────────────────────

    def pickles(self, data, start, end, inner):
        """Every pickle from `start` on; what is none, is none from the first byte on."""
        at, count, legacy = start, 0, bytes(data[start : start + 2])[:1] == b"\x80" and bytes(data[start + 2 : start + 15]) == TORCH_MAGIC
        plain_texts, is_prose, is_called_so = 0, self.is_prose(data, start, end, inner), self.is_called_so(inner)
        while at < end:
            # What comes behind a pickle is taken for another one.
            is_first = count == plain_texts
            machine = Machine(data, at, end, self.policy, lambda *found: self.say(inner, *found), is_first and is_prose, not is_first or is_called_so)
            try:
                value = machine.run()
            except NotAPickle:
                if plain_texts < count:
                    self.say(inner, at, "there is something behind the pickle")
                else:
                    self.report.pickles -= count
                return
            except Broken as reason:
                if count == 0 and machine.position < start + 8 and not machine.has_acted and is_safetensors(data, start, end):
                    return
                self.report.pickles += 1
                self.say(inner, machine.position, f"the pickle is damaged: {reason}", machine.opcode)
                return
            if machine.has_arrays:
                self.other_readings(data, at, end, inner)
            self.report.pickles += 1
            count += 1
            plain_texts += machine.is_plain_text
            at = machine.at
            if legacy and count == 4:
                storages = machine.storages
            if legacy and count == 5:
                self.storages(data, at, end, inner, value, storages)
                return
        if legacy:
            self.say(inner, at, "a checkpoint of torch's legacy format breaks off")

    def other_readings(self, data, start, end, inner):
        """A pickle with arrays of joblib's, as loaders read it that don't know these, or not their padding."""
        for reading in (UNPADDED, PLAIN):
            at = start
            for _ in range(MOST_PICKLES):
                machine = Machine(data, at, end, self.policy, lambda *found: self.say(inner, *found), is_called_so=True, reading=reading, is_other=True)
                try:
                    machine.run()
                except (NotAPickle, Broken):
                    break
                at = machine.at
            else:
                self.say(inner, at, f"holds more than {MOST_PICKLES} pickles for loaders other than joblib's")

    def is_called_so(self, inner):
        return (inner or self.path).lower().endswith(PICKLES)

    def is_prose(self, data, start, end, inner):
        name = (inner or self.path).lower()
        if name.endswith(OFTEN) or end - start > 64 * 1024 * 1024:
            return False
        text = bytes(data[start:end])
        try:
            text.decode("utf-8")
        except UnicodeDecodeError:
            return False
        return CONTROL.search(text) is None

    # Behind the fifth pickle each storage has its length and its bytes
    # (torch/serialization.py, _legacy_save).
    def storages(self, data, at, end, inner, keys, known):
        for key in getattr(keys, "items", None) or ():
            kind, count = known.get(key, (None, None)) if isinstance(key, str) else (None, None)
            size = ELEMENT_BYTES.get((kind or "").removesuffix("Storage"))
            if size is None or at + 8 > end or struct.unpack("<q", bytes(data[at : at + 8]))[0] != count:
                self.say(inner, at, "the storages behind the pickles aren't those that these name")
                return
            at += 8 + size * count
        if at != end:
            self.say(inner, min(at, end), "the storages behind the pickles don't end where the file does")

    # ── Archives ────────────────────────────────────────────────────────────

    def zip(self, data, start, end, inner, depth):
        try:
            entries = zipped.read(data, start, end)
            names = {entry.name for entry in entries}
            for entry in entries:
                name = entry.name.decode("utf-8", "backslashreplace")
                place = f"{inner}!{name}" if inner else name
                if name.endswith("/"):
                    continue
                if is_script(entry.name, names):
                    self.say(place, entry.start, "TorchScript: a program, and no data")
                if entry.method == zipped.STORED:
                    is_read = entry.size <= 16 * 1024 * 1024 and not is_storage(entry.name)
                    if is_read and zlib.crc32(data[entry.start : entry.start + entry.size]) != entry.crc:
                        raise zipped.BadZip(entry.start, "an entry of the zip has another content than its directory says")
                    self.part(data, entry.start, entry.start + entry.size, place, depth + 1)
                    continue
                content = zipped.unpack(data, entry, MOST_UNPACKED - self.unpacked)
                if content is None:
                    self.say(place, entry.start, "is too large to be unpacked")
                    continue
                self.unpacked += len(content)
                self.part(content, 0, len(content), place, depth + 1)
        except zipped.BadZip as bad:
            self.say(inner, bad.offset, str(bad))
        except struct.error:
            self.say(inner, end, "the zip breaks off")

    def tar(self, data, start, end, inner, depth):
        at, long_name, names = start, None, set()
        while at + 512 <= end:
            header = bytes(data[at : at + 512])
            if header == bytes(512):
                if any(bytes(data[position : min(end, position + (1 << 20))]).strip(b"\0") for position in range(at, end, 1 << 20)):
                    self.say(inner, at, "there is something behind the end of the tar")
                break
            if not is_tar(header):
                self.say(inner, at, "an entry of the tar is none")
                return
            size = octal(header[124:136])
            kind, content = header[156:157], at + 512
            if size is None or content + size > end:
                self.say(inner, at, "an entry of the tar is longer than the file")
                return
            name = long_name or (header[345:500].rstrip(b"\0") + b"/" if header[257:262] == b"ustar" and header[345:346] != b"\0" else b"") + header[:100].split(b"\0")[0]
            long_name = bytes(data[content : content + min(size, 4096)]).split(b"\0")[0] if kind == b"L" else None
            place = name.decode("utf-8", "backslashreplace")
            names.add(place.rsplit("/", 1)[-1])
            if kind in (b"0", b"\0", b"7"):
                self.part(data, content, content + size, f"{inner}!{place}" if inner else place, depth + 1)
            elif kind not in (b"5", b"L", b"x", b"g"):
                self.say(inner, at, "the tar holds a link, a device or something else that is no file")
            at = content + (size + 511) // 512 * 512
            if bytes(data[content + size : min(at, end)]).strip(b"\0"):
                self.say(inner, content + size, "there is something between the tar's entries")
        else:
            if at != end:
                self.say(inner, min(at, end), "there is something behind the tar")
        if {"pickle", "storages"} <= names:
            self.say(inner, start, "torch's tar format, which torch itself loads without checks (CVE-2025-32434)")

    # ── Wrappers ────────────────────────────────────────────────────────────

    def unpack(self, packing, data, start, end, inner, depth):
        reader = packing()
        content, at = bytearray(), start
        try:
            while at < end and not reader.eof:
                content += reader.decompress(bytes(data[at : min(end, at + (1 << 20))]))
                at = min(end, at + (1 << 20))
                if self.unpacked + len(content) > MOST_UNPACKED:
                    self.say(inner, start, f"is more than {MOST_UNPACKED} bytes when it is unpacked")
                    return
        except (OSError, EOFError, zlib.error, lzma.LZMAError, ValueError):
            self.say(inner, start, "is packed, and can't be unpacked")
            return
        if not reader.eof:
            self.say(inner, start, "is packed, and breaks off")
            return
        self.unpacked += len(content)
        rest = at - len(reader.unused_data)
        self.part(bytes(content), 0, len(content), f"{inner}!" if inner else "!", depth + 1)
        if rest < end:
            self.part(data, rest, end, inner, depth + 1)

    # numpy/lib/format.py: a header in the words of Python, then the elements. What is
    # of objects is a pickle.
    def numpy(self, data, start, end, inner, depth):
        head = bytes(data[start : start + 12])
        wide = len(head) > 6 and head[6] >= 2
        if len(head) < 12 or head[6] not in (1, 2, 3):
            self.say(inner, start, "the head of the numpy file can't be read")
            return
        length = struct.unpack("<I" if wide else "<H", head[8 : 12 if wide else 10])[0]
        body = start + (12 if wide else 10) + length
        words = bytes(data[start + (12 if wide else 10) : body])
        if body > end or length > 1 << 20 or b"'descr'" not in words:
            self.say(inner, start, "the head of the numpy file can't be read")
        elif b"O" in words.split(b"'fortran_order'")[0].replace(b"'descr'", b""):
            self.part(data, body, end, inner, depth + 1)
        elif bytes(data[body : body + 1]) == b"\x80":
            self.pickles(data, body, end, inner)


def packing_of(head):
    if head[:3] == b"\x1f\x8b\x08":
        return lambda: zlib.decompressobj(31)
    if head[:3] == b"BZh" and head[4:10] == b"1AY&SY":
        return bz2.BZ2Decompressor
    if head[:6] == b"\xfd7zXZ\x00":
        return lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ)
    if head[:5] in (b"\x5d\0\0\x80\0", b"\x5d\0\0\0\4", b"\x5d\0\0\0\1"):
        return lambda: lzma.LZMADecompressor(lzma.FORMAT_ALONE)
    if len(head) > 2 and head[0] & 0x0F == 8 and head[0] >> 4 <= 7 and not head[1] & 0x20 and (head[0] << 8 | head[1]) % 31 == 0:
        try:
            zlib.decompressobj().decompress(head, 64)
        except zlib.error:
            return None
        return zlib.decompressobj
    return None


# Its first bytes are a length, which can look like the head of a pickle.
def is_safetensors(data, start, end):
    head = bytes(data[start : start + 9])
    return len(head) == 9 and head[4:] == b"\0\0\0\0{" and struct.unpack("<I", head[:4])[0] + 8 <= end - start


def octal(field):
    text = field.strip(b"\0 ")
    return int(text, 8) if text and all(byte in b"01234567" for byte in text) else 0 if not text else None


def is_tar(header):
    if len(header) < 512:
        return False
    stated = octal(header[148:156])
    return stated is not None and stated > 0 and stated == sum(header[:148]) + 8 * 32 + sum(header[156:512])


def is_storage(name):
    parts = name.split(b"/")
    return len(parts) >= 3 and parts[-2] == b"data"


def is_script(name, names):
    parts = name.split(b"/")
    return len(parts) >= 3 and parts[1] == b"code" and parts[-1].endswith(b".py") and parts[0] + b"/data.pkl" in names


def as_json(reports):
    return json.dumps(reports, ensure_ascii=True, indent=2, sort_keys=True)

"""Reads zip archives so strictly that there is one way to understand them.

The formats are those of PKWARE's APPNOTE.TXT 6.3. The directory at the end and
the header before each entry must agree; entries follow one another without gaps
from the first byte on; nothing is encrypted, and nothing stands before or behind.
"""

import struct
import zlib

LOCAL, CENTRAL, END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
END64, LOCATOR64, DESCRIPTOR = b"PK\x06\x06", b"PK\x06\x07", b"PK\x07\x08"
HAS_DESCRIPTOR, IS_UTF8 = 0x0008, 0x0800
STORED, DEFLATED = 0, 8
MOST_ENTRIES = 1_000_000


class BadZip(Exception):
    """Two programs could read two things."""

    def __init__(self, offset, what):
        super().__init__(what)
        self.offset = offset


class Entry:
    __slots__ = ("name", "method", "crc", "packed", "size", "header", "flags", "start")


def looks_like_zip(data, start, end):
    return data[start : start + 4] in (LOCAL, END) or has_end(data, start, end)


def has_end(data, start, end):
    """Readers look for the directory from the end."""
    return data.rfind(END, max(start, end - 65557), end) >= 0


def read(data, start, end):
    """The entries, in their order in the file."""
    if data[end - 22 : end - 18] != END:
        raise BadZip(end, "there is something behind the zip's directory, or a comment")
    at = end - 22
    disk, first_disk, here, count, length, offset, comment = struct.unpack("<HHHHIIH", data[at + 4 : at + 22])
    if comment or disk or first_disk or here != count:
        raise BadZip(at, "the end of the zip's directory isn't that of one file")
    directory_end = at
    if data[at - 20 : at - 16] == LOCATOR64:
        disk, record, disks = struct.unpack("<IQI", data[at - 16 : at])
        record += start
        if disk or disks != 1 or record != at - 76 or data[record : record + 4] != END64:
            raise BadZip(at - 20, "the zip's two ends disagree")
        size, _, _, disk, first_disk, here64, count64, length64, offset64 = struct.unpack("<QHHIIQQQQ", data[record + 4 : record + 56])
        agrees = (
            size == 44 and not disk and not first_disk and here64 == count64
            and count in (0xFFFF, count64) and length in (0xFFFFFFFF, length64) and offset in (0xFFFFFFFF, offset64)
        )
        if not agrees:
            raise BadZip(record, "the zip's two ends disagree")
        count, length, offset, directory_end = count64, length64, offset64, record
    elif 0xFFFF == count or 0xFFFFFFFF in (length, offset):
        raise BadZip(at, "the zip's directory says that it is elsewhere")
    if count > MOST_ENTRIES:
        raise BadZip(at, f"the zip has more than {MOST_ENTRIES} entries")
    if start + offset + length != directory_end:
        raise BadZip(at, "the zip's directory doesn't lie before its end")
    entries = list(directory(data, start + offset, directory_end, count))
    follow(data, start, start + offset, sorted(entries, key=lambda entry: entry.header))
    return entries


def directory(data, at, end, count):
    names = set()
    for _ in range(count):
        if data[at : at + 4] != CENTRAL or at + 46 > end:
            raise BadZip(at, "an entry of the zip's directory is none")
        _, _, flags, method, _, _, crc, packed, size, name_length, extra_length, comment_length, disk, _, _, header = struct.unpack(
            "<HHHHHHIIIHHHHHII", data[at + 4 : at + 46]
        )
        entry = Entry()
        entry.name = bytes(data[at + 46 : at + 46 + name_length])
        extra = bytes(data[at + 46 + name_length : at + 46 + name_length + extra_length])
        entry.size, entry.packed, entry.header = wide(at, extra, size, packed, header)
        entry.flags, entry.method, entry.crc = flags, method, crc
        if disk or comment_length or flags & ~(HAS_DESCRIPTOR | IS_UTF8) or method not in (STORED, DEFLATED):
            raise BadZip(at, "an entry of the zip is encrypted, commented or packed in a way that isn't read")
        if method == STORED and entry.size != entry.packed:
            raise BadZip(at, "an entry of the zip has two sizes")
        if not entry.name or b"\0" in entry.name or entry.name in names:
            raise BadZip(at, "the zip has an entry without a name, or two of one name")
        names.add(entry.name)
        yield entry
        at += 46 + name_length + extra_length + comment_length
    if at != end:
        raise BadZip(at, "there is something behind the zip's directory")


def wide(at, extra, *values):
    """Numbers that stand in the field of zip64 where they don't fit."""
    found, position = None, 0
    while position + 4 <= len(extra):
        kind, length = struct.unpack("<HH", extra[position : position + 4])
        if kind == 1:
            if found is not None:
                raise BadZip(at, "an entry of the zip has two fields of zip64")
            found = extra[position + 4 : position + 4 + length]
        position += 4 + length
    if position != len(extra):
        raise BadZip(at, "the fields of an entry of the zip don't end where they should")
    wanted = [index for index, value in enumerate(values) if value == 0xFFFFFFFF]
    if found is not None and len(found) != 8 * len(wanted) or found is None and wanted:
        raise BadZip(at, "an entry of the zip has a field of zip64 that doesn't fit")
    values = list(values)
    for number, index in enumerate(wanted):
        values[index] = struct.unpack("<Q", found[8 * number : 8 * number + 8])[0]
    return values


def follow(data, start, end, entries):
    """Each entry's own header, which programs that read from the beginning believe."""
    expected = start
    for entry in entries:
        at = start + entry.header
        if at != expected:
            raise BadZip(expected, "there is something between the zip's entries, or before the first")
        if data[at : at + 4] != LOCAL or at + 30 > end:
            raise BadZip(at, "an entry of the zip isn't where its directory says")
        _, flags, method, _, _, crc, packed, size, name_length, extra_length = struct.unpack("<HHHHHIIIHH", data[at + 4 : at + 30])
        name = bytes(data[at + 30 : at + 30 + name_length])
        extra = bytes(data[at + 30 + name_length : at + 30 + name_length + extra_length])
        if name != entry.name or flags != entry.flags or method != entry.method:
            raise BadZip(at, "an entry of the zip is called or packed otherwise in its directory")
        has_descriptor = flags & HAS_DESCRIPTOR
        is_wide = False
        if 0xFFFFFFFF in (packed, size):
            size, packed = wide(at, extra, size, packed)
            is_wide = True
        agrees = (crc, packed, size) == (entry.crc, entry.packed, entry.size)
        if not agrees and not (has_descriptor and (crc, packed, size) == (0, 0, 0)):
            raise BadZip(at, "an entry of the zip has other sizes in its directory")
        entry.start = at + 30 + name_length + extra_length
        expected = entry.start + entry.packed
        if has_descriptor:
            expected = descriptor(data, expected, entry, is_wide)
        if expected > end:
            raise BadZip(at, "an entry of the zip is longer than the file")
    if expected != end:
        raise BadZip(expected, "there is something between the zip's entries and its directory")


def descriptor(data, at, entry, is_wide):
    for form in ("<IQQ", "<III") if is_wide or entry.size > 0xFFFFFFFF else ("<III", "<IQQ"):
        length = struct.calcsize(form)
        if data[at : at + 4] == DESCRIPTOR and struct.unpack(form, data[at + 4 : at + 4 + length].ljust(length, b"\0")) == (entry.crc, entry.packed, entry.size):
            return at + 4 + length
    raise BadZip(at, "an entry of the zip has other sizes behind its content")


def unpack(data, entry, most):
    """The content of a packed entry, checked by its sum; None where it is longer than `most`."""
    packed = data[entry.start : entry.start + entry.packed]
    if entry.size > most:
        return None
    reader = zlib.decompressobj(-15)
    try:
        content = reader.decompress(packed, entry.size + 1)
    except zlib.error:
        raise BadZip(entry.start, "an entry of the zip can't be unpacked") from None
    if len(content) != entry.size or not reader.eof or reader.unused_data or zlib.crc32(content) != entry.crc:
        raise BadZip(entry.start, "an entry of the zip has another content than its directory says")
    return content

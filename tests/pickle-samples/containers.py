"""Writes the files that pickles come in, byte by byte: also wrong ones."""

import io
import pickle
import struct
import tarfile
import zlib

from stand_ins import Storage

MAGIC = 0x1950A86A20F9469CFC6C


class TorchPickler(pickle.Pickler):
    def persistent_id(self, value):
        return value.identity if isinstance(value, Storage) else None


def torch_pickle(value, protocol=2):
    file = io.BytesIO()
    TorchPickler(file, protocol).dump(value)
    return file.getvalue()


class Zip:
    """A zip as miniz writes it for torch: stored, with a descriptor behind each entry and padding to 64 bytes."""

    def __init__(self, aligned=True, described=True, packed=False):
        self.aligned, self.described, self.packed = aligned, described, packed
        self.body, self.directory, self.count = bytearray(), bytearray(), 0

    def add(self, name, content, **wrong):
        name = name.encode() if isinstance(name, str) else name
        flags = wrong.get("flags", (8 if self.described else 0) | 0x0800)
        method = wrong.get("method", 8 if self.packed else 0)
        data = content
        if method == 8:
            packer = zlib.compressobj(6, zlib.DEFLATED, -15)
            data = packer.compress(content) + packer.flush()
        crc = wrong.get("crc", zlib.crc32(content))
        at = len(self.body)
        local = wrong.get("local_name", name)
        extra = b""
        if self.aligned:
            room = -(at + 30 + len(local) + 4) % 64
            extra = struct.pack("<2sH", b"FB", room) + b"Z" * room
        sizes = (0, 0, 0) if flags & 8 and "local_sizes" not in wrong else wrong.get("local_sizes", (crc, len(data), len(content)))
        self.body += struct.pack("<4sHHHHHIIIHH", b"PK\x03\x04", 20, wrong.get("local_flags", flags), wrong.get("local_method", method), 0, 0, *sizes, len(local), len(extra))
        self.body += local + extra + data
        if flags & 8:
            self.body += struct.pack("<4sIII", b"PK\x07\x08", wrong.get("descriptor_crc", crc), len(data), len(content))
        self.body += wrong.get("gap", b"")
        comment = wrong.get("comment", b"")
        self.directory += struct.pack(
            "<4sHHHHHHIIIHHHHHII", b"PK\x01\x02", 20, 20, flags, method, 0, 0, crc, wrong.get("packed", len(data)), wrong.get("size", len(content)),
            len(name), 0, len(comment), 0, 0, 0, wrong.get("header", at),
        ) + name + comment
        self.count += 1
        return self

    def finish(self, prefix=b"", suffix=b"", comment=b"", count=None, offset=None, wide=False):
        at, length = len(self.body), len(self.directory)
        end = b""
        stated = (self.count if count is None else count, length, at if offset is None else offset)
        if wide:
            end = struct.pack("<4sQHHIIQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, stated[0], stated[0], length, stated[2])
            end += struct.pack("<4sIQI", b"PK\x06\x07", 0, at + length, 1)
            stated = (0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF)
        end += struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, stated[0], stated[0], stated[1], stated[2], len(comment)) + comment
        return prefix + bytes(self.body) + bytes(self.directory) + end + suffix


def torch_zip(program, storages=(), top="archive", more=(), zip=None, **finish):
    zip = zip or Zip()
    zip.add(f"{top}/data.pkl", program).add(f"{top}/byteorder", b"little")
    for key, content in storages:
        zip.add(f"{top}/data/{key}", content)
    for name, content in more:
        zip.add(f"{top}/{name}", content)
    zip.add(f"{top}/version", b"3\n").add(f"{top}/.data/serialization_id", b"1234567890123456")
    return zip.finish(**finish)


def torch_legacy(program, storages, rest=b""):
    file = io.BytesIO()
    for value in (MAGIC, 1001, {"protocol_version": 1001, "little_endian": True, "type_sizes": {"short": 2, "int": 4, "long": 4}}):
        pickle.dump(value, file, 2)
    file.write(program)
    pickle.dump([key for key, _, _ in storages], file, 2)
    for _, count, content in storages:
        file.write(struct.pack("<q", count) + content)
    return file.getvalue() + rest


def npy(descr, content, version=1):
    words = f"{{'descr': {descr!r}, 'fortran_order': False, 'shape': (4,), }}"
    size = 10 if version == 1 else 12
    words += " " * (-(size + len(words) + 1) % 64) + "\n"
    return b"\x93NUMPY" + bytes([version, 0]) + struct.pack("<H" if version == 1 else "<I", len(words)) + words.encode() + content


def tar(*files, kind=None):
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for name, content in files:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            if kind is not None:
                info.type, info.size, info.linkname = kind, 0, "/etc/passwd"
            archive.addfile(info, io.BytesIO(content))
    return file.getvalue()


def safetensors(words=b'{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}', content=bytes(8)):
    return struct.pack("<Q", len(words)) + words + content

"""Writes a checkpoint of torch's with one storage of nothing: `sparse.py FILE BYTES`. It takes no room on the disk."""

import struct
import sys
import zlib

import stand_ins as s
from containers import torch_pickle


def main(path, size):
    program = torch_pickle({"w": s.tensor("0", size // 4)})
    entries = []
    with open(path, "wb") as file:
        for name, content in ((b"archive/data.pkl", program), (b"archive/data/0", None), (b"archive/version", b"3\n")):
            length = size if content is None else len(content)
            # The sum of a storage isn't looked at: to work it out takes longer than to load it.
            crc = 0 if content is None else zlib.crc32(content)
            at = file.tell()
            extra = struct.pack("<HHQQ", 1, 16, length, length)
            file.write(struct.pack("<4sHHHHHIIIHH", b"PK\x03\x04", 45, 0x0800, 0, 0, 0, crc, 0xFFFFFFFF, 0xFFFFFFFF, len(name), len(extra)) + name + extra)
            if content is None:
                file.seek(size, 1)
            else:
                file.write(content)
            entries.append((name, crc, length, at))
        start = file.tell()
        for name, crc, length, at in entries:
            extra = struct.pack("<HHQQQ", 1, 24, length, length, at)
            file.write(
                struct.pack("<4sHHHHHHIIIHHHHHII", b"PK\x01\x02", 45, 45, 0x0800, 0, 0, 0, crc, 0xFFFFFFFF, 0xFFFFFFFF, len(name), len(extra), 0, 0, 0, 0, 0xFFFFFFFF)
                + name
                + extra
            )
        length = file.tell() - start
        file.write(struct.pack("<4sQHHIIQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, 3, 3, length, start))
        file.write(struct.pack("<4sIQI", b"PK\x06\x07", 0, start + length, 1))
        file.write(struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))

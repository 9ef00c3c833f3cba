#!/usr/bin/env python3
"""Serves a folder as a model hub and its CDN would, on the loopback interface.

Addresses of the hub, /OWNER/NAME/resolve/REVISION/PATH, lead large files to signed addresses of the CDN on another
host name and answer small ones themselves. Each connection has a thread of its own, which sleeps off its budget of
bytes: the rate is that of the connection, however many requests it carries, and however short they are.
"""

import argparse
import itertools
import mmap
import os
import re
import secrets
import socket
import ssl
import sys
import threading
import time
import urllib.parse

SLICES_PER_SECOND = 100
CATCH_UP = 0.25  # seconds of a busy machine that a connection makes up for
LONGEST_HEAD = 65536
LONGEST_SEND = 1 << 30
RANGE = re.compile(r"bytes=(\d+)-(\d*)$")
HUB = re.compile(r"/[^/]+/[^/]+/resolve/[^/]+/(.+)")


class Slots:
    """Numbers of the CDN's open connections: a new one takes the lowest that is free."""

    def __init__(self):
        self._lock = threading.Lock()
        self._taken = set()

    def take(self):
        with self._lock:
            number = next(n for n in itertools.count() if n not in self._taken)
            self._taken.add(number)
            return number

    def free(self, number):
        with self._lock:
            self._taken.discard(number)


class Server:
    def __init__(self, options):
        self.root = os.path.realpath(options.root)
        self.rate = options.rate
        self.latency = options.latency
        self.slow = options.slow
        self.ranges = not options.no_ranges
        self.large = options.large
        self.signature = secrets.token_hex(16)
        self.slots = Slots()
        self.tls = None
        if options.certificate:
            self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.tls.load_cert_chain(options.certificate, options.key)
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
        self.port = self.listener.getsockname()[1]

    def run(self):
        while True:
            connection, _ = self.listener.accept()
            threading.Thread(target=Connection(self, connection).run, daemon=True).start()


class Connection:
    def __init__(self, server, connection):
        self.server = server
        self.socket = connection
        self.received = b""
        self.slot = None
        self.due = 0.0

    def run(self):
        try:
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            # A connection costs a round trip, and TLS another one.
            time.sleep(self.server.latency * (2 if self.server.tls else 1))
            if self.server.tls:
                self.socket = self.server.tls.wrap_socket(self.socket, server_side=True)
            while self.answer():
                pass
        except OSError:
            pass  # the client went away, as those do that have what they wanted
        finally:
            if self.slot is not None:
                self.server.slots.free(self.slot)
            self.socket.close()

    def answer(self):
        """Answers one request; whether another one may follow."""
        while b"\r\n\r\n" not in self.received:
            data = self.socket.recv(LONGEST_HEAD)
            if not data or len(self.received) > LONGEST_HEAD:
                return False
            self.received += data
        head, self.received = self.received.split(b"\r\n\r\n", 1)
        request, *lines = head.decode("latin-1").split("\r\n")
        method, target, _ = request.split(" ", 2)
        fields = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        time.sleep(self.server.latency)
        path, _, query = target.partition("?")
        path = urllib.parse.unquote(path)
        if method not in ("GET", "HEAD"):
            self.head(405)
        elif path.startswith("/cdn/"):
            if query != "Signature=" + self.server.signature:
                self.head(403)
            else:
                self.file(method, path[len("/cdn/") :], fields, limited=True)
        elif match := HUB.fullmatch(path):
            self.hub(method, match[1], fields)
        else:
            self.head(404)
        return fields.get("connection", "").lower() != "close"

    def hub(self, method, path, fields):
        try:
            size = os.stat(self.inside(path)).st_size
        except OSError:
            self.head(404)
            return
        if size < self.server.large:
            self.file(method, path, fields, limited=False)
            return
        scheme = "https" if self.server.tls else "http"
        self.head(
            302,
            Location=f"{scheme}://127.0.0.1:{self.server.port}/cdn/{urllib.parse.quote(path)}"
            f"?Signature={self.server.signature}",
            X_Linked_Size=size,
        )

    def file(self, method, path, fields, limited):
        try:
            file = open(self.inside(path), "rb")
        except OSError:
            self.head(404)
            return
        with file:
            size = os.fstat(file.fileno()).st_size
            first, last, status, extra = 0, size - 1, 200, {}
            if self.server.ranges:
                extra["Accept_Ranges"] = "bytes"
                if match := RANGE.match(fields.get("range", "")):
                    first = int(match[1])
                    last = min(int(match[2]), last) if match[2] else last
                    if first > last:
                        self.head(416, Content_Range=f"bytes */{size}")
                        return
                    status, extra["Content_Range"] = 206, f"bytes {first}-{last}/{size}"
            self.head(status, last - first + 1, ETag=f'"{size:x}"', **extra)
            if method == "GET":
                self.body(file, first, last + 1, self.rate() if limited else 0)

    def rate(self):
        if self.slot is None:
            self.slot = self.server.slots.take()
        return self.server.rate / (10 if self.slot == self.server.slow else 1)

    def body(self, file, position, end, rate):
        longest = max(int(rate / SLICES_PER_SECOND), 1) if rate else LONGEST_SEND
        content = None
        if self.server.tls and end > position:
            content = memoryview(mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ))
            longest = min(longest, 1 << 20)
        self.due = max(self.due, time.monotonic())
        while position < end:
            count = min(longest, end - position)
            if content is not None:
                sent = self.socket.send(content[position : position + count])
            else:
                sent = os.sendfile(self.socket.fileno(), file.fileno(), position, count)
            if sent == 0:
                raise OSError("the file became shorter")
            position += sent
            if rate:
                now = time.monotonic()
                self.due = max(self.due, now - CATCH_UP) + sent / rate
                if self.due > now:
                    time.sleep(self.due - now)

    def head(self, status, length=0, **fields):
        lines = [f"HTTP/1.1 {status} Status", f"Content-Length: {length}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in fields.items()]
        self.socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1"))

    def inside(self, path):
        found = os.path.realpath(os.path.join(self.server.root, path))
        if not found.startswith(self.server.root + os.sep):
            raise OSError("outside of the folder")
        return found


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("root", help="the folder that is served")
    parser.add_argument("--rate", type=int, default=0, help="bytes a second of each connection to the CDN; 0: no limit")
    parser.add_argument("--latency", type=float, default=0, help="seconds before each answer, and of each connection")
    parser.add_argument("--slow", type=int, help="the number of the connection that gets a tenth of the rate")
    parser.add_argument("--large", type=int, default=1 << 20, help="bytes from which on a file is the CDN's")
    parser.add_argument("--no-ranges", action="store_true", help="send whole files, whatever is asked for")
    parser.add_argument("--certificate", help="PEM file: speak TLS")
    parser.add_argument("--key", help="PEM file of the certificate's key")
    server = Server(parser.parse_args())
    print(server.port, flush=True)
    try:
        server.run()
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()

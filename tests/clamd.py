"""A daemon that speaks the protocol of ClamAV, as far as the program uses it: ``zVERSION`` and ``zINSTREAM``."""

import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# The test file of the antivirus industry (EICAR), in two parts: no scanner shall take this file for it.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
VERSION = "ClamAV 1.4.6/27800/Sun Nov 29 08:00:00 2026"


class Clamd(socketserver.ThreadingMixIn, socketserver.TCPServer):
    """Finds EICAR anywhere in what it is sent; refuses what is longer than ``most``; remembers the sizes."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, most: int) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.most, self.seen = most, []

    @property
    def setting(self) -> str:
        return f"tcp://127.0.0.1:{self.server_address[1]}"


class Conversation(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        command = self._until_zero()
        if command == b"zVERSION":
            self.request.sendall(VERSION.encode() + b"\0")
        elif command == b"zINSTREAM":
            self.request.sendall(self._judged() + b"\0")

    def _judged(self) -> bytes:
        found = b""
        while size := struct.unpack("!L", self._exactly(4))[0]:
            found += self._exactly(size)
            if len(found) > self.server.most:
                return b"INSTREAM size limit exceeded. ERROR"
        self.server.seen.append(len(found))
        return b"stream: Eicar-Test-Signature FOUND" if EICAR in found else b"stream: OK"

    def _exactly(self, size: int) -> bytes:
        found = b""
        while len(found) < size:
            piece = self.request.recv(size - len(found))
            if not piece:
                raise ConnectionError
            found += piece
        return found

    def _until_zero(self) -> bytes:
        found = b""
        while not found.endswith(b"\0"):
            found += self._exactly(1)
        return found[:-1]


class OverSocket(Clamd):
    """The same at a socket of the machine."""

    address_family = 1  # AF_UNIX

    def __init__(self, path: Path) -> None:
        socketserver.TCPServer.__init__(self, str(path), Conversation)
        self.most, self.seen, self.path = 1 << 20, [], path

    def server_bind(self) -> None:
        self.socket.bind(self.server_address)

    @property
    def setting(self) -> str:
        return f"unix:{self.path}"


@contextmanager
def serving(daemon: Clamd) -> Iterator[Clamd]:
    thread = threading.Thread(target=daemon.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield daemon
    finally:
        daemon.shutdown()
        daemon.server_close()
        thread.join()

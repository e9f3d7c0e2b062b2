"""A Redis server of the suite's own."""

import socket
import subprocess
import time
from pathlib import Path

from tests.faults.cluster import MissingProgramError
from tests.faults.ports import free_port

_PATIENCE = 30.0


class Redis:
    """A Redis server with the durability that it has by default: none."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        """Start it, empty."""
        command = ["redis-server", "--port", str(self.port), "--save", "", "--bind", "127.0.0.1"]
        self._process = subprocess.Popen(
            [*command, "--enable-debug-command", "local"],
            cwd=self._folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + _PATIENCE
        while not self.says("PING"):
            if time.monotonic() > deadline:
                raise MissingProgramError("redis-server")
            time.sleep(0.02)

    def kill(self) -> None:
        """End it at once, with all that it holds."""
        if self._process:
            self._process.kill()
            self._process.wait()

    def says(self, *words: str | bytes) -> bytes:
        """Return what it answers to a command; nothing if it does not."""
        parts = [word.encode() if isinstance(word, str) else word for word in words]
        sent = b"*%d\r\n" % len(parts) + b"".join(b"$%d\r\n%b\r\n" % (len(p), p) for p in parts)
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                connection.sendall(sent)
                return connection.recv(65536)
        except OSError:
            return b""

    def number(self, *words: str) -> int:
        """Return the number that it answers."""
        return int(self.says(*words).strip(b":\r\n") or 0)

    def figure(self, section: str, name: str) -> int:
        """Return a figure of what it tells of itself."""
        lines = self.says("INFO", section).decode().splitlines()
        return next((int(line.partition(":")[2]) for line in lines if line.startswith(name)), 0)

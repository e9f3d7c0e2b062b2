"""Measure how fast the built example starts, and how much memory it takes, beside a plain app.

Run with `make bench`. Each start is a process of its own, from its start to the first answer of
`/readyz`, which asks the database; the two take turns, and the middle of all runs counts. The
plain app imports the same libraries and has one route.
"""

import argparse
import os
import platform
import secrets
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tospec import pipeline

PLAIN = Path(__file__).with_name("plain_app.py")
PATIENCE = 60.0
BETWEEN = 0.005


@dataclass(frozen=True)
class Start:
    """One start. Seconds to the first answer, mebibytes of memory after it."""

    seconds: float
    resident: float


@dataclass(frozen=True)
class Server:
    """Something that can be started.

    Attributes:
        command: What is run; it listens on the port that `PORT` names, or the last argument.
        takes_port: Whether the port is an argument.
    """

    name: str
    command: tuple[str, ...]
    folder: Path
    takes_port: bool


def main() -> None:
    """Print a table of both servers, and how they compare."""
    arguments = _arguments()
    print(f"# {platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} cores\n")
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        built = root / "backend"
        pipeline.build(pipeline.read(str(pipeline.example())), built)
        serve = (sys.executable, "-m", "app", "serve", "--port")
        servers = (
            Server("plain app", (sys.executable, str(PLAIN)), root, takes_port=False),
            Server("built example", serve, built, takes_port=True),
        )
        _print(_measured(servers, root, arguments.runs))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    return parser.parse_args()


def _measured(servers: Sequence[Server], root: Path, runs: int) -> dict[str, list[Start]]:
    environments = {server.name: _environment(server, root) for server in servers}
    for server in servers:
        _start(server, environments[server.name])  # compiles the modules and makes the tables
    found: dict[str, list[Start]] = {server.name: [] for server in servers}
    for _ in range(runs):
        for server in servers:
            found[server.name].append(_start(server, environments[server.name]))
    return found


def _environment(server: Server, root: Path) -> Mapping[str, str]:
    database = root / f"{server.name.replace(' ', '-')}.sqlite3"
    return {
        **os.environ,
        "DATABASE_URL": f"sqlite+aiosqlite:///{database}",
        "SECRET_KEY": secrets.token_urlsafe(48),
    }


def _start(server: Server, environment: Mapping[str, str]) -> Start:
    port = free_port()
    command = [*server.command, *([str(port)] if server.takes_port else [])]
    begin = time.perf_counter()
    process = subprocess.Popen(
        command,
        cwd=server.folder,
        env={**environment, "PORT": str(port)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait(process, port, begin + PATIENCE)
        return Start(time.perf_counter() - begin, resident(process.pid))
    finally:
        process.terminate()
        process.wait()


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait(process: subprocess.Popen[bytes], port: int, deadline: float) -> None:
    """Wait until a server is ready; end the program if it is not by `deadline`."""
    while process.poll() is None and time.perf_counter() < deadline:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(BETWEEN)
    sys.exit(f"{process.args!r} did not answer.")


def resident(pid: int) -> float:
    """Return mebibytes of a process's memory that are in use."""
    told = subprocess.run(
        [shutil.which("ps") or "ps", "-o", "rss=", "-p", str(pid)],
        capture_output=True,
        text=True,
        check=True,
    )
    return int(told.stdout) / 1024


def _print(found: Mapping[str, list[Start]]) -> None:
    print("| server | seconds to the first answer | resident MiB |")
    print("| --- | ---: | ---: |")
    middles = []
    for name, starts in found.items():
        seconds = statistics.median(start.seconds for start in starts)
        resident = statistics.median(start.resident for start in starts)
        middles.append((seconds, resident))
        print(f"| {name} | {seconds:.2f} | {resident:.0f} |")
    (plain_seconds, plain_resident), (seconds, resident) = middles
    print(f"| ratio | {seconds / plain_seconds:.2f} | {resident / plain_resident:.2f} |")


if __name__ == "__main__":
    main()

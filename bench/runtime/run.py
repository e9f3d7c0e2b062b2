"""Measure what a request of the built TaskHub costs, beside a typical service and the limit.

Run with `make bench`, or `python bench/runtime/run.py [--rounds N]`; it starts a PostgreSQL server
of its own. All three serve the same tables with the same rows, and must give the same answers and
store the same beside the rows before anything is measured. Bursts take turns in random order. What
counts is the CPU time per request, of the server and of PostgreSQL, the lower quartile of all
rounds, since whatever else the machine does only ever adds to it.
"""

import argparse
import asyncio
import hashlib
import hmac
import json
import os
import random
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[2]))

import usage
import world as worlds
from start import free_port, resident, wait

from tests.postgresql import NOT_RUN, throw_away
from tospec import pipeline

HERE = Path(__file__).parent
KINDS = {"get": 0.5, "list": 0.25, "create": 0.15, "transition": 0.1}
OURS = "built TaskHub"
CROWD = 32


@dataclass
class Server:
    """A server, and what was measured of it: by kind, milliseconds of CPU and latencies."""

    name: str
    pid: int
    port: int
    cpu: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    database: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    told: dict[tuple[str, int], list[dict[str, float]]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def forget(self) -> None:
        """Begin anew."""
        for each in (self.cpu, self.database, self.told):
            each.clear()


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=1.5)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--built", type=Path, help="a built TaskHub; one is built by default")
    options = parser.parse_args()
    with throw_away() as url:
        if url is None:
            print(NOT_RUN)
            return
        asyncio.run(worlds.execute(url, "ALTER SYSTEM SET autovacuum = off"))
        asyncio.run(worlds.execute(url, "SELECT pg_reload_conf()"))
        with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
            _measure(options, url, Path(folder), stack)


def _measure(options: argparse.Namespace, url: str, root: Path, stack: ExitStack) -> None:
    built = options.built or root / "backend"
    if options.built is None:
        pipeline.build(pipeline.read(str(pipeline.example())), built)
    environment = _environment(url, root)
    subprocess.run([sys.executable, "-m", "app", "migrate"], cwd=built, env=environment, check=True)
    serve = (sys.executable, "-m", "app", "serve", "--port")
    servers = [
        stack.enter_context(_served(OURS, serve, built, environment)),
        stack.enter_context(_served("typical, by hand", _uvicorn("typical"), HERE, environment)),
        stack.enter_context(_served("raw ASGI + asyncpg", _uvicorn("raw"), HERE, environment)),
    ]
    world = asyncio.run(worlds.made(servers[0].port, url))
    worlds.compare(world, [server.port for server in servers])
    _burst_all(servers, world, 1, (0.5, options.connections))  # warm
    for server in servers:
        server.forget()
    _burst_all(servers, world, options.rounds, (options.seconds, options.connections))
    _print_cpu(servers)
    _burst_all(servers, world, 3, (options.seconds, CROWD))
    for connections in (options.connections, CROWD):
        _print_latency(servers, connections)


def _uvicorn(module: str) -> tuple[str, ...]:
    return (
        *(sys.executable, "-m", "uvicorn", f"{module}:app", "--log-level", "error"),
        *("--loop", "uvloop", "--http", "httptools", "--no-access-log", "--port"),
    )


def _environment(url: str, root: Path) -> Mapping[str, str]:
    secret = secrets.token_urlsafe(48)
    driver = url.replace("postgresql://", "postgresql+asyncpg://")
    return {
        **os.environ,
        "DATABASE_URL": driver,
        "SECRET_KEY": secret,
        "FILES_FOLDER": str(root / "files"),
        "RATE_LIMIT_REQUESTS": "100000000",
        "SIGN_IN_LIMIT_REQUESTS": "1000",
        "PEER_DATABASE": driver,
        "PEER_ROLE": "taskhub_app",
        "PEER_KEY": hmac.digest(secret.encode(), b"access-token", hashlib.sha256).hex(),
    }


@contextmanager
def _served(
    name: str, command: tuple[str, ...], folder: Path, environment: Mapping[str, str]
) -> Iterator[Server]:
    port = free_port()
    process = subprocess.Popen(
        [*command, str(port)], cwd=folder, env=environment, stdout=subprocess.DEVNULL
    )
    try:
        wait(process, port, time.perf_counter() + 60)
        yield Server(name, process.pid, port)
    finally:
        process.terminate()
        process.wait()


def _burst_all(
    servers: Sequence[Server],
    world: Mapping[str, Any],
    rounds: int,
    size: tuple[float, int],
) -> None:
    first = _first_of_postgresql()
    for _ in range(rounds):
        turns = [(server, kind) for server in servers for kind in KINDS]
        random.shuffle(turns)
        for server, kind in turns:
            if kind == "transition":
                worlds.settle(world)
            _burst(server, kind, world, size, first)


def _burst(
    server: Server, kind: str, world: Mapping[str, Any], size: tuple[float, int], first: int
) -> None:
    seconds, connections = size
    asked = {**world, "port": server.port, "kind": kind, "seconds": seconds}
    before, database = usage.of_process(server.pid), usage.of_postgresql(first)
    told = subprocess.run(
        [sys.executable, str(HERE / "load.py")],
        input=json.dumps({**asked, "connections": connections}).encode(),
        capture_output=True,
        check=True,
    )
    answer = json.loads(told.stdout)
    if answer["bad"]:
        sys.exit(f"{server.name} {kind}: {told.stderr.decode()[:500]}")
    used, asked_of_it = usage.of_process(server.pid) - before, usage.of_postgresql(first) - database
    server.told[kind, connections].append(answer)
    if connections != CROWD:
        server.cpu[kind].append(used / answer["sent"] * 1000)
        server.database[kind].append(asked_of_it / answer["sent"] * 1000)


def _first_of_postgresql() -> int:
    """Return the first process of the server that this program has started."""
    mine = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split()
    return next(
        int(each) for each in mine if Path(f"/proc/{each}/comm").read_text().startswith("postgres")
    )


def _quartile(values: list[float]) -> float:
    return statistics.quantiles(values, n=4)[0] if len(values) > 1 else values[0]


def _print_cpu(servers: Sequence[Server]) -> None:
    costs = {
        what: {server.name: _costs(getattr(server, what)) for server in servers}
        for what in ("cpu", "database")
    }
    for what, title in (("cpu", "server CPU"), ("database", "PostgreSQL CPU")):
        print(f"| {title}, ms a request | " + " | ".join(KINDS) + " | mix |")
        print("| --- |" + " ---: |" * (len(KINDS) + 1))
        for name, cost in costs[what].items():
            print(f"| {name} | " + " | ".join(f"{each:.2f}" for each in cost.values()) + " |")
        ours, typical, raw = costs[what].values()
        against = " | ".join(f"{typical[kind] / ours[kind]:.1f} x" for kind in ours)
        print(f"| typical against built | {against} |")
        share = " | ".join(f"{raw[kind] / ours[kind]:.0%}" for kind in ours)
        print(f"| built, share of the raw limit | {share} |")
        print()


def _costs(measured: Mapping[str, list[float]]) -> dict[str, float]:
    costs = {kind: _quartile(measured[kind]) for kind in KINDS}
    return {**costs, "mix": sum(share * costs[kind] for kind, share in KINDS.items())}


def _print_latency(servers: Sequence[Server], connections: int) -> None:
    title = f"latency with {connections} connections, ms"
    print(f"| {title} | " + " | ".join(f"{kind} p50 / p99" for kind in KINDS) + " | MiB |")
    print("| --- |" + " ---: |" * (len(KINDS) + 1))
    for server in servers:
        cells = []
        for kind in KINDS:
            told = server.told[kind, connections]
            low, high = (
                statistics.median(each[share] for each in told) for share in ("p50", "p99")
            )
            cells.append(f"{low:.1f} / {high:.1f} ({high / low:.1f} x)")
        print(f"| {server.name} | " + " | ".join(cells) + f" | {resident(server.pid):.0f} |")
    print()


if __name__ == "__main__":
    main()

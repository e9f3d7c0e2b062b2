"""Measure what a request of the built TaskHub costs, beside a typical hand-written service.

Run with `make bench`, or `python bench/runtime/run.py --url URL [--rounds N]`, against a
PostgreSQL server. Both serve the same tables with the same rows; bursts take turns in random
order. What counts is the CPU time of the server per request, the lower quartile of all rounds,
since whatever else the machine does only ever adds to it.
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
import urllib.request
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[2]))

from start import free_port, resident, wait

from tests.postgresql import NOT_RUN, VARIABLE
from tospec import pipeline

HERE = Path(__file__).parent
KINDS = {"get": 0.5, "list": 0.25, "create": 0.15, "transition": 0.1}
ROWS = 10_000
_FILL = """
    INSERT INTO tasks (id, tenant_id, number, title, description, priority, status,
        project_id, assignee_id, created_by_id, created_at, updated_at, version)
    SELECT gen_random_uuid(), tenant_id, n, 'Task ' || n, repeat('words ', 20), 'medium',
        'todo', id, $1::uuid, $1::uuid, now() - n * interval '1 minute', now(), 1
    FROM projects, generate_series(1, $2::int) AS n
"""
_COUNT = """
    INSERT INTO task_number_counters (tenant_id, project_id, last_number)
    SELECT tenant_id, id, $1::int FROM projects
"""
PASSWORD = secrets.token_urlsafe(16)


@dataclass
class Server:
    """A server, and what was measured of it: by kind, milliseconds of CPU and latencies."""

    name: str
    pid: int
    port: int
    cpu: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    database: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    told: dict[str, list[dict[str, float]]] = field(default_factory=lambda: defaultdict(list))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default=os.environ.get(VARIABLE), help="of a superuser")
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=1.5)
    parser.add_argument("--connections", type=int, default=8)
    options = parser.parse_args()
    if not options.url:
        print(NOT_RUN)
        return
    name = f"bench_{secrets.token_hex(4)}"
    asyncio.run(_execute(options.url, f"CREATE DATABASE {name}"))
    try:
        with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
            _measure(options, f"{options.url.rpartition('/')[0]}/{name}", Path(folder), stack)
    finally:
        asyncio.run(_execute(options.url, f"DROP DATABASE {name} WITH (FORCE)"))


def _measure(options: argparse.Namespace, url: str, root: Path, stack: ExitStack) -> None:
    built = root / "backend"
    pipeline.build(pipeline.read(str(pipeline.example())), built)
    environment = _environment(url, root)
    subprocess.run([sys.executable, "-m", "app", "migrate"], cwd=built, env=environment, check=True)
    serve = (sys.executable, "-m", "app", "serve", "--port")
    typical = (
        *(sys.executable, "-m", "uvicorn", "typical:app", "--log-level", "error"),
        *("--loop", "uvloop", "--http", "httptools", "--no-access-log", "--port"),
    )
    ours = stack.enter_context(_served("built TaskHub", serve, built, environment))
    peer = stack.enter_context(_served("typical, by hand", typical, HERE, environment))
    world = asyncio.run(_world(ours.port, url))
    for kind in KINDS:
        for server in (ours, peer):
            _burst(server, kind, world, 0.5, options.connections)  # warm
            server.cpu.clear()
            server.database.clear()
            server.told.clear()
    for _ in range(options.rounds):
        turns = [(server, kind) for server in (ours, peer) for kind in KINDS]
        random.shuffle(turns)
        for server, kind in turns:
            _burst(server, kind, world, options.seconds, options.connections)
    _print(ours, peer)


def _environment(url: str, root: Path) -> Mapping[str, str]:
    secret = secrets.token_urlsafe(48)
    driver = url.replace("postgresql://", "postgresql+asyncpg://")
    return {
        **os.environ,
        "DATABASE_URL": driver,
        "SECRET_KEY": secret,
        "FILES_FOLDER": str(root / "files"),
        "RATE_LIMIT_REQUESTS": "100000000",
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


async def _world(port: int, url: str) -> dict[str, Any]:
    """Make a tenant with many tasks; return what requests need to know of it."""
    person = {"email": "ann@example.org", "password": PASSWORD}
    _post(port, "/v1/auth/sign-up", {**person, "name": "Ann", "tenant_name": "Bench"})
    token = _post(port, "/v1/auth/sign-in", person)["access_token"]
    project = _post(port, "/v1/projects", {"name": "Bench", "key": "BEN"}, token)
    me = project["created_by_id"]
    connection = await asyncpg.connect(url)
    await connection.execute(_FILL, me, ROWS)
    await connection.execute(_COUNT, ROWS)
    await connection.execute("ANALYZE")
    rows = await connection.fetch("SELECT id FROM tasks ORDER BY number LIMIT 512")
    await connection.close()
    return {
        "url": url,
        "token": token,
        "project": project["id"],
        "ids": [str(row[0]) for row in rows],
    }


def _post(port: int, path: str, body: object, token: str = "") -> Any:
    headers = {"content-type": "application/json"}
    if token:
        headers["authorization"] = f"Bearer {token}"
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{path}", json.dumps(body).encode(), headers
    )
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
        return json.load(answer)


def _burst(
    server: Server, kind: str, world: Mapping[str, Any], seconds: float, connections: int
) -> None:
    asked = {**world, "port": server.port, "kind": kind, "seconds": seconds}
    if kind == "transition":
        _settle(world, server)
    before, database = _cpu(server.pid), _cpu_of_postgres()
    told = subprocess.run(
        [sys.executable, str(HERE / "load.py")],
        input=json.dumps({**asked, "connections": connections}).encode(),
        capture_output=True,
        check=True,
    )
    answer = json.loads(told.stdout)
    if answer["bad"]:
        sys.exit(f"{server.name} {kind}: {told.stderr.decode()[:500]}")
    server.cpu[kind].append((_cpu(server.pid) - before) / answer["sent"] * 1000)
    used = sum(used - database.get(pid, 0.0) for pid, used in _cpu_of_postgres().items())
    server.database[kind].append(used / answer["sent"] * 1000)
    server.told[kind].append(answer)


def _settle(world: Mapping[str, Any], server: Server) -> None:
    """Bring the tasks of the bursts back to where they began."""
    asyncio.run(_execute(world["url"], "UPDATE tasks SET status = 'todo' WHERE number <= 512"))


async def _execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def _cpu(pid: int) -> float:
    """Return the seconds of CPU that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _cpu_of_postgres() -> dict[int, float]:
    """Return the seconds of CPU that each process of PostgreSQL has used."""
    used = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "comm").read_text().startswith("postgres"):
                used[int(process.name)] = _cpu(int(process.name))
        except OSError:
            continue
    return used


def _quartile(values: list[float]) -> float:
    return statistics.quantiles(values, n=4)[0] if len(values) > 1 else values[0]


def _print(ours: Server, peer: Server) -> None:
    print("| server CPU, ms a request | " + " | ".join(KINDS) + " | mix | PostgreSQL, mix |")
    print("| --- |" + " ---: |" * (len(KINDS) + 2))
    mixes = []
    for server in (ours, peer):
        cpu = {kind: _quartile(server.cpu[kind]) for kind in KINDS}
        mix = sum(share * cpu[kind] for kind, share in KINDS.items())
        base = sum(share * _quartile(server.database[kind]) for kind, share in KINDS.items())
        mixes.append((cpu, mix, base))
        cells = " | ".join(f"{cpu[kind]:.2f}" for kind in KINDS)
        print(f"| {server.name} | {cells} | {mix:.2f} | {base:.2f} |")
    (our_cpu, our_mix, our_base), (peer_cpu, peer_mix, peer_base) = mixes
    ratios = " | ".join(f"{peer_cpu[kind] / our_cpu[kind]:.1f} x" for kind in KINDS)
    print(f"| ratio | {ratios} | {peer_mix / our_mix:.1f} x | {peer_base / our_base:.1f} x |")
    print()
    print(
        "| latency, ms | " + " | ".join(f"{kind} p50 / p99" for kind in KINDS) + " | resident MiB |"
    )
    print("| --- |" + " ---: |" * (len(KINDS) + 1))
    for server in (ours, peer):
        cells = []
        for kind in KINDS:
            told = server.told[kind]
            middle = [statistics.median(each[share] for each in told) for share in ("p50", "p99")]
            cells.append(f"{middle[0]:.1f} / {middle[1]:.1f}")
        print(f"| {server.name} | " + " | ".join(cells) + f" | {resident(server.pid):.0f} |")


if __name__ == "__main__":
    main()

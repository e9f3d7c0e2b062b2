"""Measure background jobs of the built TaskHub: how many a second, and how soon they begin.

Run with `python bench/jobs/run.py [--jobs N] [--rounds N] [--events N] [--amqp URL]`; it starts a
PostgreSQL and a Redis server of its own. Each job changes one row of a tenant of its own. One
process runs eight at once. All jobs wait, and are told of, before the worker starts; what counts is
the time from the first to the last. Dramatiq alone runs as many in the same round, without rows of
its own, retries that survive the broker, or anything else of what a lease is for. Procrastinate
runs as many from rows of PostgreSQL, where it is installed (`pip install procrastinate==3.10.0
"psycopg[binary]==3.3.9"`). Once, the relay catches up with a full outbox, and queues a job for each
of its events.
"""

import argparse
import asyncio
import json
import os
import platform
import secrets
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Mapping
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

import asyncpg

from tests.faults.site import Redis
from tests.postgresql import NOT_RUN, throw_away
from tospec import pipeline

HERE = Path(__file__).parent


class Bench:
    """A built backend with its servers, and what was measured of it."""

    def __init__(self, backend: Path, server: str, redis: str) -> None:
        self.backend = backend
        self.redis = redis
        self.database = f"{server.rsplit('/', 1)[0]}/bench_jobs"
        self.figures: dict[tuple[str, str], list[float]] = defaultdict(list)
        self._variables = {
            "DATABASE_URL": self.database.replace("postgresql://", "postgresql+asyncpg://"),
            "SECRET_KEY": secrets.token_urlsafe(48),
        }

    def prepare(self, number: int) -> None:
        """Make the database, with so many tenants."""
        asyncio.run(_made(self.database, number))
        self._python("-m", "app", "migrate")
        self.act("fill", number)
        asyncio.run(_said(self.database, "VACUUM ANALYZE"))

    def act(self, *arguments: object, broker: str | None = None) -> str:
        """Run `acting.py`; return the last line that it prints."""
        lines = self._python(str(HERE / "acting.py"), *map(str, arguments), broker=broker)
        return lines.splitlines()[-1] if lines else ""

    def throughput(self, name: str, number: int, broker: str | None) -> None:
        """Measure how many jobs a second are run."""
        asyncio.run(_said(self.database, "DELETE FROM jobs", "VACUUM ANALYZE jobs"))
        self.act("queue", number, broker=broker)
        asyncio.run(_said(self.database, "ANALYZE jobs"))
        self._add(name, json.loads(self.act("work", number, broker=broker)))

    def plain(self, kind: str, number: int) -> None:
        """Measure Dramatiq alone."""
        printed = self._python(str(HERE / "plain.py"), kind, str(number), self.redis, self.database)
        self._add(f"Dramatiq alone, {kind.replace('_', '-')}", json.loads(printed))

    def queued(self, kind: str, number: int) -> None:
        """Measure Procrastinate alone; each time in a database of its own, so that none is full."""
        own = f"{self.database}_{kind}_{len(self.figures[_queued(kind), 'per_second'])}"
        asyncio.run(_made(own, number))
        self._add(
            _queued(kind), json.loads(self._python(str(HERE / "queued.py"), kind, str(number), own))
        )

    def relay(self, number: int) -> None:
        """Measure how many events a second are relayed from a full outbox."""
        asyncio.run(_said(self.database, "DELETE FROM jobs", _events(number)))
        asyncio.run(_said(self.database, "VACUUM ANALYZE jobs", "VACUUM ANALYZE outbox_messages"))
        self._add(f"relay, {number} events", json.loads(self.act("relay", number)))

    def latency(self, name: str, number: int, broker: str) -> None:
        """Measure how soon an idle worker begins with what another process queues."""
        waiting = self._started("wait", broker)
        time.sleep(3)
        asked = json.loads(self.act("ask", number, broker=broker))
        waiting.send_signal(signal.SIGTERM)
        begun = json.loads(waiting.communicate(timeout=30)[0].splitlines()[-1])
        self._add_waits(name, [begun[each] - at for each, at in asked.items()])

    def latency_alone(self, number: int) -> None:
        """Measure how soon an idle worker begins with what its own process queues."""
        self._add_waits("no broker, one process", json.loads(self.act("alone", number)))

    def _add(self, name: str, told: Mapping[str, float]) -> None:
        for what, value in told.items():
            self.figures[name, what].append(value)

    def _add_waits(self, name: str, waits: list[float]) -> None:
        milliseconds = sorted(wait * 1000 for wait in waits)
        p95 = milliseconds[int(len(milliseconds) * 0.95)]
        self._add(name, {"p50_ms": statistics.median(milliseconds), "p95_ms": p95})

    def _python(self, *arguments: str, broker: str | None = None) -> str:
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=self.backend,
            env=self._environment(broker),
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout

    def _started(self, act: str, broker: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, str(HERE / "acting.py"), act]
        environment = self._environment(broker)
        return subprocess.Popen(command, cwd=self.backend, env=environment, stdout=subprocess.PIPE)

    def _environment(self, broker: str | None) -> dict[str, str]:
        brokers = {"BROKER_URL": broker} if broker else {}
        return {**os.environ, **self._variables, **brokers}


def _queued(kind: str) -> str:
    return f"Procrastinate alone, {kind.replace('_', '-')}"


def _events(number: int) -> str:
    """Return what fills the outbox with so many events, tenant by tenant in turn."""
    return f"""
        INSERT INTO outbox_messages (id, tenant_id, type, payload, occurred_at)
        SELECT id, tenant_id, 'Happened', json_build_object('id', id), now()
        FROM (
            SELECT gen_random_uuid() AS id, tenants.id AS tenant_id
            FROM generate_series(1, {number}), tenants LIMIT {number}
        ) AS events
    """  # noqa: S608  # a number


async def _made(url: str, number: int) -> None:
    server, name = url.rsplit("/", 1)
    await _said(f"{server}/postgres", f"CREATE DATABASE {name}")
    rows = f"INSERT INTO plain SELECT i, 1 FROM generate_series(0, {number}) AS i"  # noqa: S608  # a number
    await _said(url, "CREATE TABLE plain (id int PRIMARY KEY, version int)", rows)


async def _said(url: str, *statements: str) -> None:
    connection = await asyncpg.connect(url)
    for statement in statements:
        await connection.execute(statement)
    await connection.close()


def main() -> None:
    """Measure, and print the middle of all rounds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=3000, help="how many in each burst")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is measured")
    parser.add_argument("--events", type=int, default=100_000, help="how many wait in the outbox")
    parser.add_argument("--amqp", help="URL of a RabbitMQ server")
    options = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = stack.enter_context(throw_away())
        if server is None:
            sys.exit(NOT_RUN)
        pipeline.build(pipeline.read(str(pipeline.example())), folder / "backend")
        redis = Redis(folder)
        stack.callback(redis.kill)
        bench = Bench(folder / "backend", server, redis.url)
        bench.prepare(options.jobs)
        _measure(bench, options)
    _print(bench)


def _measure(bench: Bench, options: argparse.Namespace) -> None:
    brokers = {"Redis": bench.redis, **({"RabbitMQ": options.amqp} if options.amqp else {})}
    for _ in range(options.rounds):
        for kind in ("no_op", "one_update"):
            bench.plain(kind, options.jobs)
            if find_spec("procrastinate"):
                bench.queued(kind, options.jobs)
        bench.throughput("no broker", options.jobs, None)
        for name, url in brokers.items():
            bench.throughput(name, options.jobs, url)
    bench.latency_alone(40)
    for name, url in brokers.items():
        bench.latency(f"{name}, two processes", 40, url)
    bench.relay(options.events)


def _print(bench: Bench) -> None:
    print(f"{platform.machine()}, {os.cpu_count()} CPUs, load {os.getloadavg()[0]:.1f}")
    if not find_spec("procrastinate"):
        print("Procrastinate alone: NOT RUN, it is not installed")
    for (name, what), values in bench.figures.items():
        middle, most = statistics.median(values), max(values)
        print(f"{name:28} {what:12} {middle:10.2f}   (most {most:.2f}, {len(values)} times)")


if __name__ == "__main__":
    main()

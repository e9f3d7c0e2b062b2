"""A place for faults: a database, a Redis server, and processes of the built example."""

import asyncio
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import asyncpg

from tests.faults.judging import Job, Verdict, judge
from tests.postgresql import find, throw_away

BACKEND: Final = Path(__file__).parents[2] / "examples" / "taskhub" / "backend"
ACTING: Final = Path(__file__).with_name("acting.py")
LEASE: Final = 2.0
POLL: Final = 1.0
PATIENCE: Final = 60.0
STEPS: Final = {"slow": 3}
_FOUND: Final = """
    SELECT jobs.id::text, name, state, attempt, history,
           (SELECT count(*) FROM audit_entries
            WHERE tenant_id = jobs.tenant_id AND action = 'deed.do') AS effects
    FROM jobs WHERE schedule = 'faults'
"""


class MissingProgramError(RuntimeError):
    """There is no PostgreSQL or Redis here."""


class Redis:
    """A Redis server of its own, with the durability that it has by default: none."""

    def __init__(self, folder: Path) -> None:
        self.port = _free_port()
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start it, empty."""
        command = ["redis-server", "--port", str(self.port), "--save", "", "--bind", "127.0.0.1"]
        self._process = subprocess.Popen(
            command, cwd=self._folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        deadline = time.monotonic() + PATIENCE
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


@dataclass
class Site:
    """Where a case takes place, and what has happened there.

    Attributes:
        history: What was done, and when, in seconds since the beginning.
    """

    folder: Path
    database: str
    redis: Redis
    service: str
    variables: Mapping[str, str]
    history: list[dict[str, Any]] = field(default_factory=list)
    queued: set[str] = field(default_factory=set)
    _begun: float = field(default_factory=time.monotonic)
    _workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def note(self, event: str, **told: Any) -> float:
        """Write into the history what happens now; return the time."""
        now = time.monotonic() - self._begun
        self.history.append({"at": round(now, 3), "event": event, **told})
        return now

    def worker(self, **variables: str) -> subprocess.Popen[bytes]:
        """Start a worker."""
        started = self._start("work", **variables)
        self._workers.append(started)
        self.note("worker started", pid=started.pid)
        return started

    def queue(self, kind: str, number: int, *options: str) -> float:
        """Queue jobs; return how many seconds the commits took."""
        process = self._start("queue", kind, str(number), *options, stdout=subprocess.PIPE)
        printed, _ = process.communicate(timeout=PATIENCE)
        if process.returncode:
            raise AssertionError(f"queueing ended with {process.returncode}")
        seconds, *ids = printed.decode().splitlines()[-1].split()
        if "rolled-back" not in options:
            self.queued |= set(ids)
        self.note("queued", kind=kind, number=number, seconds=float(seconds), options=options)
        return float(seconds)

    def send(self, process: subprocess.Popen[bytes], number: signal.Signals) -> float:
        """Send a signal to a process; return when."""
        process.send_signal(number)
        if number is signal.SIGKILL:
            process.wait()
        return self.note("signal", pid=process.pid, signal=number.name)

    def steps(self, kind: str = "") -> list[tuple[float, int, str]]:
        """Return which steps began: when, in which process, of which job."""
        lines = (self.folder / "steps").read_text().splitlines() if self._has_steps else []
        parts = (line.split() for line in lines)
        return [(float(at), int(pid), job) for at, pid, name, job in parts if kind in {"", name}]

    @property
    def _has_steps(self) -> bool:
        return (self.folder / "steps").exists()

    def found(self) -> dict[str, Job]:
        """Return the jobs as the database has them."""
        rows = asyncio.run(_asked(self.database, _FOUND))
        return {row["id"]: _job(row) for row in rows}

    def verdict(self) -> Verdict:
        """Return what has become of all that was queued."""
        return judge(self.queued, self.found())

    def wait_until_ended(self, seconds: float = PATIENCE) -> float:
        """Wait until no job waits any more; return when that was."""
        deadline = time.monotonic() + seconds
        while self.verdict().waiting and time.monotonic() < deadline:
            time.sleep(0.1)
        return self.note("all has ended")

    def wait_for_step(self, kind: str, count: int = 1) -> None:
        """Wait until some steps have begun."""
        deadline = time.monotonic() + PATIENCE
        while len(self.steps(kind)) < count and time.monotonic() < deadline:
            time.sleep(0.02)

    def told_again(self, kind: str = "quick", number: int = 5) -> float:
        """Return the seconds until new jobs are done: whether all works as before."""
        self.queue(kind, number)
        begun = self.note("queued again")
        return self.wait_until_ended() - begun

    def end(self) -> None:
        """End every process, and write the history down."""
        for each in self._workers:
            each.kill()
            each.wait()
        self.redis.kill()
        text = "\n".join(json.dumps(each, default=str) for each in self.history)
        (self.folder / "history.jsonl").write_text(text + "\n")

    def _start(self, *arguments: str, **options: Any) -> subprocess.Popen[bytes]:
        stdout = options.pop("stdout", None)
        environment = {**os.environ, **self.variables, **options}
        command = [sys.executable, str(ACTING), *arguments]
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                command, cwd=BACKEND, env=environment, stdout=stdout or log, stderr=log
            )


@contextmanager
def site(folder: Path | None = None) -> Iterator[Site]:
    """Make a place for one case."""
    if shutil.which("redis-server") is None:
        raise MissingProgramError("redis-server")
    with ExitStack() as stack:
        server = find() or stack.enter_context(throw_away())
        if server is None:
            raise MissingProgramError("postgres")
        path = folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        shutil.rmtree(path, ignore_errors=True)
        path.mkdir(parents=True)
        made = _made(path, stack.enter_context(_scratch(server)))
        stack.callback(made.end)
        yield made


def _made(folder: Path, database: str) -> Site:
    redis = Redis(folder)
    variables = {
        "DATABASE_URL": database.replace("postgresql://", "postgresql+asyncpg://"),
        "SECRET_KEY": secrets.token_urlsafe(48),
        "BROKER_URL": redis.url,
        "WORKER_LEASE": str(LEASE),
        "WORKER_POLL": str(POLL),
        "STEPS": str(folder / "steps"),
        "FAILS": str(folder / "fails"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    migrate = [sys.executable, "-m", "app", "migrate"]
    environment = {**os.environ, **variables}
    subprocess.run(migrate, cwd=BACKEND, env=environment, check=True, stdout=subprocess.DEVNULL)
    return Site(folder, database, redis, "taskhub", variables)


@contextmanager
def _scratch(server: str) -> Iterator[str]:
    name = f"faults_{secrets.token_hex(6)}"
    asyncio.run(_asked(server, f"CREATE DATABASE {name}"))
    try:
        yield f"{server.rsplit('/', 1)[0]}/{name}"
    finally:
        asyncio.run(_asked(server, f"DROP DATABASE {name} WITH (FORCE)"))


async def _asked(url: str, statement: str) -> Sequence[asyncpg.Record]:
    connection = await asyncpg.connect(url)
    try:
        rows: Sequence[asyncpg.Record] = await connection.fetch(statement)
    finally:
        await connection.close()
    return rows


def _job(row: asyncpg.Record) -> Job:
    return Job(
        state=row["state"],
        attempt=row["attempt"],
        effects=row["effects"],
        expected=STEPS.get(row["name"], 1),
        reasons=tuple(each["reason"] for each in json.loads(row["history"])),
    )


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port

"""A place for faults: a database, brokers, a provider of mail, and processes of the example."""

import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx

from tests.faults.brokers import Redis
from tests.faults.cluster import SECRET, Cluster, MissingProgramError, app, backend_url
from tests.faults.deeds import jobs_of
from tests.faults.found import Found, Health, asked_of_file, lines_of, rows_of, sessions_of
from tests.faults.history import History, Window
from tests.faults.inbox import TOKEN, Inbox
from tests.faults.judging import Job, Verdict, judge
from tests.faults.load import Load, signed_up
from tests.faults.ports import free_port
from tests.faults.processes import Started, orphans, started
from tests.faults.proxy import Proxy

ACTING: Final = Path(__file__).with_name("acting.py")
LEASE: Final = 2.0
POLL: Final = 1.0
PATIENCE: Final = 60.0
_WARM: Final = 1.5
_SERVED: Final = 20
_CALM: Final = 5.0
_WAITING: Final = """
    SELECT (SELECT count(*) FROM outbox_messages WHERE published_at IS NULL AND parked_at IS NULL)
         + (SELECT count(*) FROM jobs WHERE state IN ('queued', 'leased') AND run_at <= now())
"""


@dataclass
class Site:
    """Where a case takes place, and what has happened there.

    Attributes:
        folder: Where logs and the history are.
        cluster: The database.
        broker: A Redis server; None where workers look for jobs themselves.
        inbox: The provider of mail.
        service: What queues begin with.
        variables: Settings of the processes that are started next.
        queued: The deeds that must be done.
        before: What processes took before anything was done to them.
        file: The database, where SQLite is.
    """

    folder: Path
    cluster: Cluster
    broker: Redis | None
    inbox: Inbox
    variables: dict[str, str]
    service: str = "taskhub"
    history: History = field(default_factory=History)
    queued: set[str] = field(default_factory=set)
    before: Health = field(default_factory=Health)
    file: Path | None = None
    url: str = ""
    _processes: list[Started] = field(default_factory=list)
    proxies: list[Proxy] = field(default_factory=list)

    @property
    def redis(self) -> Redis:
        """Return the broker of a place that has one."""
        if self.broker is None:
            raise MissingProgramError("redis-server")
        return self.broker

    def note(self, event: str, **told: Any) -> float:
        """Write into the history what happens now; return the time."""
        return self.history.note(event, **told)

    def database_proxy(self) -> Proxy:
        """Return what stands between the processes that are started next and the database."""
        proxy = self._proxy(self.cluster.port)
        self.variables["DATABASE_URL"] = backend_url(proxy.port)
        return proxy

    def broker_proxy(self) -> Proxy:
        """Return what stands between the processes that are started next and Redis."""
        proxy = self._proxy(self.redis.port)
        self.variables["BROKER_URL"] = f"redis://127.0.0.1:{proxy.port}/0"
        return proxy

    def proxy_to(self, port: int) -> Proxy:
        """Return what stands before a port of this machine."""
        return self._proxy(port)

    def _proxy(self, port: int) -> Proxy:
        proxy = Proxy(("127.0.0.1", port))
        self.proxies.append(proxy)
        return proxy

    def scheduler(self) -> Started:
        """Start what relays events and fires schedules, and does no job."""
        return self._app("scheduler", "scheduler")

    def worker_at_once(self) -> Started:
        """Start a worker for the backend's own jobs, and do not wait until it lives."""
        return self._app("worker", "worker")

    def acting_worker(self) -> Started:
        """Start a worker that does deeds, as `worker` does."""
        return self._acting("worker", "work")

    def worker(self, **variables: str) -> subprocess.Popen[bytes]:
        """Start a worker that does deeds."""
        return self._acting("worker", "work", **variables).process

    def backend_worker(self, **variables: str) -> Started:
        """Start a worker that does the backend's own jobs."""
        process = self._app("worker", "worker", **variables)
        deadline = time.monotonic() + PATIENCE
        workers = sum(each.name.startswith("worker") and each.is_alive for each in self._processes)
        while self._living() < workers and process.is_alive and time.monotonic() < deadline:
            time.sleep(0.05)
        return process

    def _living(self) -> int:
        count: int = self.cluster.ask("SELECT count(*) FROM workers")[0][0]
        return count

    def api(self, *, port: int = 0, **variables: str) -> Started:
        """Start a process that serves, and wait until it does."""
        return self._serving("/readyz", port or free_port(), variables)

    def api_on(self, name: str, **variables: str) -> Started:
        """Start a process that serves and may not be ready, and wait until it answers at all."""
        self.note("not to be ready", name=name)
        return self._serving("/livez", free_port(), variables)

    def _serving(self, sign: str, port: int, variables: dict[str, str]) -> Started:
        self.url = f"http://127.0.0.1:{port}"
        process = self._app("api", "serve", "--port", str(port), **variables)
        deadline = time.monotonic() + PATIENCE
        while self.status(sign) != 200 and process.is_alive and time.monotonic() < deadline:
            time.sleep(0.05)
        return process

    def status(self, path: str) -> int:
        """Return the status of an answer; 0 if there is none."""
        try:
            return httpx.get(self.url + path, timeout=5, trust_env=False).status_code
        except httpx.HTTPError:
            return 0

    def health_word(self, name: str) -> str:
        """Return what health tells of something that the service needs."""
        told = httpx.get(f"{self.url}/health", timeout=10, trust_env=False).json()
        return str(told["dependencies"][name]["status"])

    def command(self, *arguments: str) -> None:
        """Run a command of the backend."""
        app(*arguments, **self.variables)

    def wait_until_some(self, job: str) -> None:
        """Wait until a deed is done."""
        deadline = time.monotonic() + PATIENCE
        while self.found()[job].state != "done" and time.monotonic() < deadline:
            time.sleep(0.1)

    def metric(self, name: str) -> float:
        """Return a figure that what serves tells; 0 if it tells none."""
        text = httpx.get(f"{self.url}/metrics", timeout=5, trust_env=False).text
        lines = (line for line in text.splitlines() if line.startswith(name))
        return sum(float(line.rpartition(" ")[2]) for line in lines)

    @contextmanager
    def loaded(self, *, clients: int = 6, pause: float = 0.1) -> Iterator[Load]:
        """Let clients ask all the while; go on once everything is done that they asked for."""
        people = signed_up(self.url, 2, mark="load")
        load = Load(self.url, people, self.history, clients=clients, pause=pause).start()
        try:
            time.sleep(_WARM)
            deadline = time.monotonic() + PATIENCE
            while len(self.history.operations) < _SERVED and time.monotonic() < deadline:
                time.sleep(0.05)
            self.before = self.health()
            self.note("loaded", served=len(self.history.operations))
            yield load
        finally:
            load.stop()
        self.wait_until_quiet()

    @contextmanager
    def fault(self, name: str, *, slack: float, may_break: bool = False) -> Iterator[float]:
        """Note the time in which something is wrong, and what may come of it for a while after."""
        begun = self.note(name)
        yield begun
        ended = self.note(f"end of {name}")
        self.history.windows.append(Window(begun, ended + slack, may_break))

    def wait_until_quiet(self, seconds: float = PATIENCE) -> float:
        """Wait until no event and no job that is due waits; return when that was."""
        deadline = time.monotonic() + seconds
        while not self.is_quiet() and time.monotonic() < deadline:
            time.sleep(0.1)
        return self.note("quiet")

    def is_quiet(self) -> bool:
        """Return whether no event and no job that is due waits."""
        return not self.cluster.ask(_WAITING)[0][0]

    def queue(self, kind: str, number: int, *options: str) -> float:
        """Queue deeds; return how many seconds the commits took."""
        process = self._acting("queue", "queue", kind, str(number), *options).process
        printed, _ = process.communicate(timeout=PATIENCE)
        if process.returncode:
            raise AssertionError(f"queueing ended with {process.returncode}")
        seconds, *ids = printed.decode().splitlines()[-1].split()
        if "rolled-back" not in options:
            self.queued |= set(ids)
        self.note("queued", kind=kind, number=number, seconds=float(seconds), options=options)
        return float(seconds)

    def told(self, *arguments: str, **variables: str) -> str:
        """Return what a command of the acting program prints."""
        process = self._acting("acting", *arguments, **variables).process
        printed, _ = process.communicate(timeout=PATIENCE * 2)
        if process.returncode:
            raise AssertionError(f"{arguments} ended with {process.returncode}")
        return printed.decode()

    def ticking(self, clock: str, ticks: int) -> Started:
        """Start a scheduler that goes by a clock of its own, and go on."""
        arguments = ("tick", "* * * * *", "all", "queue", str(ticks), "20")
        return self._acting("ticking", *arguments, CLOCK=clock)

    def send(self, process: subprocess.Popen[bytes], number: signal.Signals) -> float:
        """Send a signal to a process; return when."""
        process.send_signal(number)
        if number is signal.SIGKILL:
            process.wait()
        return self.note("signal", pid=process.pid, signal=number.name)

    def steps(self, kind: str = "") -> list[tuple[float, int, str]]:
        """Return which steps began: when, in which process, of which job."""
        path = self.folder / "steps"
        lines = path.read_text().splitlines() if path.exists() else []
        parts = (line.split() for line in lines)
        return [(float(at), int(pid), job) for at, pid, name, job in parts if kind in {"", name}]

    def found(self) -> dict[str, Job]:
        """Return the deeds as the database has them."""
        return jobs_of(self.cluster)

    def verdict(self) -> Verdict:
        """Return what has become of all deeds that were queued."""
        return judge(self.queued, self.found())

    def remains(self) -> Found:
        """Return all that the run has left behind."""
        log = (self.folder / "log").read_text(errors="replace")
        calls = list(self.inbox.calls)
        rows = rows_of(asked_of_file(self.file) if self.file else self.cluster.ask)
        deeds = self.queued | set(self.found())
        rows["jobs"] = [each for each in rows["jobs"] if each.id not in deeds]
        return Found(**rows, **lines_of(log), calls=calls, before=self.before, after=self._calm())

    def health(self) -> Health:
        """Return what processes and sessions there are."""
        alive = [each for each in self._processes if each.is_alive]
        return Health(
            **sessions_of(self.cluster),
            files={each.name: each.files for each in alive},
            memory={each.name: each.memory for each in alive},
            orphans=orphans(self._processes),
        )

    def _calm(self) -> Health:
        """Return what there is once nothing is under way, or what does not end."""
        deadline = time.monotonic() + _CALM
        while True:
            found = self.health()
            is_calm = not (found.idle_in_transaction or found.advisory_locks or found.orphans)
            if is_calm or time.monotonic() > deadline:
                return found
            time.sleep(0.2)

    def wait_until_ended(self, seconds: float = PATIENCE) -> float:
        """Wait until no deed waits any more; return when that was."""
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
        """Return the seconds until new deeds are done: whether all works as before."""
        self.queue(kind, number)
        begun = self.note("queued again")
        return self.wait_until_ended() - begun

    def stop_all(self) -> None:
        """Kill every process of the backend."""
        for each in self._processes:
            each.send(signal.SIGKILL)

    def wait_until_mailed(self, count: int, seconds: float) -> float:
        """Wait until the provider has accepted so many messages; return when that was."""
        deadline = time.monotonic() + seconds
        while len(self.inbox.accepted) < count and time.monotonic() < deadline:
            time.sleep(0.2)
        return self.note("mailed", count=len(self.inbox.accepted))

    def end(self) -> None:
        """End every process, and write the history down."""
        self.stop_all()
        for proxy in self.proxies:
            proxy.close()
        if self.broker is not None:
            self.broker.kill()
        self.inbox.close()
        self.cluster.close()
        self.history.write(self.folder / "history.jsonl")

    def _acting(self, name: str, *arguments: str, **variables: str) -> Started:
        stdout = {} if arguments[0] == "work" else {"stdout": subprocess.PIPE}
        return self._started(name, [str(ACTING), *arguments], variables, **stdout)

    def _app(self, name: str, *arguments: str, **variables: str) -> Started:
        return self._started(name, ["-m", "app", *arguments], variables)

    def _started(
        self, name: str, command: list[str], variables: dict[str, str], **options: int
    ) -> Started:
        count = sum(each.name.startswith(name) for each in self._processes)
        settings, log = {**self.variables, **variables}, self.folder / "log"
        process = started(f"{name}-{count + 1}", command, settings, log, **options)
        self._processes.append(process)
        self.note("started", name=process.name, pid=process.pid)
        return process


@contextmanager
def site(folder: Path | None = None, *, broker: bool = True, **settings: str) -> Iterator[Site]:
    """Make a place for one case; `settings` are those of its database."""
    if broker and shutil.which("redis-server") is None:
        raise MissingProgramError("redis-server")
    with ExitStack() as stack:
        path = folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        shutil.rmtree(path, ignore_errors=True)
        path.mkdir(parents=True)
        made = _made(path, Redis(path) if broker else None, Cluster(**settings))
        stack.callback(made.end)
        yield made


def _made(folder: Path, broker: Redis | None, cluster: Cluster) -> Site:
    inbox = Inbox()
    variables = {
        "DATABASE_URL": backend_url(cluster.port),
        "SECRET_KEY": SECRET,
        "WORKER_LEASE": str(LEASE),
        "WORKER_POLL": str(POLL),
        "MAIL_URL": f"http://127.0.0.1:{inbox.port}/mail",
        "MAIL_TOKEN": TOKEN,
        "RATE_LIMIT_REQUESTS": "1000000",
        "SIGN_IN_LIMIT_REQUESTS": "1000000",
        "STORAGE_URL": f"file://{folder / 'files'}",
        "STEPS": str(folder / "steps"),
        "FAILS": str(folder / "fails"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    if broker is not None:
        variables["BROKER_URL"] = f"redis://127.0.0.1:{broker.port}/0"
    return Site(folder, cluster, broker, inbox, variables)

"""Faults of the file of SQLite, on which API and worker share one process."""

import os
import shutil
import signal
import sqlite3
import subprocess
import time
from contextlib import closing
from pathlib import Path
from typing import Final

from tests.faults.case import Case, Outcome, seen, served
from tests.faults.load import Load, signed_up
from tests.faults.ports import free_port
from tests.faults.site import Site

_BOUND: Final = 8.0
_WAITING: Final = """
    SELECT (SELECT count(*) FROM outbox_messages WHERE published_at IS NULL AND parked_at IS NULL)
         + (SELECT count(*) FROM jobs WHERE state IN ('queued', 'leased'))
"""


def killed(site: Site, count: int) -> Outcome:
    """Twenty writers write, and the process is killed again and again."""
    path, port = _file(site), free_port()
    process = site.api(port=port)
    load = Load(site.url, signed_up(site.url, 2), site.history, clients=20, pause=0.2).start()
    time.sleep(2)
    begun = site.note("kills begin")
    for _ in range(count):
        with site.fault("killed", slack=_BOUND, may_break=True):
            process.send(signal.SIGKILL)
            process = site.api(port=port)
        time.sleep(1)
    ended = site.note("kills end")
    time.sleep(2)
    load.stop()
    _require_whole(path)
    detection, recovery = seen(site.history, begun, ended)
    return Outcome(
        injections=count,
        control=served(site.history, begun),
        detection=detection,
        recovery=recovery,
        bound=_BOUND,
    )


def locked(site: Site, seconds: int) -> Outcome:
    """Somebody else holds the file's lock for longer than writers wait; readers go on."""
    path = _file(site)
    site.api(DATABASE_LOCK_TIMEOUT="2")
    load = Load(site.url, signed_up(site.url, 2), site.history, clients=6).start()
    time.sleep(1.5)
    with site.fault("locked", slack=_BOUND) as begun, closing(sqlite3.connect(path)) as held:
        held.execute("BEGIN IMMEDIATE")
        time.sleep(seconds)
        held.rollback()
    ended = site.history.windows[-1].end - _BOUND
    time.sleep(3)
    load.stop()
    inside = [each for each in site.history.operations if begun < each.begun < ended - 3]
    reads = {each.status for each in inside if not each.is_write}
    writes = {each.status for each in inside if each.is_write}
    assert reads <= {200}, reads
    assert 503 in writes, writes
    _require_whole(path)
    detection, recovery = seen(site.history, begun, ended)
    return Outcome(
        injections=1,
        control=served(site.history, begun),
        detection=detection,
        recovery=recovery,
        bound=_BOUND,
    )


def full(site: Site, seconds: int) -> Outcome:
    """The disk is full for a while: writes are refused, and nothing is torn."""
    disk = site.folder / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "none", str(disk)], check=True)
    try:
        return _full(site, disk, seconds)
    finally:
        site.stop_all()
        if (disk / "data.sqlite3").exists():
            # Whoever judges finds it where nothing ends.
            shutil.copy(disk / "data.sqlite3", site.folder)
            site.file = site.folder / "data.sqlite3"
        subprocess.run(["umount", "-l", str(disk)], check=True)


def _full(site: Site, disk: Path, seconds: int) -> Outcome:
    path = _file(site, disk)
    site.api()
    load = Load(site.url, signed_up(site.url, 2), site.history, clients=6).start()
    time.sleep(1.5)
    filler = disk / "filler"
    with site.fault("disk full", slack=_BOUND) as begun:
        with filler.open("wb") as file:
            file.write(b"0" * shutil.disk_usage(disk).free)
        time.sleep(seconds)
        filler.unlink()
    ended = site.history.windows[-1].end - _BOUND
    time.sleep(3)
    load.stop()
    _require_whole(path)
    detection, recovery = seen(site.history, begun, ended)
    assert detection is not None, "there was room left"
    return Outcome(
        injections=1,
        control=served(site.history, begun),
        detection=detection,
        recovery=recovery,
        bound=_BOUND,
    )


def may_mount() -> str | None:
    """Return why no disk of a fixed size can be made here; None if it can."""
    return None if os.geteuid() == 0 and shutil.which("mount") else "only root may mount a tmpfs"


def _file(site: Site, folder: Path | None = None) -> Path:
    path = (folder or site.folder) / "data.sqlite3"
    site.variables["DATABASE_URL"] = f"sqlite+aiosqlite:///{path}"
    site.command("migrate")
    site.file = path
    return path


def _require_whole(path: Path) -> None:
    """Require that the file is well; wait until what it holds is done."""
    with closing(sqlite3.connect(path)) as connection:
        [(found,)] = connection.execute("PRAGMA integrity_check")
        assert found == "ok", found
    wait_until_relayed(path)


def wait_until_relayed(path: Path) -> None:
    """Wait until no event waits and no job runs."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with closing(sqlite3.connect(path)) as connection:
            [(waiting,)] = connection.execute(_WAITING)
        if not waiting:
            return
        time.sleep(0.2)


CASES: Final = (
    Case(name="F-34 SQLite killed", act=killed, short=None, long=5, broker=False),
    Case(name="F-34 SQLite locked", act=locked, short=None, long=10, broker=False),
    Case(
        name="F-34 SQLite disk full",
        act=full,
        short=None,
        long=5,
        broker=False,
        obstacle=may_mount,
    ),
)

"""CPU that processes have used, to the nanosecond where the kernel tells it.

Of PostgreSQL, what counts is what serves connections: its backends, and those that have ended
since, which its first process has reaped. What it does in the background (checkpoints, its log)
falls to whoever is served at the time, and is left out.
"""

import os
from pathlib import Path

_BACKGROUND = ("checkpointer", "background writer", "walwriter", "autovacuum", "logical", "stats")


def of_process(pid: int) -> float:
    """Return the seconds of CPU that a process has used, all its threads together."""
    threads = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((each / "schedstat").read_text().split()[0]) for each in threads) / 1e9


def of_postgresql(first: int) -> float:
    """Return the seconds that the backends of a server have used; `first` is its first process."""
    fields = Path(f"/proc/{first}/stat").read_text().rpartition(")")[2].split()
    ended = (int(fields[13]) + int(fields[14])) / os.sysconf("SC_CLK_TCK")
    return ended + sum(map(_of_backend, _children(first)))


def _children(first: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{first}/task/{first}/children").read_text().split()]


def _of_backend(pid: int) -> float:
    try:
        title = Path(f"/proc/{pid}/cmdline").read_text()
        return 0.0 if any(each in title for each in _BACKGROUND) else of_process(pid)
    except OSError:
        return 0.0

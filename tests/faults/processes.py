"""Processes of the backend, each the first of a group of its own."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.faults.cluster import BACKEND

_PAGE: Final = os.sysconf("SC_PAGE_SIZE")
_GROUP: Final = 2
_MEMORY: Final = 1


@dataclass(frozen=True, slots=True)
class Started:
    """A process by its name, such as `api-1`."""

    name: str
    process: subprocess.Popen[bytes]

    @property
    def pid(self) -> int:
        """Return its id, which is that of its group too."""
        return self.process.pid

    @property
    def is_alive(self) -> bool:
        """Return whether it runs."""
        return self.process.poll() is None

    def send(self, number: signal.Signals) -> None:
        """Send a signal to all of its group."""
        try:
            os.killpg(self.pid, number)
        except ProcessLookupError:
            return
        if number is signal.SIGKILL:
            self.process.wait()

    @property
    def files(self) -> int:
        """Return how many files it has open."""
        return len(list(Path(f"/proc/{self.pid}/fd").iterdir()))

    @property
    def memory(self) -> int:
        """Return how many bytes it takes."""
        return int(Path(f"/proc/{self.pid}/statm").read_text().split()[_MEMORY]) * _PAGE


def started(
    name: str, command: list[str], variables: Mapping[str, str], log: Path, **options: int
) -> Started:
    """Start a program of Python in the backend's folder."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, *command],
            cwd=BACKEND,
            env={**os.environ, **variables},
            stdout=options.get("stdout", output),
            stderr=output,
            start_new_session=True,
        )
    return Started(name, process)


def orphans(ended: Iterable[Started]) -> list[int]:
    """Return processes that are left of groups whose first process has ended."""
    groups = {each.pid for each in ended if not each.is_alive}
    found = []
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            told = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(told[_GROUP]) in groups and told[0] != "Z":
            found.append(int(folder.name))
    return found

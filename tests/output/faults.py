"""Faults of the file system, planted at any step of a run."""

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from tospec.output import File, Tree, disk

VERSION: Final = "1"
STEPS: Final = frozenset({"open", "write", "fsync", "fchmod", "rename", "unlink", "mkdir", "rmdir"})
NEEDS_SPACE: Final = frozenset({"open", "write", "mkdir"})

OLD: Final = Tree(
    [
        File("app/__init__.py", "", ("A",)),
        File("app/models/task.py", "old = 1\n", ("A", "B")),
        File("app/gone/only.py", "stale = 1\n", ("C",)),
        File("README.md", "# Old\n"),
        File("same.txt", "same\n"),
    ]
)
NEW: Final = Tree(
    [
        File("app/__init__.py", "", ("A",)),
        File("app/models/task.py", "new = 2\n", ("A", "B")),
        File("app/fresh/deep/new.py", "fresh = 1\n", ("D",)),
        File("README.md", "# New\n"),
        File("same.txt", "same\n"),
    ]
)


class FaultyOs:
    """The module `os`, but for what happens at some of the calls that change the disk."""

    def __init__(self, at: int, fault: Callable[[], None], *, lasting: bool = False) -> None:
        self.calls = 0
        self._at = at
        self._fault = fault
        self._lasting = lasting

    def __getattr__(self, name: str) -> Any:
        member = getattr(os, name)
        return self._counted(name, member) if name in STEPS else member

    def _counted(self, name: str, member: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            if name == "open" and not arguments[1] & os.O_CREAT:
                return member(*arguments, **named)
            self.calls += 1
            again = self._lasting and self.calls > self._at and name in NEEDS_SPACE
            if self.calls == self._at or again:
                self._fault()
            return member(*arguments, **named)

        return call


def no_space() -> None:
    """Fail as a full disk does."""
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@contextmanager
def faulty(at: int, fault: Callable[[], None], *, lasting: bool = False) -> Iterator[FaultyOs]:
    """Let the file system of `tospec.output` fail at its step number `at`."""
    planted = FaultyOs(at, fault, lasting=lasting)
    vars(disk)["os"] = planted
    try:
        yield planted
    finally:
        vars(disk)["os"] = os


def snapshot(folder: Path) -> dict[str, str | None]:
    """Return the content of every file below a folder; None for a folder."""
    return {
        str(path.relative_to(folder)): path.read_text() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
    }

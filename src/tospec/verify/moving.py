"""The clock of a target that is told the time: a file says by how many seconds it is ahead."""

import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tospec.errors import UsageError

_HELP = "Give --clock the file that the target's CLOCK_FILE names, on this machine."


class TargetClock:
    """Tells what time it is for the target, and sets that ahead; it never goes back.

    Args:
        file: What the target reads.
        moved: Is called after each move: whoever has signed in may have to do so again.

    Raises:
        UsageError: If the file holds something else.
    """

    def __init__(self, file: Path, moved: Callable[[], None]) -> None:
        self._file = file
        self._moved = moved
        self._ahead = _ahead_of(file)

    def now(self) -> datetime:
        """Return what time it is for the target."""
        return datetime.now(UTC) + self._ahead

    def advance(self, instant: datetime) -> None:
        """Let it be an instant for the target, if that is still to come.

        Raises:
            UsageError: If the file cannot be written.
        """
        left = instant - self.now()
        if left <= timedelta():
            return
        self._ahead += left
        _write(self._file, f"{self._ahead.total_seconds():.3f}")
        self._moved()


def _ahead_of(file: Path) -> timedelta:
    try:
        seconds = float(file.read_text(encoding="ascii")) if file.exists() else 0.0
    except (OSError, ValueError) as fault:
        raise UsageError(f"{file} does not hold a number of seconds.", _HELP) from fault
    if not math.isfinite(seconds) or seconds < 0:
        raise UsageError(f"{file} does not hold a number of seconds.", _HELP)
    return timedelta(seconds=seconds)


def _write(file: Path, text: str) -> None:
    """Write a file as a whole: whoever reads it meanwhile sees the text before or this one."""
    beside = file.with_name(f".{file.name}.new")
    try:
        beside.write_text(text, encoding="ascii")
        beside.replace(file)
    except OSError as fault:
        raise UsageError(f"{file} cannot be written: {fault.strerror}.", _HELP) from fault

"""A clock that tests set ahead, so that nobody waits for what happens at its time."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.core.clock import Clock, SystemClock
from app.core.job_settings import JobSettings


class MovedClock:
    """The clock of the machine, ahead by as many seconds as a file says.

    Every process that has the file goes by the same time. While there is none, it is not ahead.

    Args:
        file: Holds a number of seconds, as a text.
    """

    def __init__(self, file: Path) -> None:
        self._file = file

    def now(self) -> datetime:
        """Return the instant that it is by this clock: aware, UTC, with microseconds."""
        return datetime.now(UTC) + self._ahead()

    def _ahead(self) -> timedelta:
        if not self._file.exists():
            return timedelta()
        return timedelta(seconds=float(self._file.read_text(encoding="ascii")))


def clock_of(settings: JobSettings) -> Clock:
    """Return the clock by which the service goes: the machine's, unless settings say otherwise."""
    return SystemClock() if settings.clock_file is None else MovedClock(settings.clock_file)

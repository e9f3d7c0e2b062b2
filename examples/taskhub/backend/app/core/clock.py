"""The time, as a dependency, so that tests may hold it."""

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Return the current instant: aware, UTC, with microseconds."""
        ...


class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        """Return the current instant: aware, UTC, with microseconds."""
        return datetime.now(UTC)

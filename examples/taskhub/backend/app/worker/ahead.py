"""Jobs that a worker has leased before it is free for them."""

import time
from collections import deque
from collections.abc import Collection, Iterable
from typing import Final
from uuid import UUID

from app.worker.lease import Lease

_MOMENT: Final = 0.1
"""How many seconds a job may be expected to wait for its turn in a worker that has leased it."""
_STALE: Final = 1.0
"""How many it may wait at the most, whatever was expected."""
_TURNS: Final = 4
"""How many jobs are held at the most for each that is run at once."""
_WEIGHT: Final = 0.2
"""How much the last job says of how long the next one takes."""


class Ahead:
    """Jobs that a worker begins with as soon as it is free, without asking the queue.

    There are as many as it begins with within a moment, if jobs go on taking as long as they did
    lately; so whoever else is idle hardly waits for them. Their attempts are counted already:
    what dies with its worker before it has begun has lost one. A last attempt is therefore never
    held, and while most jobs have but one, nothing is.

    Args:
        at_once: How many jobs the worker runs at once.
    """

    def __init__(self, at_once: int) -> None:
        self._at_once = at_once
        self._held: deque[tuple[float, Lease]] = deque()
        self._slow = 2 * at_once * _MOMENT
        self._seconds = self._slow

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._held)

    @property
    def leases(self) -> Collection[Lease]:
        """Return all of them."""
        return [lease for _, lease in self._held]

    @property
    def most(self) -> int:
        """Return how many there may be, as things go."""
        return int(self._at_once * _MOMENT / max(self._seconds, _MOMENT / _TURNS))

    def note(self, lease: Lease, seconds: float) -> None:
        """Take in how long a job has taken."""
        taken = self._slow if lease.is_last else seconds
        self._seconds += (taken - self._seconds) * _WEIGHT

    def pause(self) -> None:
        """Hold nothing more until some jobs were quick again."""
        self._seconds = self._slow

    def add(self, leases: Iterable[Lease]) -> None:
        """Hold some more."""
        now = time.monotonic()
        self._held.extend((now, lease) for lease in leases)

    def next(self) -> Lease:
        """Return the one to begin with, which is held no more."""
        return self._held.popleft()[1]

    def drop(self, ids: Collection[UUID]) -> None:
        """Hold those no more."""
        self._held = deque(each for each in self._held if each[1].id not in ids)

    def stale(self) -> Collection[Lease]:
        """Return those that have waited too long for their turn."""
        since = time.monotonic() - _STALE
        return [lease for held_at, lease in self._held if held_at < since]

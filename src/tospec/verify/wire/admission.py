"""Which requests may go out: within the budget, not too fast, not after the end."""

import time
from threading import Condition
from typing import Final

from tospec.verify.base import Unavailable

_LONGEST_PAUSE: Final = 0.2


class RunEndedError(Unavailable):
    """No more requests go out: the run was stopped, or its budget is spent."""


class NotAllowedError(Unavailable):
    """A request that this run must not send, such as a write when it only reads."""


class RateLimitedError(Unavailable):
    """The target answers nobody who asks so often."""


class Admission:
    """Counts the requests of a run and holds back those that must not go.

    Args:
        budget: How many may go; None for any number.
        rate: How many a second; None for any number.
    """

    def __init__(self, *, budget: int | None = None, rate: float | None = None) -> None:
        self._budget = budget
        self._pause = 1 / rate if rate else 0.0
        self._next = 0.0
        self._sent = 0
        self._ended = ""
        self._changed = Condition()

    @property
    def sent(self) -> int:
        """How many requests went out."""
        return self._sent

    @property
    def ended(self) -> str:
        """Why no more requests go out; empty while they do."""
        return self._ended

    def end(self, reason: str) -> None:
        """Let no more requests of cases out; the first reason stays."""
        with self._changed:
            self._ended = self._ended or reason
            self._changed.notify_all()

    def admit(self, owed: int = 0) -> None:
        """Let a request of a case out, when it is its turn.

        Args:
            owed: How many requests of the budget are set aside for cleaning up.

        Raises:
            RunEndedError: If none may go out any longer.
        """
        with self._changed:
            if self._budget is not None and self._sent + owed >= self._budget:
                self._ended = self._ended or f"the budget of {self._budget} requests is spent"
            self._sent += 1
            at = self._turn()
            while not self._ended and (wait := at - time.monotonic()) > 0:
                self._changed.wait(min(wait, _LONGEST_PAUSE))
            if self._ended:
                self._sent -= 1
                raise RunEndedError(self._ended)

    def hold(self, seconds: float) -> None:
        """Let no request out for a while, since the target asked for that."""
        with self._changed:
            self._next = max(self._next, time.monotonic() + seconds)

    def admit_cleaning(self) -> bool:
        """Return whether a request that cleans up may go out, and wait until it is its turn."""
        with self._changed:
            if self._budget is not None and self._sent >= self._budget:
                return False
            wait = self._turn() - time.monotonic()
            self._sent += 1
        time.sleep(max(wait, 0.0))
        return True

    def _turn(self) -> float:
        at = max(self._next, time.monotonic())
        self._next = at + self._pause
        return at

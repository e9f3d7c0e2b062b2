"""A circuit breaker: whoever fails too often is left alone for a while."""

import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from enum import IntEnum

from app.core.outside import HeldError
from app.integrations.policies import Breaking


class State(IntEnum):
    """Whether calls pass; metrics tell its number."""

    CLOSED = 0
    HALF_OPEN = 1
    OPEN = 2

    @property
    def word(self) -> str:
        """Return it as people read it."""
        return self.name.lower().replace("_", "-")


class FailedError(Exception):
    """A call that counts against the service, whatever becomes of it."""


class AnsweredError(Exception):
    """A call that came to nothing although the service lives."""


class Breaker:
    """Lets calls to one service pass, or not.

    Closed, it lets all pass, and opens after so many failures within a time. Open, it lets none
    pass until its time is over. Then it is half open: one call passes, and what becomes of that
    one closes it or opens it again.

    Args:
        policy: When it opens, and for how long.
        pause: How long calls wait for what becomes of the one that passes.
        clock: Tells seconds that never go back.
    """

    def __init__(
        self, policy: Breaking, *, pause: timedelta, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._policy = policy
        self._pause = pause
        self._clock = clock
        self._failures: deque[float] = deque(maxlen=policy.failures)
        self._opened: float | None = None
        self._probing = False

    @property
    def state(self) -> State:
        """Whether calls pass now."""
        if self._opened is None:
            return State.CLOSED
        return State.OPEN if self._left() > timedelta() else State.HALF_OPEN

    @contextmanager
    def passing(self) -> Iterator[None]:
        """Let a call pass, and learn from what becomes of it.

        Raises:
            HeldError: If it must not pass.
        """
        probes = self._enter()
        try:
            yield
        except FailedError:
            self._fail(probes=probes)
            raise
        except AnsweredError:
            self._succeed(probes=probes)
            raise
        else:
            self._succeed(probes=probes)
        finally:
            self._probing = self._probing and not probes

    def _enter(self) -> bool:
        """Let a call pass; return whether the state depends on it."""
        match self.state:
            case State.CLOSED:
                return False
            case State.HALF_OPEN if not self._probing:
                self._probing = True
                return True
            case _:
                raise HeldError("The circuit is open.", after=max(self._left(), self._pause))

    def _fail(self, *, probes: bool) -> None:
        now = self._clock()
        if probes:
            self._opened = now
        elif self._opened is None:
            self._failures.append(now)
            within = now - self._failures[0] <= self._policy.within.total_seconds()
            if len(self._failures) == self._policy.failures and within:
                self._opened = now

    def _succeed(self, *, probes: bool) -> None:
        # A call from before it opened says nothing about now.
        if probes:
            self._opened = None
            self._failures.clear()

    def _left(self) -> timedelta:
        opened = self._clock() if self._opened is None else self._opened
        return self._policy.open - timedelta(seconds=self._clock() - opened)

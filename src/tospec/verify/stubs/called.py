"""What a stub was asked for, and what it answers."""

import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Condition
from typing import Final

from tospec.model import Call, Integration
from tospec.verify.base import Json

MOST_KEPT: Final = 100_000
"""Requests that are remembered; a run asks for far fewer."""

type Fits = Callable[["Called"], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """One request that reached a stub. What proves who asks is never kept.

    Attributes:
        at: Seconds of the monotonic clock.
        call: Name of the call in the spec; empty for what the spec does not have.
        asked: Method and path.
        key: The `Idempotency-Key`; empty without one.
        proven: Whether the header that proves who asks was there.
        body: What was sent; empty when that was no JSON object.
        fault: In which way the request is not the one that the spec describes.
    """

    at: float
    call: str
    asked: str
    key: str = ""
    proven: bool = False
    body: Mapping[str, Json] = field(default_factory=dict)
    fault: str = ""

    def told(self, name: str) -> str:
        """Return a value of the body as a text; empty when there is none."""
        value = self.body.get(name, "")
        return value if isinstance(value, str) else repr(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a stub answers instead of doing what it is asked for.

    Attributes:
        status: HTTP status; 0 for none at all.
        headers: Beside those that every answer has.
        text: Its body.
        seconds: How long it waits before.
    """

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    text: str = ""
    seconds: float = 0.0


@dataclass(slots=True)
class Orders:
    """Replies to the next requests that fit, in order.

    Attributes:
        left: Replies that nobody got yet; the last one is given again and again if it `stays`.
    """

    fits: Fits
    left: list[Reply]
    stays: bool = False

    def next(self, called: Called) -> Reply | None:
        """Return the reply to a request; None if it is to be done as usual."""
        if not self.left or not self.fits(called):
            return None
        return self.left[0] if self.stays and len(self.left) == 1 else self.left.pop(0)


@dataclass(slots=True)
class Stub:
    """What stands in for another service: what it was asked for, and how it is to fail.

    For many threads.
    """

    integration: Integration
    _called: list[Called] = field(default_factory=list)
    _orders: list[Orders] = field(default_factory=list)
    _changed: Condition = field(default_factory=Condition)

    def call_of(self, method: str, path: str) -> Call | None:
        """Return the call that a request is about; the base path is the installation's."""
        found = (c for c in self.integration.calls if c.method == method and path.endswith(c.path))
        return max(found, key=lambda call: len(call.path), default=None)

    def take(self, called: Called) -> Reply | None:
        """Remember a request; return how to reply to it, None for as usual."""
        with self._changed:
            if len(self._called) < MOST_KEPT:
                self._called.append(called)
            self._changed.notify_all()
            replies = (orders.next(called) for orders in self._orders)
            return next((reply for reply in replies if reply is not None), None)

    def order(self, fits: Fits, *replies: Reply, stays: bool = False) -> Orders:
        """Let the next requests that fit be replied to so; return what `withdraw` takes."""
        orders = Orders(fits=fits, left=list(replies), stays=stays)
        with self._changed:
            self._orders.append(orders)
        return orders

    def withdraw(self, orders: Orders) -> None:
        """Do again as asked."""
        with self._changed:
            self._orders.remove(orders)

    @property
    def mark(self) -> int:
        """How many requests there were so far."""
        with self._changed:
            return len(self._called)

    def since(self, mark: int, fits: Fits) -> tuple[Called, ...]:
        """Return the requests after a mark that fit."""
        with self._changed:
            return tuple(each for each in self._called[mark:] if fits(each))

    def wait(self, mark: int, fits: Fits, many: int, seconds: float) -> Sequence[Called]:
        """Wait until so many requests after a mark fit, or for so long; return those that do."""
        end = time.monotonic() + seconds
        with self._changed:
            while True:
                found = [each for each in self._called[mark:] if fits(each)]
                left = end - time.monotonic()
                if len(found) >= many or left <= 0:
                    return found
                self._changed.wait(left)


def fits_texts(patterns: Mapping[str, str]) -> Fits:
    """Return whether a request's values match regular expressions, by name."""
    compiled = {name: re.compile(pattern, re.DOTALL) for name, pattern in patterns.items()}

    def fits(called: Called) -> bool:
        return all(each.fullmatch(called.told(name)) for name, each in compiled.items())

    return fits

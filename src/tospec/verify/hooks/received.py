"""What was delivered to a webhook, and what its receiver says to that."""

import base64
import binascii
import hashlib
import hmac
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Condition
from typing import Final

from tospec.verify.base import Json
from tospec.verify.stubs.called import Reply

MOST_KEPT: Final = 20_000
"""Deliveries that one inbox remembers."""
THANKS: Final = Reply(status=200, text="{}")
_PREFIX: Final = "whsec_"
_VERSION: Final = "v1"

type Fits = Callable[["Received"], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """One attempt at a delivery.

    Attributes:
        at: Seconds of the monotonic clock.
        when: Instant of the machine's clock.
        id: `Webhook-Id`; empty without one.
        timestamp: `Webhook-Timestamp`; empty without one.
        signature: `Webhook-Signature`; empty without one.
        content: The body as it came.
        body: What it says; empty when it is no JSON object.
    """

    at: float
    when: datetime
    method: str
    media_type: str
    id: str
    timestamp: str
    signature: str
    content: bytes
    body: Mapping[str, Json] = field(default_factory=dict)

    @property
    def type(self) -> str:
        """The event's name; empty if none is told."""
        found = self.body.get("type")
        return found if isinstance(found, str) else ""

    @property
    def data(self) -> Mapping[str, Json]:
        """What the event carries; empty if that is no JSON object."""
        found = self.body.get("data")
        return found if isinstance(found, dict) else {}

    def is_signed_with(self, secret: str) -> bool:
        """Return whether it is signed with a secret, as Standard Webhooks has it."""
        try:
            key = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
        except binascii.Error:
            return False
        signed = f"{self.id}.{self.timestamp}.".encode() + self.content
        tag = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
        given = (each.partition(",") for each in self.signature.split(" "))
        return any(v == _VERSION and hmac.compare_digest(s, tag) for v, _, s in given)


@dataclass(slots=True)
class Inbox:
    """Where one webhook delivers to; for many threads.

    Attributes:
        url: Its address.
        reply: Says how to reply to an attempt, given how many there were at that delivery.
    """

    url: str
    reply: Callable[[Received, int], Reply] = lambda received, attempt: THANKS
    _received: list[Received] = field(default_factory=list)
    _changed: Condition = field(default_factory=Condition)

    def take(self, received: Received) -> Reply:
        """Remember an attempt; return how to reply to it."""
        with self._changed:
            if len(self._received) < MOST_KEPT:
                self._received.append(received)
            self._changed.notify_all()
            attempt = sum(each.id == received.id for each in self._received)
        return self.reply(received, attempt)

    def those(self, fits: Fits) -> list[Received]:
        """Return the attempts that fit, in order."""
        with self._changed:
            return [each for each in self._received if fits(each)]

    def wait(self, fits: Fits, many: int, seconds: float) -> list[Received]:
        """Wait until so many attempts fit, or for so long; return those that do."""
        end = time.monotonic() + seconds
        with self._changed:
            while True:
                found = [each for each in self._received if fits(each)]
                left = end - time.monotonic()
                if len(found) >= many or left <= 0:
                    return found
                self._changed.wait(left)


def now() -> datetime:
    """Return the instant by the machine's clock."""
    return datetime.now(UTC)

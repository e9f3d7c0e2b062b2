"""How often something may be asked, and how often it still may."""

import math
import time
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

from app.core.errors import TooManyAttemptsError

_FEWEST_SWEPT: Final = 10_000


class QuotaExceededError(TooManyAttemptsError):
    """Somebody asks too often; `retry_after` is in whole seconds."""

    slug = "quota-exceeded"
    title = "Too many requests."


@dataclass(frozen=True, kw_only=True)
class Limit:
    """So many requests within so many seconds."""

    name: str
    requests: int
    seconds: int

    @cached_property
    def policy(self) -> str:
        """Return the limit as a header field tells of it."""
        return f'"{self.name}";q={self.requests};w={self.seconds}'


class Quota(NamedTuple):
    """What is left of a limit for somebody.

    Attributes:
        exceeded: Whether the request at hand is one too many.
        remaining: Requests that are left.
        reset: Seconds until all may be made again, at least one.
    """

    limit: Limit
    exceeded: bool
    remaining: int
    reset: int

    @property
    def headers(self) -> list[tuple[bytes, bytes]]:
        """Return the header fields that tell of it (draft-ietf-httpapi-ratelimit-headers)."""
        left = f'"{self.limit.name}";r={self.remaining};t={self.reset}'
        policy = self.limit.policy.encode()
        return [(b"ratelimit-policy", policy), (b"ratelimit", left.encode())]


class Windows:
    """Counts requests in this process, within windows that begin with somebody's first one."""

    def __init__(self) -> None:
        self._open: dict[tuple[str, str], tuple[float, int]] = {}
        self._swept_at = _FEWEST_SWEPT

    def take(self, limit: Limit, who: str) -> Quota:
        """Count a request of `who`."""
        now = time.monotonic()
        end, count = self._open.get((limit.name, who), (0.0, 0))
        if end <= now:
            end, count = now + limit.seconds, 0
            self._sweep(now)
        self._open[limit.name, who] = end, count + 1
        return Quota(
            limit=limit,
            exceeded=count >= limit.requests,
            remaining=max(0, limit.requests - count - 1),
            reset=max(1, math.ceil(end - now)),
        )

    def _sweep(self, now: float) -> None:
        """Forget windows that have ended, each time there are twice as many as were left."""
        if len(self._open) >= self._swept_at:
            self._open = {key: kept for key, kept in self._open.items() if kept[0] > now}
            self._swept_at = max(_FEWEST_SWEPT, 2 * len(self._open))

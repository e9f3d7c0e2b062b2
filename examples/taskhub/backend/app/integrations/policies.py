"""How other services are asked: for how long, how often, how many at once, and when not at all."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """What follows a failed attempt, within one call.

    Attributes:
        attempts: How often it is tried at the most, the first time counted.
        base: The longest wait after the first attempt; it doubles with each further one.
        cap: The longest wait after any.
        budget: How many retries there may be for each call, on average.
    """

    attempts: int
    base: timedelta
    cap: timedelta
    budget: float

    def longest_wait(self, attempt: int) -> timedelta:
        """Return the longest wait after `attempt` has failed, counted from 1."""
        return min(self.base * (1 << (attempt - 1)), self.cap)


@dataclass(frozen=True, slots=True, kw_only=True)
class Breaking:
    """When a service is left alone.

    Attributes:
        failures: How many are too many.
        within: The time in which they are counted.
        open: How long it is left alone.
    """

    failures: int
    within: timedelta
    open: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How one other service is asked.

    Attributes:
        timeout: How long one attempt may take as a whole.
        concurrency: How many calls a process makes at once.
        waits: Whether work waits, and is not taken for failed, while the service is left alone.
    """

    timeout: timedelta
    retry: Retry
    breaker: Breaking
    concurrency: int
    waits: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One thing that a service may be asked for.

    Attributes:
        path: Behind the base URL of the service.
        keyed: Whether the service does the same key's work only once.
    """

    name: str
    method: str
    path: str
    keyed: bool = False

    @property
    def has_body(self) -> bool:
        """Whether values are sent with it."""
        return self.method in {"POST", "PUT", "PATCH"}

    @property
    def is_repeatable(self) -> bool:
        """Whether asking twice does what asking once does."""
        return self.keyed or self.method in {"GET", "PUT", "DELETE"}

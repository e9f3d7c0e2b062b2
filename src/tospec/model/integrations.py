"""Integrations: other services, what they are asked for, and how."""

from dataclasses import dataclass

from tospec.model.expressions import Expression
from tospec.model.fields import Field
from tospec.source import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One thing that a service can be asked for.

    Attributes:
        body: What is sent.
        keyed: Whether the service does what comes under one `Idempotency-Key` once.
        returns: What is answered, as far as anybody asks.
    """

    name: str
    method: str
    path: str
    body: tuple[Field, ...]
    keyed: bool
    returns: tuple[Field, ...]
    span: Span
    description: str = ""

    @property
    def is_repeatable(self) -> bool:
        """Whether asking twice does what asking once does."""
        return self.keyed or self.method in {"GET", "PUT", "DELETE"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """By what a service knows who asks.

    Attributes:
        header: The header that carries the secret; None for a bearer token.
        secret: Setting that holds it.
    """

    header: str | None
    secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRetry:
    """What follows a failed attempt within one call; times in milliseconds.

    Attributes:
        attempts: How often it is tried, the first time included.
        base: The bound of the first wait; each further one is twice as long.
        cap: What no bound exceeds.
        budget: Retries for a hundred calls.
    """

    attempts: int
    base: int
    cap: int
    budget: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Breaker:
    """When a service is left alone, and for how long; times in milliseconds."""

    failures: int
    within: int
    open: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Something that a service tells of its own accord; here it is an event.

    Attributes:
        event: Name of the event.
        type: What the service calls it.
        about: The value that says which row it is about; None when none does.
        of: Entity of that row.
        data: What it tells beside, as far as anybody asks.
    """

    event: str
    type: str
    about: Field | None
    of: str
    data: tuple[Field, ...]
    span: Span
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """How a service tells something of its own accord: signed, as Standard Webhooks has it.

    Attributes:
        secret: Setting that holds what signs; another with `_PREVIOUS` holds what signed before.
        tolerance: Seconds that the clocks of both may be apart, the way of a message included.
        unknown: What becomes of messages of other types: `acknowledge` or `refuse`.
        keep: Seconds for which ids are remembered, so that nothing is taken in twice.
        given: Keys that the spec itself wrote; the convention integrations-1 filled in the others.
    """

    path: str
    secret: str
    tolerance: int
    unknown: str
    keep: int
    messages: tuple[Message, ...]
    given: tuple[str, ...]
    span: Span

    @property
    def secrets(self) -> tuple[str, str]:
        """Settings that hold what signs, and what signed before."""
        return self.secret, previous(self.secret)


def previous(secret: str) -> str:
    """Return the setting that holds what `secret` held before it was changed."""
    return f"{secret}_PREVIOUS"


@dataclass(frozen=True, slots=True, kw_only=True)
class Integration:
    """Another service.

    Attributes:
        url: Setting that holds its base URL.
        timeout: Milliseconds that one attempt may take as a whole.
        degraded: What becomes of jobs while it is left alone: `wait` or `fail`.
        concurrency: How many calls a process makes at once.
        sends: What it tells of its own accord; None if nothing.
        given: Keys that the spec itself wrote; the convention integrations-1 filled in the others.
    """

    name: str
    url: str
    proof: Proof | None
    timeout: int
    retry: CallRetry
    breaker: Breaker
    degraded: str
    concurrency: int
    calls: tuple[Call, ...]
    given: tuple[str, ...]
    requirements: tuple[str, ...]
    span: Span
    description: str = ""
    sends: Sending | None = None

    @property
    def longest_call(self) -> int:
        """Milliseconds that a call may take with all its attempts and waits."""
        waits = (self.retry.base * (1 << each) for each in range(self.retry.attempts - 1))
        return self.timeout * self.retry.attempts + sum(min(w, self.retry.cap) for w in waits)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A step of a job: ask another service for something.

    Attributes:
        values: What is sent, by name, in the order of the call's body.
    """

    integration: str
    call: str
    values: tuple[tuple[str, Expression], ...]
    span: Span

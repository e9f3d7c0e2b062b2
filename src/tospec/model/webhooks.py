"""Webhooks: where tenants have events delivered to, and how."""

from dataclasses import dataclass

from tospec.source import Span

_STEPS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryRetry:
    """What follows a failed attempt at a delivery; times in seconds.

    Attributes:
        attempts: How often it is tried, the first time included.
        base: The bound of the first wait.
        within: What all waits come to at the most.
    """

    attempts: int
    base: int
    within: int

    @property
    def waits(self) -> tuple[int, ...]:
        """The bound of each wait: each is as many times the one before, up to `within` in all."""
        count = self.attempts - 1
        low, high = 1.0, float(max(self.within, 2))
        for _ in range(_STEPS):
            middle = (low + high) / 2
            if sum(self.base * middle**each for each in range(count)) > self.within:
                high = middle
            else:
                low = middle
        return tuple(int(self.base * low**each) for each in range(count))


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhooks:
    """What tenants may have delivered, and how.

    Attributes:
        manage: Permission to see and change webhooks, and to deliver by hand.
        events: Events that a webhook may hear of.
        limit: How many a tenant may have.
        timeout: Seconds that one attempt may take as a whole.
        disable_after: How many failed deliveries in a row switch a webhook off.
        keep: Seconds for which deliveries stay.
        disabled: Event that announces that the service switched one off; None if none does.
        given: Keys that the spec itself wrote; the convention webhooks-1 filled in the others.
    """

    manage: str
    events: tuple[str, ...]
    limit: int
    timeout: int
    retry: DeliveryRetry
    disable_after: int
    keep: int
    disabled: str | None
    given: tuple[str, ...]
    requirements: tuple[str, ...]
    span: Span

"""Webhooks: which events are delivered to addresses of tenants, and how."""

from dataclasses import dataclass

from tospec.ir.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhooks:
    """How events are delivered; times in seconds.

    Attributes:
        permission: What it takes to see and change webhooks.
        events: Names of the events that a webhook may hear of.
        limit: How many a tenant may have.
        timeout: How long one attempt may take.
        waits: The longest wait after each attempt but the last.
        disable_after: How many failed deliveries in a row switch a webhook off.
        disabled: What is announced then; None if nothing is.
    """

    permission: str
    events: tuple[str, ...]
    limit: int
    timeout: int
    waits: tuple[int, ...]
    disable_after: int
    disabled: Event | None
    requirements: tuple[str, ...]

    @property
    def origins(self) -> tuple[str, ...]:
        """Return the items of the spec that it comes from."""
        return (*self.requirements, "webhooks")

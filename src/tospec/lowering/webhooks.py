"""From webhooks to what a backend knows of them."""

from collections.abc import Iterator

from tospec.ir.webhooks import Webhooks
from tospec.lowering.events import event_of
from tospec.model import Field, FieldType, System


def webhooks_of(system: System) -> Webhooks | None:
    """Return how events are delivered; None if they are not."""
    spec = system.webhooks
    if spec is None:
        return None
    return Webhooks(
        permission=spec.manage,
        events=spec.events,
        limit=spec.limit,
        timeout=spec.timeout,
        waits=spec.retry.waits,
        disable_after=spec.disable_after,
        disabled=event_of(system, system.event(spec.disabled)) if spec.disabled else None,
        requirements=spec.requirements,
    )


def settings_of_webhooks(system: System) -> Iterator[Field]:
    """Yield the settings that webhooks bring."""
    if system.webhooks:
        yield Field(
            name="WEBHOOKS_KEEP",
            type=FieldType.DURATION,
            span=system.webhooks.span,
            default=system.webhooks.keep,
            has_default=True,
            description="How long one can see what became of a delivery to a webhook.",
        )

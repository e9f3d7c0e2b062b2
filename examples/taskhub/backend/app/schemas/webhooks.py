"""Wire format of webhooks and deliveries."""

from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from app.models.webhook import MAX_URL, Webhook, WebhookDisabledBecause
from app.models.webhook_delivery import WebhookDeliveryState
from app.models.webhook_event import WebhookEvent
from app.schemas.base import Changes, Input, View, absent
from app.schemas.fields import Id, Instant
from app.schemas.page import ListParameters


def _distinct(events: list[WebhookEvent]) -> list[WebhookEvent]:
    if len(set(events)) != len(events):
        code = "not_distinct"
        raise PydanticCustomError(code, "Must not hold an event twice.")
    return events


WebhookUrl = Annotated[
    str,
    Field(
        min_length=1,
        max_length=MAX_URL,
        description="An https address on port 443 or 8443 of a host that the internet knows.",
    ),
]
"""Where events are delivered to."""
WebhookEvents = Annotated[
    list[Annotated[WebhookEvent, Field(strict=False)]],
    Field(min_length=1),
    AfterValidator(_distinct),
]
"""Some events, none of them twice."""


class WebhookInput(Input):
    """What a client sends to hear of events."""

    url: WebhookUrl
    events: WebhookEvents


class WebhookUpdate(Changes):
    """What a client may change of a webhook; what is left out stays as it is."""

    url: WebhookUrl = absent()
    events: WebhookEvents = absent()
    active: bool = absent()


class WebhookListParameters(ListParameters):
    """How the webhooks are sorted."""

    sort: Literal["created_at", "-created_at"] = "-created_at"


class WebhookView(View):
    """A webhook."""

    id: UUID
    url: str
    events: list[str]
    active: bool
    disabled_because: WebhookDisabledBecause | None
    owner_id: UUID
    created_at: Instant
    updated_at: Instant
    version: int


class IssuedWebhookView(WebhookView):
    """A webhook with a new signing secret, which is told this once: None for who asks again."""

    secret: str | None

    @classmethod
    def of_issued(cls, webhook: Webhook, *, secret: str | None) -> Self:
        """Return the representation of `webhook` with its secret."""
        shown = WebhookView.model_validate(webhook)
        return cls(**shown.model_dump(), secret=secret)


class WebhookDeliveryListParameters(ListParameters):
    """How the deliveries are filtered and sorted."""

    webhook_id: Id | None = None
    state: WebhookDeliveryState | None = None
    sort: Literal["created_at", "-created_at"] = "-created_at"


class WebhookDeliverySummary(View):
    """A delivery, as lists show it."""

    id: UUID
    webhook_id: UUID
    event_id: UUID
    type: str
    state: WebhookDeliveryState
    run_at: Instant
    attempt: int
    max_attempts: int
    status: int | None
    reason: str | None
    created_at: Instant
    finished_at: Instant | None


class WebhookAttemptView(View):
    """What became of an attempt: nothing that the receiver said but the status."""

    at: str
    status: int | None
    reason: str | None
    duration_ms: int


class WebhookDeliveryDetail(WebhookDeliverySummary):
    """A delivery, what it carries, and what became of its attempts."""

    occurred_at: Instant
    payload: dict[str, Any]
    attempts: list[WebhookAttemptView]

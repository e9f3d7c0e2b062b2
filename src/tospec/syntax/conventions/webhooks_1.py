"""webhooks-1: how events are delivered where the spec does not say, and what can be done then."""

from functools import partial
from typing import Final

from tospec.model import DeliveryRetry, Field, FieldType, Kind, Operation, Relation, Webhooks
from tospec.source import Span
from tospec.syntax.conventions.data_1 import added_fields, managed_field

NAME: Final = "webhooks-1"
LIMIT: Final = 10
TIMEOUT: Final = 10
"""Seconds that an attempt may take."""
RETRY: Final = DeliveryRetry(attempts=8, base=30, within=86_400)
DISABLE_AFTER: Final = 20
KEEP: Final = 30 * 86_400
"""Seconds for which deliveries stay."""
WEBHOOK: Final = "Webhook"
DELIVERY: Final = "WebhookDelivery"
VIEW: Final = "WebhookView"
SUMMARY: Final = "WebhookDeliverySummary"
DETAIL: Final = "WebhookDeliveryDetail"
VIEWS: Final = {
    VIEW: WEBHOOK,
    "IssuedWebhookView": WEBHOOK,
    SUMMARY: DELIVERY,
    DETAIL: DELIVERY,
}
"""Views that the convention brings, with the entity that each shows."""
_DISABLED: Final = ("failures", "gone")
_STATES: Final = ("waiting", "delivered", "failed", "cancelled")
_LONGEST_URL: Final = 2048
_OF_WEBHOOK: Final = (
    *("id", "url", "events", "active", "disabled_because", "owner"),
    *("created_at", "updated_at", "version"),
)
_OF_DELIVERY: Final = (
    *("id", "webhook_id", "event_id", "type", "state", "run_at", "attempt", "max_attempts"),
    *("status", "reason", "created_at", "finished_at"),
)
_SHOWN: Final = {
    VIEW: _OF_WEBHOOK,
    SUMMARY: _OF_DELIVERY,
    DETAIL: (*_OF_DELIVERY, "occurred_at", "payload", "attempts"),
}
_HOOK: Final = "/v1/webhooks/{webhook}"
_SENT: Final = "/v1/webhook-deliveries"
_ROUTES: Final = (
    ("CreateWebhook", "POST", "/v1/webhooks", WEBHOOK, VIEW),
    ("ListWebhooks", "GET", "/v1/webhooks", WEBHOOK, VIEW),
    ("GetWebhook", "GET", _HOOK, WEBHOOK, VIEW),
    ("UpdateWebhook", "PATCH", _HOOK, WEBHOOK, VIEW),
    ("DeleteWebhook", "DELETE", _HOOK, WEBHOOK, None),
    ("RotateWebhookSecret", "POST", f"{_HOOK}/rotate-secret", WEBHOOK, VIEW),
    ("PingWebhook", "POST", f"{_HOOK}/ping", DELIVERY, DETAIL),
    ("ListWebhookDeliveries", "GET", _SENT, DELIVERY, SUMMARY),
    ("GetWebhookDelivery", "GET", f"{_SENT}/{{webhook_delivery}}", DELIVERY, DETAIL),
    ("RedeliverWebhook", "POST", f"{_SENT}/{{webhook_delivery}}/redeliver", DELIVERY, DETAIL),
)
_field: Final = partial(managed_field, origin=NAME)


def webhook_fields(span: Span) -> tuple[Field, ...]:
    """Return the fields of a webhook, as far as people see them."""
    first, last = added_fields(span, optimistic=True)
    return (
        *first,
        Field(
            name="url",
            type=FieldType.URL,
            span=span,
            length=(1, _LONGEST_URL),
            description="Where events are delivered to.",
            origin=NAME,
        ),
        _field("events", FieldType.JSON, span, "Events that it hears of."),
        _field("active", FieldType.BOOL, span, "Whether anything is delivered."),
        _field(
            "disabled_because",
            FieldType.ENUM,
            span,
            "Why the service switched it off.",
            values=_DISABLED,
            optional=True,
        ),
        *last,
    )


def webhook_relations(span: Span) -> tuple[Relation, ...]:
    """Return the relations of a webhook."""
    owner = Relation(
        name="owner",
        to="User",
        span=span,
        generated_by_principal=True,
        description="Who made it.",
        origin=NAME,
    )
    return (owner,)


def delivery_fields(span: Span) -> tuple[Field, ...]:
    """Return the fields of a delivery, as far as people see them."""
    first, last = added_fields(span, optimistic=False)
    return (
        *first,
        _field("webhook_id", FieldType.UUID, span, "Webhook that it is for."),
        _field("event_id", FieldType.UUID, span, "Id of the event, the same in each attempt."),
        _field("type", FieldType.STRING, span, "Name of the event."),
        _field("state", FieldType.ENUM, span, "How far it has come.", values=_STATES),
        _field("run_at", FieldType.TIMESTAMP, span, "From when on it may be attempted."),
        _field("attempt", FieldType.INT, span, "How often it was attempted."),
        _field("max_attempts", FieldType.INT, span, "How often it may be."),
        _field("status", FieldType.INT, span, "Status of the last answer.", optional=True),
        _field("reason", FieldType.STRING, span, "Why it came to nothing.", optional=True),
        _field("finished_at", FieldType.TIMESTAMP, span, "When it ended.", optional=True),
        _field("occurred_at", FieldType.TIMESTAMP, span, "When the event happened."),
        _field("payload", FieldType.JSON, span, "What the event carried."),
        _field("attempts", FieldType.JSON, span, "What became of each attempt."),
        *last,
    )


def view_fields(view: str) -> tuple[str, ...]:
    """Return the members that a view shows; those of other shapes show none."""
    return _SHOWN.get(view, ())


def operations(webhooks: Webhooks) -> tuple[Operation, ...]:
    """Return the operations on webhooks and deliveries."""
    return tuple(
        Operation(
            name=name,
            kind=Kind.ACCOUNT,
            entity=entity,
            method=method,
            path=path,
            permission=webhooks.manage,
            view=view,
            requirements=webhooks.requirements,
            span=webhooks.span,
            origin=NAME,
        )
        for name, method, path, entity, view in _ROUTES
    )

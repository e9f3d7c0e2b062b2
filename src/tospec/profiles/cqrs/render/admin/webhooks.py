"""Webhooks, as those see them who have events delivered: where to, and what became of deliveries.

Their operations are scaffold, and so is what stands here, as it is with accounts.
"""

from typing import Final

from tospec.ir.logic import Logic
from tospec.profiles.cqrs.render.admin.fields import Described, label_of

_HOOK: Final = "/v1/webhooks/{webhook_id}"
_SENT: Final = "/v1/webhook-deliveries/{webhook_delivery_id}"
_STATES: Final = ["waiting", "delivered", "failed", "cancelled"]
# In the order of the page's colours: what is delivered is green, what has failed is red.
_COLOURED: Final = ["waiting", "cancelled", "delivered", "failed"]
_OF_HOOK: Final = (
    ("url", "string"),
    ("events", "json"),
    ("active", "bool"),
    ("disabled_because", "enum"),
    ("owner_id", "reference"),
    ("created_at", "timestamp"),
    ("updated_at", "timestamp"),
)
_OF_DELIVERY: Final = (
    ("webhook_id", "reference"),
    ("event_id", "uuid"),
    ("type", "string"),
    ("state", "enum"),
    ("run_at", "timestamp"),
    ("attempt", "int"),
    ("max_attempts", "int"),
    ("status", "int"),
    ("reason", "string"),
    ("created_at", "timestamp"),
    ("finished_at", "timestamp"),
    ("occurred_at", "timestamp"),
    ("payload", "json"),
    ("attempts", "json"),
)
_NULLABLE: Final = ("disabled_because", "status", "reason", "finished_at")
_VALUES: Final = {"disabled_because": ["failures", "gone"], "state": _COLOURED}
_TO: Final = {"owner_id": "user", "webhook_id": "webhook"}


def webhook_resources(logic: Logic) -> list[Described]:
    """Return the resources that a backend brings if it delivers to webhooks."""
    if logic.webhooks is None:
        return []
    asked, audited = logic.webhooks.permission, logic.audit_permission is not None
    return [_webhooks(asked, audited=audited), _deliveries(asked, audited=audited)]


def _webhooks(asked: str, *, audited: bool) -> Described:
    return {
        "name": "webhook",
        "segment": "webhooks",
        "noun": "webhook",
        "nouns": "webhooks",
        "about": "Where events are delivered to.",
        "audited": audited,
        "fields": [_field(*each) for each in _OF_HOOK],
        "label": "url",
        "lists": [
            {
                "title": "All",
                "path": "/v1/webhooks",
                "permission": asked,
                "filters": [],
                "sorts": ["created_at"],
                "sort": "-created_at",
                "columns": ["url", "active", "disabled_because", "owner_id", "created_at"],
            }
        ],
        "read": {"method": "GET", "path": _HOOK, "permission": asked},
        "delete": {"method": "DELETE", "path": _HOOK, "permission": asked, "versioned": True},
        "commands": [],
        "links": [],
    }


def _deliveries(asked: str, *, audited: bool) -> Described:
    return {
        "name": "webhook_delivery",
        "segment": "webhook-deliveries",
        "noun": "delivery",
        "nouns": "deliveries",
        "about": "Events on their way to webhooks, and what became of them.",
        "audited": audited,
        "fields": [_field(*each) for each in _OF_DELIVERY],
        "label": "type",
        "state": "state",
        "lists": [
            _list("All", asked),
            _list("Failed", asked) | {"only": {"state": "failed"}},
        ],
        "read": {"method": "GET", "path": _SENT, "permission": asked},
        "commands": [
            {
                "method": "POST",
                "path": f"{_SENT}/redeliver",
                "permission": asked,
                "title": "Deliver again",
                "about": "Attempt a delivery anew that has ended; its id stays.",
                "move": "redeliver",
                "from": ["cancelled", "delivered", "failed"],
                "to": "waiting",
            }
        ],
        "links": [],
    }


def _list(title: str, permission: str) -> Described:
    return {
        "title": title,
        "path": "/v1/webhook-deliveries",
        "permission": permission,
        "filters": [
            _field("webhook_id", "reference"),
            _field("state", "enum") | {"values": _STATES, "single": True},
        ],
        "sorts": ["created_at"],
        "sort": "-created_at",
        "columns": ["type", "webhook_id", "state", "attempt", "status", "reason", "created_at"],
    }


def _field(name: str, kind: str) -> Described:
    field: Described = {"name": name, "label": label_of(name), "kind": kind}
    if name in _VALUES:
        field["values"] = _VALUES[name]
    if name in _TO:
        field["to"] = _TO[name]
    return field | {"nullable": True} if name in _NULLABLE else field

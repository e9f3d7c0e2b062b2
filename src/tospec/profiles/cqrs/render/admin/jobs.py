"""Jobs, as those see them who operate them: what waits, what was given up, and what is done.

Their operations are scaffold, and so is what stands here, as it is with accounts.
"""

from typing import Final

from tospec.ir.logic import Logic
from tospec.profiles.cqrs.render.admin.fields import Described, label_of

_STATES: Final = ["queued", "leased", "done", "dead", "cancelled"]
# In the order of the page's colours: what is done is green, what is dead is red.
_COLOURED: Final = ["queued", "leased", "cancelled", "done", "dead"]
_LABELS: Final = {"history": "Failed attempts"}
_MAX_REASON: Final = 500
_ITEM: Final = "/v1/jobs/{job_id}"
_FIELDS: Final = (
    ("name", "string"),
    ("state", "enum"),
    ("schedule", "string"),
    ("scheduled_for", "timestamp"),
    ("event", "string"),
    ("run_at", "timestamp"),
    ("attempt", "int"),
    ("max_attempts", "int"),
    ("reason", "string"),
    ("created_at", "timestamp"),
    ("finished_at", "timestamp"),
    ("progress", "json"),
    ("history", "json"),
)
_NULLABLE: Final = ("schedule", "scheduled_for", "event", "reason", "finished_at")
_COLUMNS: Final = ["name", "state", "scheduled_for", "event", "attempt", "reason", "finished_at"]


def job_resources(logic: Logic) -> list[Described]:
    """Return the resource that a backend brings if it works in the background."""
    if logic.job_permission is None:
        return []
    asked = {"method": "POST", "permission": logic.job_permission}
    return [
        {
            "name": "job",
            "segment": "jobs",
            "noun": "job",
            "nouns": "jobs",
            "about": "What the service does by itself.",
            "audited": logic.audit_permission is not None,
            "background": True,
            "fields": [_field(*each) for each in _FIELDS],
            "label": "name",
            "state": "state",
            "lists": [
                _list("All", logic.job_permission),
                _list("Dead letters", logic.job_permission) | {"only": {"state": "dead"}},
            ],
            "read": {"method": "GET", "path": _ITEM, "permission": logic.job_permission},
            "commands": [
                asked | _replay(),
                asked | _discard(),
                asked | _cancel(),
            ],
            "links": [],
        }
    ]


def _replay() -> Described:
    return {
        "path": f"{_ITEM}/replay",
        "title": "Run again",
        "about": "Run a dead job again, from where it broke off.",
        "move": "replay",
        "from": ["dead"],
        "to": "queued",
    }


def _discard() -> Described:
    reason: Described = {"name": "reason", "label": "Reason", "kind": "string", "nullable": True}
    return {
        "path": f"{_ITEM}/discard",
        "title": "Discard",
        "about": "Give a dead job up for good; what became of its attempts stays.",
        "move": "discard",
        "from": ["dead"],
        "to": "cancelled",
        "fields": [reason | {"min_length": 1, "max_length": _MAX_REASON}],
    }


def _cancel() -> Described:
    return {
        "path": f"{_ITEM}/cancel",
        "title": "Cancel",
        "about": "Cancel a job that is not done; what it has done stays.",
        "move": "cancel",
        "from": ["queued", "leased"],
        "to": "cancelled",
    }


def _list(title: str, permission: str) -> Described:
    return {
        "title": title,
        "path": "/v1/jobs",
        "permission": permission,
        "filters": [
            _field("state", "enum") | {"values": _STATES, "single": True},
            _field("name", "string"),
        ],
        "sorts": ["created_at"],
        "sort": "-created_at",
        "columns": _COLUMNS,
    }


def _field(name: str, kind: str) -> Described:
    label = _LABELS.get(name, label_of(name))
    field: Described = {"name": name, "label": label, "kind": kind}
    if kind == "enum":
        field["values"] = _COLOURED
    return field | {"nullable": True} if name in _NULLABLE else field

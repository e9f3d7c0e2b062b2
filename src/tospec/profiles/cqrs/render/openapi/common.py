"""What the documents of all backends have in common: accounts, health, problems, forms of values.

`common.json` is what the backend's own modules tell; `python -m tests.profiles.scaffolding` asks
them. A text such as `@roles` stands where a value of the spec belongs.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final

from tospec.ir.data import ErrorCase
from tospec.ir.logic import Logic
from tospec.profiles.cqrs.render.project import password_length
from tospec.python import sentence

type Schema = dict[str, Any]

REFERENCE: Final = "#/components/schemas/"

QUOTA: Final = "QuotaExceededError"
_OF_AUDIT_READERS: Final = ("/v1/audit-entries", "AuditEntryView", "PageView_AuditEntryView_")
_OF_TENANTS: Final = ("/v1/tenant", "TenantDetail", "TenantUpdate")
_OF_JOBS: Final = (
    "/v1/jobs",
    "/v1/jobs/discard",
    "/v1/jobs/replay",
    "/v1/jobs/{job_id}",
    "/v1/jobs/{job_id}/cancel",
    "/v1/jobs/{job_id}/discard",
    "/v1/jobs/{job_id}/replay",
    "/v1/schedules",
    "FailedAttemptView",
    "JobDetail",
    "JobDiscard",
    "JobProgressView",
    "JobState",
    "JobSummary",
    "JobsDiscard",
    "JobsDiscardedView",
    "JobsReplay",
    "JobsReplayedView",
    "PageView_JobSummary_",
    "ScheduleView",
    "SchedulesView",
)
_OF_RUNS: Final = (
    *("/v1/runs", "/v1/runs/{run_id}", "/v1/runs/{run_id}/cancel"),
    *("PageView_RunView_", "RunState", "RunView"),
)
_OF_WEBHOOKS: Final = (
    "/v1/webhook-deliveries",
    "/v1/webhook-deliveries/{webhook_delivery_id}",
    "/v1/webhook-deliveries/{webhook_delivery_id}/redeliver",
    "/v1/webhooks",
    "/v1/webhooks/{webhook_id}",
    "/v1/webhooks/{webhook_id}/ping",
    "/v1/webhooks/{webhook_id}/rotate-secret",
    "WebhookDeliveryState",
    "WebhookDisabledBecause",
    "IssuedWebhookView",
    "PageView_WebhookDeliverySummary_",
    "PageView_WebhookView_",
    "WebhookAttemptView",
    "WebhookDeliveryDetail",
    "WebhookDeliverySummary",
    "WebhookEvent",
    "WebhookInput",
    "WebhookUpdate",
    "WebhookView",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A type of problem, as examples show it."""

    slug: str
    title: str
    status: int
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Common:
    """What the documents of all backends have in common, with the values of one spec.

    Attributes:
        paths: Operations by path and method; each has `raises` in place of its problems.
        errors: Problems by the class of their error.
        always: Errors of every operation.
        raised: Errors that follow from what an operation reads, by the class of the reader.
        page: Parameters of every list.
        condition: The parameter `If-Match`.
        key: The parameter `Idempotency-Key`.
        types: Schemas of the types of members, by the text of their annotation.
        limited: Whether the backend limits how often it is asked.
    """

    openapi: str
    servers: list[Schema]
    security_schemes: Schema
    paths: dict[str, dict[str, Schema]]
    schemas: dict[str, Schema]
    errors: Mapping[str, Problem]
    always: tuple[str, ...]
    raised: Mapping[str, tuple[str, ...]]
    page: tuple[Schema, ...]
    condition: Schema
    key: Schema
    types: Mapping[str, Schema]
    limited: bool

    @property
    def public_url(self) -> str:
        """Where the backend is reached unless its settings say otherwise."""
        return str(self.servers[0]["url"])


def common_of(logic: Logic, errors: Iterable[ErrorCase]) -> Common:
    """Return what all documents have in common, with the values and error cases of a spec."""
    least, greatest = password_length(logic.accounts)
    values: Mapping[str, object] = {
        "@roles": list(logic.access.roles),
        "@webhook_events": list(logic.webhooks.events) if logic.webhooks else [],
        "@least_password": least,
        "@greatest_password": greatest,
    }
    told = json.loads(_text(), object_hook=lambda found: _with_values(found, values))
    unserved = (
        *(() if logic.audit_permission else _OF_AUDIT_READERS),
        *(() if logic.manages_tenants else _OF_TENANTS),
        *(() if logic.jobs else _OF_JOBS),
        *(() if logic.has_runs else _OF_RUNS),
        *(() if logic.webhooks else _OF_WEBHOOKS),
    )
    if not logic.jobs:
        _name_actors(told["schemas"]["AuditEntryView"])
    if not logic.keeps_answers:
        _ask_for_no_key(told)
    problems = {name: Problem(**each) for name, each in told["errors"].items()}
    return Common(
        openapi=told["openapi"],
        servers=told["servers"],
        security_schemes=told["securitySchemes"],
        paths=_without(told["paths"], unserved),
        schemas=_without(told["schemas"], unserved),
        errors=problems | {case.type: _own(case) for case in errors},
        always=tuple(told["always"]),
        raised={reader: tuple(names) for reader, names in told["raised"].items()},
        page=tuple(told["page"]),
        condition=told["condition"],
        key=told["key"],
        types=told["types"],
        limited=logic.limited_per is not None,
    )


def _name_actors(entry: Schema) -> None:
    """Say that somebody did whatever was done; only jobs are nobody's doing."""
    actor = entry["properties"]["actor_id"]
    [named, _] = actor.pop("anyOf")
    entry["properties"]["actor_id"] = {**named, **actor}


def _ask_for_no_key(told: Schema) -> None:
    """Let no operation of the modules take a key, as where none is kept."""
    raised = set(told["raised"]["IdempotencyReader"])
    for operation in (each for methods in told["paths"].values() for each in methods.values()):
        operation["raises"] = [name for name in operation["raises"] if name not in raised]
        if told["key"] in operation.get("parameters", ()):
            operation["parameters"].remove(told["key"])
            if not operation["parameters"]:
                del operation["parameters"]


def _without(found: dict[str, Schema], names: tuple[str, ...]) -> dict[str, Schema]:
    return {name: each for name, each in found.items() if name not in names}


@cache
def _text() -> str:
    source = resources.files("tospec.profiles.cqrs.render.openapi") / "common.json"
    return source.read_text(encoding="utf-8")


def _with_values(found: Schema, values: Mapping[str, object]) -> Schema:
    return {
        key: values.get(each, each) if isinstance(each, str) else each
        for key, each in found.items()
    }


def _own(case: ErrorCase) -> Problem:
    title = sentence(case.message)
    return Problem(slug=case.slug, title=title, status=case.status, code=case.code)

"""What conventions bring: entities, views of them, and operations on them."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from tospec.model import (
    AuditTrail,
    Auth,
    Entity,
    Integration,
    JobOperator,
    Operation,
    View,
    Webhooks,
)
from tospec.syntax import codes
from tospec.syntax.conventions import accounts_1, audit_1, integrations_1, jobs_1, webhooks_1
from tospec.syntax.decode.entities import built_in_entity
from tospec.syntax.decode.environment import Environment
from tospec.syntax.decode.skeletons import Skeleton
from tospec.syntax.draft import Draft

_OTHERS = {
    audit_1.ENTITY: (audit_1.NAME, audit_1.VIEW),
    jobs_1.ENTITY: (jobs_1.NAME, jobs_1.SUMMARY),
    webhooks_1.WEBHOOK: (webhooks_1.NAME, webhooks_1.VIEW),
    webhooks_1.DELIVERY: (webhooks_1.NAME, webhooks_1.SUMMARY),
}
"""Entities of conventions other than accounts-1: which, and how their rows are shown."""


def brought_skeletons(
    spec: Draft, roles: tuple[str, ...], *, with_audit: bool
) -> Iterator[Skeleton]:
    """Yield the entities that conventions bring, without their expressions."""
    for name, fields in accounts_1.entity_fields(roles, spec.place).items():
        yield Skeleton(name, None, fields, ())
    if with_audit:
        yield Skeleton(audit_1.ENTITY, None, audit_1.entity_fields(spec.place), ())
    if spec.operates_jobs:
        yield Skeleton(jobs_1.ENTITY, None, jobs_1.entity_fields(spec.place), ())
    if spec.first("webhooks"):
        own, relations = webhooks_1.webhook_fields(spec.place), webhooks_1.webhook_relations
        yield Skeleton(webhooks_1.WEBHOOK, None, own, relations(spec.place))
        yield Skeleton(webhooks_1.DELIVERY, None, webhooks_1.delivery_fields(spec.place), ())


def brought_entity(skeleton: Skeleton, spec: Draft) -> Entity:
    """Return an entity that a convention brings."""
    origin, view = _OTHERS.get(skeleton.name, (accounts_1.NAME, f"{skeleton.name}View"))
    return built_in_entity(skeleton, origin, view, spec.place)


def reserve_views(spec: Draft, environment: Environment) -> None:
    """Take the names of the views that conventions bring; report those that the spec has."""
    for name, (entity, _) in accounts_1.VIEWS.items():
        _reserve_view(name, entity, spec, environment)
    _reserve_view(accounts_1.ME, "User", spec, environment)
    _reserve_view(audit_1.VIEW, audit_1.ENTITY, spec, environment)
    for name in jobs_1.views(with_runs=spec.has_runs) if spec.operates_jobs else ():
        _reserve_view(name, jobs_1.ENTITY, spec, environment)
    for name, entity in webhooks_1.VIEWS.items() if spec.first("webhooks") else ():
        _reserve_view(name, entity, spec, environment)


def _reserve_view(name: str, entity: str, spec: Draft, environment: Environment) -> None:
    declared = spec.names.views.spans.get(name)
    if declared:
        message = f"'{name}' is a view that comes with the conventions."
        help_ = "Give the view another name."
        spec.problems.add(codes.RESERVED_NAME, declared, message, help_)
    spec.names.views.spans.setdefault(name, spec.place)
    environment.view_of.setdefault(name, entity)


def brought_views(spec: Draft, audit: AuditTrail | None) -> Iterator[View]:
    """Yield the views that conventions bring."""
    for name, (entity, fields) in accounts_1.VIEWS.items():
        yield _view(name, entity, fields, accounts_1.NAME, spec)
    me = _view(accounts_1.ME, "User", (), accounts_1.NAME, spec)
    yield replace(me, parts=accounts_1.ME_PARTS, texts=accounts_1.ME_TEXTS)
    if audit:
        fields = audit_1.view_fields(spec.place)
        yield _view(audit_1.VIEW, audit_1.ENTITY, fields, audit_1.NAME, spec)
    for name in jobs_1.views(with_runs=spec.has_runs) if spec.operates_jobs else ():
        yield _view(name, jobs_1.ENTITY, jobs_1.view_fields(name), jobs_1.NAME, spec)
    for name, entity in webhooks_1.VIEWS.items() if spec.first("webhooks") else ():
        yield _view(name, entity, webhooks_1.view_fields(name), webhooks_1.NAME, spec)


def _view(name: str, of: str, fields: tuple[str, ...], origin: str, spec: Draft) -> View:
    return View(name=name, of=of, fields=fields, requirements=(), span=spec.place, origin=origin)


def brought_operations(
    spec: Draft,
    auth: Auth | None,
    audit: AuditTrail | None,
    operator: JobOperator | None,
    webhooks: Webhooks | None,
    integrations: Iterable[Integration],
) -> Iterator[Operation]:
    """Yield the operations that conventions bring."""
    if auth:
        yield from accounts_1.operations(auth)
    if audit:
        yield audit_1.operation(audit)
    if operator and spec.operates_jobs:
        yield from jobs_1.operations(operator, with_runs=spec.has_runs)
    if webhooks:
        yield from webhooks_1.operations(webhooks)
    for each in integrations:
        if each.sends:
            yield integrations_1.operation(each, each.sends)

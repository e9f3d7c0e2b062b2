"""From the spec's frame to names, roles, settings and requirements."""

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Final

from tospec.ir.data import DataModel
from tospec.ir.project import About, Access, Accounts, Permission, Requirement, Route, Setting
from tospec.lowering import bulks
from tospec.lowering.integrations import settings_of_integrations
from tospec.lowering.members import setting_member
from tospec.lowering.operations import about, path_of
from tospec.lowering.senders import settings_of_message_limit, settings_of_senders
from tospec.lowering.webhooks import settings_of_webhooks
from tospec.model import Bulk, Field, FieldType, Kind, Operation, RateLimits, System
from tospec.python import sentence, snake, title_words

_PARAMETER: Final = re.compile(r"\{(\w+)\}")


def about_of(system: System) -> About:
    """Return what the service is called."""
    return About(
        service=snake(system.name),
        title=system.title,
        version=system.version,
        description=sentence(system.description),
    )


def access_of(system: System) -> Access:
    """Return roles and permissions."""
    blocks = (block for block in system.blocks if block.kind in {"roles", "permissions"})
    return Access(
        roles=system.roles,
        permissions=tuple(
            Permission(name=p.name, roles=p.roles, description=p.description)
            for p in system.permissions
        ),
        requirements=tuple(dict.fromkeys(r for block in blocks for r in block.requirements)),
    )


def accounts_of(system: System) -> Accounts | None:
    """Return how people sign up and in."""
    auth = system.auth
    if auth is None:
        return None
    return Accounts(
        access_token=auth.access_token,
        refresh_token=auth.refresh_token,
        invitation=auth.invitation_expires,
        lockout_failures=auth.lockout_failures,
        lockout_window=auth.lockout_within,
        lockout_duration=auth.lockout_for,
        password_length=auth.password_length,
        sign_up_role=auth.sign_up_role,
        manage_users=auth.manage_users,
        manage_tenant=auth.manage_tenant,
        requirements=auth.requirements,
    )


def settings_of(system: System) -> tuple[Setting, ...]:
    """Return the spec's own settings, and those that its blocks bring."""
    return tuple(_setting(field) for field in (*system.settings, *_brought(system)))


def _brought(system: System) -> Iterator[Field]:
    if kept := system.idempotency:
        yield Field(
            name="IDEMPOTENCY_KEEP",
            type=FieldType.DURATION,
            span=kept.span,
            default=kept.keep,
            has_default=True,
            description="How long the first answer to an Idempotency-Key is given again.",
        )
    if system.jobs and system.job_operator:
        yield Field(
            name="JOBS_KEEP",
            type=FieldType.DURATION,
            span=system.job_operator.span,
            default=system.job_operator.keep,
            has_default=True,
            description="How long jobs that are done are kept.",
        )
    yield from settings_of_integrations(system)
    yield from settings_of_senders(system)
    yield from settings_of_webhooks(system)
    if page := system.admin:
        yield Field(
            name="ADMIN_ENABLED",
            type=FieldType.BOOL,
            span=page.span,
            default=page.enabled,
            has_default=True,
            description="Serve /admin, the page on which people see and change rows.",
        )
    if system.rate_limits:
        yield from _of_rate_limits(system.rate_limits)
        yield from settings_of_message_limit(system.rate_limits)
    keeping = (each.keeping for each in system.operations if each.keeping)
    if shared := system.rate_limits or next(keeping, None):
        yield Field(
            name="REDIS_URL",
            type=FieldType.STRING,
            span=shared.span,
            optional=True,
            secret=True,
            description="redis://host that all processes share; by default each is on its own.",
        )
    if system.watch and system.watch.is_traced:
        yield Field(
            name="OTEL_EXPORTER_OTLP_ENDPOINT",
            type=FieldType.STRING,
            span=system.watch.span,
            optional=True,
            pattern="https?://[^/].*",
            description="Where spans go, such as http://collector:4318; nowhere if absent.",
        )


def _of_rate_limits(limits: RateLimits) -> Iterator[Field]:
    named = {"RATE_LIMIT": limits.default, "SIGN_IN_LIMIT": limits.sign_in}
    whom = {"user": "one person", "tenant": "one tenant", "address": "one address to sign in"}
    for name, limit in named.items():
        yield Field(
            name=f"{name}_REQUESTS",
            type=FieldType.INT,
            span=limits.span,
            range=(Decimal(1), Decimal(1_000_000_000)),
            default=limit.requests,
            has_default=True,
            description=f"How often {whom[limit.per]} may ask within the time below.",
        )
        yield Field(
            name=f"{name}_WITHIN",
            type=FieldType.DURATION,
            span=limits.span,
            default=limit.within,
            has_default=True,
            description="The time within which requests are counted, in whole seconds.",
        )
    yield Field(
        name="TRUSTED_PROXIES",
        type=FieldType.STRING,
        span=limits.span,
        default="",
        has_default=True,
        description="Addresses and networks whose X-Forwarded-For is believed, with commas.",
    )


def requirements_of(system: System) -> tuple[Requirement, ...]:
    """Return the requirements and what serves them."""
    return tuple(
        Requirement(
            id=each.id,
            title=each.title,
            scenarios=tuple(s.title for s in system.scenarios if each.id in s.requirements),
        )
        for each in system.requirements
    )


def routes_of(system: System, model: DataModel) -> tuple[Route, ...]:
    """Return every operation, those on accounts among them."""
    return (
        *(_route(model, operation) for operation in system.operations),
        *(_bulk_route(model, bulk) for bulk in system.bulks),
    )


def _route(model: DataModel, operation: Operation) -> Route:
    return Route(
        method=operation.method,
        path=_path(model, operation),
        operation=operation.name,
        about=_about(model, operation),
        permission=operation.permission,
        public=operation.public,
        requirements=operation.requirements,
    )


def _bulk_route(model: DataModel, bulk: Bulk) -> Route:
    return Route(
        method=bulk.method,
        path=bulk.path,
        operation=bulk.name,
        about=bulks.about(model.entity(bulk.entity), bulk),
        permission=bulk.permission,
        public=False,
        requirements=bulk.requirements,
    )


def _path(model: DataModel, operation: Operation) -> str:
    if operation.kind is Kind.ACCOUNT:
        return _PARAMETER.sub(lambda found: f"{{{found[1]}_id}}", operation.path)
    return path_of(model.entity(operation.entity), operation)


def _about(model: DataModel, operation: Operation) -> str:
    if operation.kind is Kind.ACCOUNT:
        return f"{title_words(operation.name)}."
    return about(model.entity(operation.entity), operation)


def _setting(field: Field) -> Setting:
    return Setting(
        variable=field.name.upper(),
        member=setting_member(replace(field, name=field.name.lower())),
        is_required=not field.has_default and not field.optional,
        secret=field.secret,
    )

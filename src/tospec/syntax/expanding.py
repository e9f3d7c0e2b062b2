"""A spec with everything written out that it says by sugar and by conventions.

The blocks stay what the spec says, in one normal form. What follows from them stands in tables
below, each line with its origin. Tables are prose, so expanding an expanded spec changes nothing.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from tospec.model import Auth, Entity, Sending, System, View
from tospec.syntax.conventions import (
    accounts_1,
    integrations_1,
    jobs_1,
    lifecycle_1,
    operations_1,
    rest_1,
    webhooks_1,
)
from tospec.syntax.describing import described
from tospec.syntax.grammar import KINDS
from tospec.syntax.grammar.system import LANGUAGE
from tospec.syntax.language import names_version
from tospec.syntax.notations import duration, time
from tospec.syntax.parts import Part
from tospec.syntax.reading import Block, Reading
from tospec.syntax.shapes import Record
from tospec.syntax.writing import Data, data_of, yaml_text

_HEADING: Final = "# What follows from the blocks above"


def expanded(reading: Reading, parts: Iterable[Part], system: System, notation: str) -> str:
    """Return a spec written out, as Markdown that is a spec again, or as YAML or JSON data."""
    if notation == "json":
        return json.dumps(described(system), indent=2, ensure_ascii=False, default=str) + "\n"
    if notation == "yaml":
        return yaml_text(described(system))
    return "\n".join(_markdown(reading, tuple(parts), system))


def _markdown(reading: Reading, parts: tuple[Part, ...], system: System) -> Iterator[str]:
    kinds = {id(part.keys.node): part.kind for part in parts}
    yield from _blocks((b for b in reading.blocks if b.requirement is None), kinds)
    for requirement in reading.requirements:
        yield from (f"## {requirement.id} {requirement.title}".rstrip(), "")
        if requirement.prose:
            yield from (requirement.prose, "")
        own = (b for b in reading.blocks if b.requirement and b.requirement.id == requirement.id)
        yield from _blocks(own, kinds)
    yield from (_HEADING, "")
    if not names_version(reading.blocks):
        yield from (f"Version {LANGUAGE} of the language is assumed; the spec names none.", "")
    yield from _operations(system)
    yield from _fields(system)
    yield from _views(system)
    yield from _values(system)


def _blocks(blocks: Iterable[Block], kinds: dict[int, str]) -> Iterator[str]:
    for block in blocks:
        data = data_of(block.root)
        kind = kinds.get(id(block.root))
        if kind and isinstance(data, dict):
            ordered = _in_order(data, KINDS[kind].record)
            yield from ("```yaml tospec", yaml_text(ordered).rstrip("\n"), "```", "")


def _in_order(data: dict[str, Data], record: Record) -> dict[str, Data]:
    """Return the keys in the order of the grammar; a block begins with its kind anyway."""
    known = [key for key in record.keys if key in data]
    return {key: data[key] for key in known}


def _table(title: str, head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    if rows:
        yield from (title, "")
        yield _row(head)
        yield _row(tuple("---" for _ in head))
        yield from map(_row, rows)
        yield ""


def _row(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"


def _operations(system: System) -> Iterator[str]:
    head = ("operation", "request", "permission", "policy", "answer", "origin")
    rows = [
        (
            operation.name,
            f"`{operation.method} {operation.path}`",
            operation.permission or ("public" if operation.public else "signed in"),
            operation.policy or "",
            operation.view or "",
            operation.origin,
        )
        for operation in system.operations
    ]
    rows += [
        (bulk.name, f"`{bulk.method} {bulk.path}`", bulk.permission or "", "", "each item", "spec")
        for bulk in system.bulks
    ]
    yield from _table("Operations:", head, rows)


def _fields(system: System) -> Iterator[str]:
    rows = [
        (f"{entity.name}.{field.name}", field.type, field.generated or "", field.origin)
        for entity in system.entities
        for field in entity.fields
        if field.origin != "spec"
    ]
    yield from _table("Fields that nobody wrote:", ("field", "type", "filled by", "origin"), rows)


def _views(system: System) -> Iterator[str]:
    rows = [
        (view.name, view.of, ", ".join(_shown(view)), view.origin)
        for view in system.views
        if view.origin != "spec"
    ]
    yield from _table("Views that nobody wrote:", ("view", "of", "shows", "origin"), rows)


def _shown(view: View) -> Iterator[str]:
    yield from view.fields
    yield from (f"{member}: {name}" for member, name in view.parts)
    yield from view.texts


def _values(system: System) -> Iterator[str]:
    rows = [*_account_values(system.auth)] if system.auth else []
    if system.idempotency and not system.idempotency.given:
        rows.append(("idempotency.keep", duration(system.idempotency.keep), rest_1.NAME))
    if system.watch and not system.watch.given:
        rows.append(("operations.traces", system.watch.traces, operations_1.NAME))
    if system.admin and not system.admin.given:
        rows.append(("admin.enabled", str(system.admin.enabled).lower(), operations_1.NAME))
    for budget in system.budgets:
        if not budget.pause_given:
            rows.append((f"budget.{budget.name}.pause", time(budget.pause), operations_1.NAME))
    rows += _job_values(system)
    rows += _integration_values(system)
    rows += _webhook_values(system)
    for entity in system.entities:
        rows += _entity_values(entity)
    if any(entity.lifecycle for entity in system.entities):
        message = f"409 {lifecycle_1.INVALID_TRANSITION}"
        rows.append(("a move that a lifecycle does not have", message, lifecycle_1.NAME))
    yield from _table("Values that nobody wrote:", ("what", "value", "origin"), rows)


def _job_values(system: System) -> Iterator[tuple[str, str, str]]:
    for job in system.jobs:
        retry = job.retry
        waits = f"{duration(retry.base)} to {duration(retry.cap)} apart"
        values = {
            "timeout": duration(job.timeout),
            "retry": f"{retry.attempts} attempts, {waits}",
            "priority": job.priority,
        }
        for key in (each for each in values if each not in job.given):
            yield f"job.{job.name}.{key}", values[key], jobs_1.NAME
    for schedule in system.schedules:
        for key in ("zone", "catch_up", "overlap"):
            if key not in schedule.given:
                yield f"schedule.{schedule.name}.{key}", getattr(schedule, key), jobs_1.NAME
    if system.job_operator and not system.job_operator.given:
        yield "jobs.keep", duration(system.job_operator.keep), jobs_1.NAME


def _integration_values(system: System) -> Iterator[tuple[str, str, str]]:
    for each in system.integrations:
        retry, breaker = each.retry, each.breaker
        waits = f"{time(retry.base)} to {time(retry.cap)} apart"
        values = {
            "timeout": time(each.timeout),
            "retry": f"{retry.attempts} attempts, {waits}, {retry.budget} retries for 100 calls",
            "breaker": f"{breaker.failures} failures within {time(breaker.within)} open it for "
            f"{time(breaker.open)}",
            "degraded": each.degraded,
            "concurrency": str(each.concurrency),
        }
        for key in (key for key in values if key not in each.given):
            yield f"integration.{each.name}.{key}", values[key], integrations_1.NAME
        if each.sends:
            yield from _sending_values(each.name, each.sends)
    limits = system.rate_limits
    if limits and limits.messages and not limits.given:
        told = f"{limits.messages.requests} within {duration(limits.messages.within)} an address"
        yield "rate_limits.messages", told, integrations_1.NAME


def _sending_values(name: str, sends: Sending) -> Iterator[tuple[str, str, str]]:
    values = {
        "tolerance": duration(sends.tolerance),
        "unknown": sends.unknown,
        "keep": duration(sends.keep),
    }
    for key in (key for key in values if key not in sends.given):
        yield f"integration.{name}.sends.{key}", values[key], integrations_1.NAME


def _webhook_values(system: System) -> Iterator[tuple[str, str, str]]:
    webhooks = system.webhooks
    if webhooks is None:
        return
    waits = ", ".join(map(duration, webhooks.retry.waits))
    values = {
        "limit": str(webhooks.limit),
        "timeout": duration(webhooks.timeout),
        "retry": f"{webhooks.retry.attempts} attempts; at most {waits} apart",
        "disable_after": f"{webhooks.disable_after} failed deliveries in a row",
        "keep": duration(webhooks.keep),
    }
    for key in (key for key in values if key not in webhooks.given):
        yield f"webhooks.{key}", values[key], webhooks_1.NAME


def _account_values(auth: Auth) -> Iterator[tuple[str, str, str]]:
    least, most = auth.password_length
    values = {
        "access_token": duration(auth.access_token),
        "refresh_token": duration(auth.refresh_token),
        "password": f"{least} to {most} characters",
        "lockout": (
            f"{auth.lockout_failures} failures within {duration(auth.lockout_within)} "
            f"for {duration(auth.lockout_for)}"
        ),
        "invitation": f"expires after {duration(auth.invitation_expires)}",
    }
    for key, value in values.items():
        if key not in auth.given:
            yield f"auth.{key}", value, accounts_1.NAME
    yield "a tenant without an owner", f"409 {accounts_1.LAST_OWNER}", accounts_1.NAME


def _entity_values(entity: Entity) -> Iterator[tuple[str, str, str]]:
    for relation in entity.relations:
        if not relation.many and not relation.on_delete_given:
            yield f"{entity.name}.{relation.name}.on_delete", relation.on_delete, "data-1"
    if entity.listing.span == entity.span and entity.listing.default_sort:
        yield f"{entity.name}.list.default_sort", entity.listing.default_sort, "rest-1"

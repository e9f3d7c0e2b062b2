"""From a system to all tests that come with its backend."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from tospec.ir.case_tables import Concerns, EntityCases, EventCase, Suite
from tospec.lowering import events
from tospec.lowering.cases.answers import changes_of, shown_by
from tospec.lowering.cases.bulks import bulks_of
from tospec.lowering.cases.effects import (
    announced_by,
    deletions_of,
    mentions_of,
    taken_of,
    trees_of,
)
from tospec.lowering.cases.event_jobs import ask_cases_of, event_job_cases_of
from tospec.lowering.cases.factories import factory_of
from tospec.lowering.cases.givens import variable
from tospec.lowering.cases.inputs import inputs_of
from tospec.lowering.cases.jobs import job_cases_of
from tospec.lowering.cases.kept import kept_of
from tospec.lowering.cases.lifecycles import lifecycle_of, stored_by
from tospec.lowering.cases.listings import lists_of
from tospec.lowering.cases.messages import (
    messages_of,
    requirements_of_messages,
    signing_settings,
)
from tospec.lowering.cases.operations import operation_of
from tospec.lowering.cases.scenarios import scenario_of
from tospec.lowering.cases.values import example
from tospec.lowering.cases.windows import windows_of
from tospec.lowering.naming import entity_names
from tospec.model import Entity, Field, FieldType, Kind, System

_LIFTED: Final = (
    ("RATE_LIMIT_REQUESTS", "1000000000"),
    ("SIGN_IN_LIMIT_REQUESTS", "1000000000"),
)
"""Tests ask more often than people do."""


_NOBODY: Final = "http://127.0.0.1:9"
"""Where nobody listens."""


def suite_of(system: System) -> Suite:
    """Return the tests that come with the backend of a system; those of accounts are scaffold."""
    entities = _with_what_is_used(
        [_entity(system, each) for each in system.entities if not each.built_in]
    )
    operations = {each.name: each for entity in entities for each in entity.operations}
    return Suite(
        concerns=_concerns(system),
        settings=(*_required(system), *(_LIFTED if system.rate_limits else ())),
        entities=entities,
        scenarios=tuple(
            scenario_of(system, each, operations[each.operation])
            for each in system.scenarios
            if each.operation in operations
        ),
        events=tuple(
            _event(system, each.name) for each in system.events if _is_own(system, each.of)
        ),
        roles=system.roles,
        keeps_files=any(each.file for each in system.entities),
        asking=ask_cases_of(system),
        messages=messages_of(system),
    )


def _with_what_is_used(entities: Sequence[EntityCases]) -> tuple[EntityCases, ...]:
    """Return the entities; only of those that calls name do factories make hidden rows."""
    operations = [each for entity in entities for each in entity.operations]
    named = {each.names for operation in operations for each in operation.references if each.blind}
    return tuple(
        entity
        if entity.names in named
        else replace(entity, factory=replace(entity.factory, hidden=None))
        for entity in entities
    )


def _required(system: System) -> Iterator[tuple[str, str]]:
    for each in system.settings:
        if not each.has_default and not each.optional:
            yield each.name.upper(), _text(each)
    for integration in system.integrations:
        yield integration.url, _NOBODY
        if integration.proof:
            yield integration.proof.secret, "proves-nothing"
    yield from signing_settings(system)
    if system.senders and system.rate_limits:
        yield "MESSAGE_LIMIT_REQUESTS", "1000000000"


def _concerns(system: System) -> Concerns:
    events = {each for event in system.events for each in event.requirements}
    roles = {
        each for block in system.blocks if block.kind == "roles" for each in block.requirements
    }
    return Concerns(
        tenancy=system.tenancy.requirements if system.tenancy else (),
        accounts=system.auth.requirements if system.auth else (),
        roles=tuple(sorted(roles)),
        audit=system.audit.requirements if system.audit else (),
        events=tuple(sorted(events)),
        operations=system.watch.requirements if system.watch else (),
        idempotency=system.idempotency.requirements if system.idempotency else None,
        rate_limits=system.rate_limits.requirements if system.rate_limits else None,
        admin=system.admin.requirements if system.admin else None,
        jobs=_of_jobs(system),
        webhooks=system.webhooks.requirements if system.webhooks else None,
        integrations=_of_integrations(system),
        messages=requirements_of_messages(system),
        kept_answers=_of_kept_answers(system),
    )


def _of_jobs(system: System) -> tuple[str, ...] | None:
    operator = (system.job_operator,) if system.job_operator else ()
    asked = (*system.jobs, *system.schedules, *operator)
    found = dict.fromkeys(id_ for each in asked for id_ in each.requirements)
    return tuple(found) if system.jobs else None


def _of_integrations(system: System) -> tuple[str, ...] | None:
    asked = [id_ for job in system.jobs if job.ask for id_ in job.requirements]
    found = dict.fromkeys(id_ for each in system.integrations for id_ in each.requirements)
    return (*found, *dict.fromkeys(asked)) if system.integrations else None


def _of_kept_answers(system: System) -> tuple[str, ...] | None:
    kept = [each for each in system.operations if each.keeping]
    return tuple(dict.fromkeys(id_ for each in kept for id_ in each.requirements)) if kept else None


def _text(setting: Field) -> str:
    """Return a value of a setting as the environment holds it."""
    if setting.type is FieldType.DURATION:
        return "1d"
    value = example(setting)
    return value if isinstance(value, str) else json.dumps(value)


def _is_own(system: System, name: str) -> bool:
    return not system.entity(name).built_in


def _event(system: System, name: str) -> EventCase:
    event = events.event_of(system, system.event(name))
    each = (event.each,) if event.each else ()
    return EventCase(name=name, members=(*(item.name for item in event.items), *each))


def _entity(system: System, entity: Entity) -> EntityCases:
    operations = [o for o in system.operations_of(entity.name) if o.kind is not Kind.ACCOUNT]
    factory = factory_of(system, entity)
    called = tuple(operation_of(system, entity, each) for each in operations)
    update = next((each for each in operations if each.kind is Kind.UPDATE), None)
    inputs = (inputs_of(system, entity, each) for each in operations)
    return EntityCases(
        names=entity_names(entity.name),
        variable=variable(entity_names(entity.name).singular),
        requirements=entity.requirements,
        origins=(*entity.requirements, f"entity:{entity.name}"),
        factory=factory,
        operations=called,
        shown=tuple(shown_by(system, entity, each, factory) for each in operations if each.view),
        changes=changes_of(system, entity, update, factory) if update else None,
        inputs=tuple(each for each in inputs if each is not None),
        taken=tuple(taken_of(system, entity)),
        deletions=tuple(deletions_of(system, entity)),
        trees=tuple(trees_of(system, entity)),
        lifecycle=lifecycle_of(system, entity),
        lists=tuple(lists_of(system, entity)),
        computed=tuple(each.name for each in entity.computed),
        soft_delete=entity.soft_delete,
        media_type=entity.file.media_types[0] if entity.file else None,
        jobs=job_cases_of(system, entity),
        event_jobs=event_job_cases_of(system, entity),
        optimistic=entity.optimistic,
        mentions=tuple(mentions_of(system, entity)),
        announced=tuple(announced_by(system, entity)),
        stored_effects=tuple(
            effect
            for each in operations
            if each.kind is Kind.ACTION
            for effect in stored_by(system, entity, each)
        ),
        bulks=tuple(bulks_of(system, entity, called)),
        kept=tuple(kept_of(system, entity)),
        windows=tuple(windows_of(system, entity)),
    )

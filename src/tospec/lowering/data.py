"""From a system to what its backend remembers."""

from tospec.ir.data import DataModel, ErrorCase
from tospec.ir.entities import Entity, FileRule
from tospec.ir.places import Places
from tospec.lowering import entities, naming, tables
from tospec.lowering.conditions import Conditions
from tospec.lowering.listing import Lists, unlisted
from tospec.lowering.measures import counted_of, measured_of
from tospec.lowering.rules import Rules
from tospec.lowering.schema import Schema
from tospec.model import Entity as Spec
from tospec.model import ErrorCase as ErrorSpec
from tospec.model import System
from tospec.python import constant_case, kebab


def data_of(system: System, places: Places) -> DataModel:
    """Return the entities of a spec with their tables, rules and lists."""
    schema = Schema(system)
    conditions = Conditions(schema, places)
    return DataModel(
        entities=tuple(
            _entity(entity, schema, conditions, places)
            for entity in system.entities
            if not entity.built_in
        ),
        errors=tuple(_error(error) for error in system.errors),
        roles=system.roles,
        keeps_answers=system.idempotency is not None,
        works=bool(system.jobs),
        delivers=system.webhooks is not None,
        receives=bool(system.senders),
        purged=tuple(dict.fromkeys(what for job in system.jobs for what in job.purges)),
    )


def _entity(spec: Spec, schema: Schema, conditions: Conditions, places: Places) -> Entity:
    operations = schema.system.operations_of(spec.name)
    return Entity(
        name=spec.name,
        names=naming.entity_names(spec.name),
        description=spec.description,
        requirements=spec.requirements,
        table=tables.table_of(spec),
        enums=entities.enums(spec),
        links=tables.link_tables(spec),
        counters=tables.counter_tables(spec),
        trees=entities.trees(spec),
        lifecycle=entities.lifecycle(spec),
        computed=conditions.computed(spec),
        policy=conditions.policy(spec),
        rules=Rules(conditions, spec).sets(operations),
        listing=Lists(schema, places, conditions, spec).listing(operations),
        optimistic=spec.optimistic,
        soft_delete=spec.soft_delete,
        audit=spec.audit,
        file=_file(spec),
        words=tables.word_table(spec),
        measures=measured_of(schema.system, spec, conditions),
        counted=counted_of(schema.system, spec),
        restores=spec.restores,
        needs=tuple(entities.needs(schema.system, spec)),
        unlisted=tuple(unlisted(schema.system, spec)),
        worked_on=bool(schema.system.jobs_of(spec.name)),
    )


def _file(spec: Spec) -> FileRule | None:
    if spec.file is None:
        return None
    return FileRule(
        constant=constant_case(naming.entity_names(spec.name).singular),
        max_size=spec.file.max_size,
        media_types=spec.file.media_types,
    )


def _error(spec: ErrorSpec) -> ErrorCase:
    return ErrorCase(
        code=spec.code,
        type=naming.error_type(spec.code),
        slug=kebab(spec.code.lower()),
        status=spec.status,
        message=spec.message,
        requirements=spec.requirements,
    )

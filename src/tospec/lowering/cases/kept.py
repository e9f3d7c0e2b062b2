"""What tests know about answers that are kept until rows change."""

from collections.abc import Iterator

from tospec.ir.case_tables import CountedCase, KeptCase
from tospec.lowering.measures import counted_of
from tospec.lowering.naming import entity_names
from tospec.model import Entity, Kind, Operation, System
from tospec.model.measures import SELF
from tospec.python import kebab, snake

_NOT_OF_ONE_ROW = frozenset({Kind.CREATE, Kind.DELETE, Kind.RESTORE})


def kept_of(system: System, entity: Entity) -> Iterator[KeptCase]:
    """Yield the kept answers about rows of an entity."""
    for operation in system.operations_of(entity.name):
        if operation.keeping:
            yield KeptCase(
                name=kebab(snake(operation.name)),
                operation=operation.name,
                row=f"{entity_names(entity.name).singular}_id",
                counted=tuple(_counted(system, operation)),
            )


def _counted(system: System, operation: Operation) -> Iterator[CountedCase]:
    answer = kebab(snake(operation.name))
    for entity in system.entities:
        for counted in counted_of(system, entity):
            relation = next((r for r in entity.relations if f"{r.name}_id" == counted.column), None)
            # Tests make rows whose optional relations lead nowhere.
            if counted.answer != answer or (relation and relation.optional):
                continue
            yield CountedCase(
                names=entity_names(entity.name),
                column=counted.column,
                changes=tuple(_changes(system, entity, is_self=counted.column == SELF)),
            )


def _changes(system: System, entity: Entity, *, is_self: bool) -> Iterator[str]:
    for each in system.operations_of(entity.name):
        if each.kind.is_query or each.kind is Kind.ACCOUNT:
            continue
        if not (is_self and each.kind in _NOT_OF_ONE_ROW):
            yield each.name

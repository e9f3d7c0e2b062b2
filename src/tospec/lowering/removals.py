"""What becomes of rows, and of those that refer to them, when rows go."""

from collections.abc import Iterator
from typing import Final

from tospec.ir.operations import Fault
from tospec.ir.services import Delete, Dependent, RuleCall, Tie
from tospec.lowering import events, faults, naming
from tospec.model import Entity, Moment, OnDelete, Relation, System

_TIES: Final = {
    OnDelete.CASCADE: Tie.REMOVE,
    OnDelete.SET_NULL: Tie.CLEAR,
    OnDelete.RESTRICT: Tie.REFUSE,
}


def delete_of(
    system: System,
    entity: Entity,
    *,
    asked: bool,
    rules: RuleCall | None,
    forbidden: tuple[Fault, ...],
) -> Delete | None:
    """Return how rows of an entity go; None when they stay for ever.

    Args:
        system: The whole spec.
        entity: The entity.
        asked: Whether clients may ask for it; otherwise rows only go with others.
        rules: What is asked before a client's delete.
        forbidden: Errors of these rules.
    """
    if not asked and not _goes_with_others(entity):
        return None
    referring = tuple(_referring(system, entity))
    refused = any(relation.on_delete is OnDelete.RESTRICT for _, relation in referring)
    return Delete(
        is_operation=asked,
        rules=rules,
        dependents=tuple(_dependents(entity, referring)),
        emissions=events.emissions_on(system, entity, Moment.DELETE),
        faults=(*((faults.REFERENCED,) if refused else ()), *forbidden),
        removal_faults=(faults.ANY_REFERENCED,) if refused else (),
    )


def _goes_with_others(entity: Entity) -> bool:
    return any(
        relation.on_delete is OnDelete.CASCADE and not relation.many
        for relation in entity.relations
    )


def _dependents(
    entity: Entity, referring: tuple[tuple[Entity, Relation], ...]
) -> Iterator[Dependent]:
    for other, relation in referring:
        tie = _TIES[relation.on_delete]
        # The database itself refuses to delete a row that others refer to.
        if tie is Tie.REFUSE and not entity.soft_delete:
            continue
        yield Dependent(
            entity=naming.entity_names(other.name),
            column=naming.reference_column(relation.name),
            tie=tie,
            audit=other.audit,
            is_self=other.name == entity.name,
            kept=other.soft_delete and not entity.soft_delete,
        )


def _referring(system: System, entity: Entity) -> Iterator[tuple[Entity, Relation]]:
    for other, relation in system.referring_to(entity.name):
        if not relation.many and not other.built_in:
            yield other, relation

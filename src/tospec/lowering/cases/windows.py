"""Measures that count rows up to a certain age: what tests know of where they begin and end."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from tospec.expression import (
    Aggregate,
    And,
    Arithmetic,
    Call,
    Compare,
    Constant,
    Function,
    Kind,
    Path,
    Tally,
    Typed,
)
from tospec.ir.case_tables import WindowCase
from tospec.lowering.naming import entity_names, reference_column
from tospec.model import Computed, Entity, Operation, Relation, System
from tospec.model import Kind as OperationKind
from tospec.model.measures import measures_of
from tospec.python import literal

_YOUNGER: Final = {">": True, ">=": True, "<": False, "<=": False}


def windows_of(system: System, entity: Entity) -> Iterator[WindowCase]:
    """Yield what is counted about rows of an entity by the age of the rows that belong to them."""
    for operation in system.operations_of(entity.name):
        if operation.kind is OperationKind.MEASURE:
            for measure in measures_of(system, operation):
                yield from _window(system, entity, operation, measure)


def _window(
    system: System, entity: Entity, operation: Operation, measure: Computed
) -> Iterator[WindowCase]:
    root = measure.value.tree.root
    if not isinstance(root, Aggregate) or root.tally is not Tally.COUNT or not root.condition:
        return
    found = _referring(system, entity, root.relation)
    compared = _compared(root.condition)
    if found is None or compared is None:
        return
    field, ago, younger = compared
    owner, relation = found
    yield WindowCase(
        operation=operation.name,
        member=measure.name,
        child=entity_names(owner.name),
        column=reference_column(relation.name),
        field=field,
        ago=literal(ago),
        younger=younger,
    )


def _referring(system: System, entity: Entity, path: Path) -> tuple[Entity, Relation] | None:
    """Return the relation to one, and whose, that the counted rows belong to an entity by."""
    if len(path.steps) != 1:
        return None
    return next(
        (
            (owner, relation)
            for owner, relation in system.referring_to(entity.name)
            if relation.inverse == path.names[0] and not relation.many
        ),
        None,
    )


def _compared(condition: Typed) -> tuple[str, timedelta, bool] | None:
    """Return the time of a row that alone decides, how long ago, and whether younger ones count."""
    parts = condition.operands if isinstance(condition, And) else (condition,)
    match [each for each in parts if not _asks_for_null(each)]:
        case [Compare(operator=sign, left=Path(steps=(step,)), right=bound)] if sign in _YOUNGER:
            ago = _ago(bound)
            return None if ago is None else (step.name, ago, _YOUNGER[sign])
        case _:
            return None


def _asks_for_null(part: Typed) -> bool:
    return isinstance(part, Compare) and part.right.type.kind is Kind.NULL


def _ago(part: Typed) -> timedelta | None:
    """Return how long before now a time is."""
    match part:
        case Arithmetic(
            operator="-",
            left=Call(function=Function.NOW),
            right=Constant(value=timedelta() as length),
        ):
            return length
        case _:
            return None

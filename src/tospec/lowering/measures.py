"""From measures to columns, and to what ends the answers that are kept."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from tospec.expression import Aggregate, parts
from tospec.ir.measures import Counted, Measures
from tospec.lowering import naming
from tospec.lowering.conditions import Conditions
from tospec.model import Entity, Expression, Kind, System
from tospec.model.measures import SELF, measures_of, ties
from tospec.python import kebab, snake


def measured_of(system: System, entity: Entity, conditions: Conditions) -> tuple[Measures, ...]:
    """Return what is measured about a row of an entity."""
    return tuple(
        Measures(
            operation=operation.name,
            function=snake(operation.name),
            answer=kebab(snake(operation.name)),
            view=operation.view or "",
            values=conditions.measured(
                entity, snake(operation.name), measures_of(system, operation)
            ),
            seconds=operation.keeping.seconds if operation.keeping else None,
        )
        for operation in system.operations_of(entity.name)
        if operation.kind is Kind.MEASURE
    )


def counted_of(system: System, entity: Entity) -> tuple[Counted, ...]:
    """Return the kept answers that a change of a row of an entity ends."""
    found = (
        Counted(answer=kebab(snake(operation.name)), column=_column(tie))
        for operation in system.operations
        if operation.keeping and entity.name in (operation.keeping.until or ())
        for tie in ties(system, operation, entity.name) or ()
    )
    return tuple(found)


def reckons(system: System) -> bool:
    """Whether an expression of a spec measures values of related rows."""
    trees = (expression.tree.root for expression in _expressions(system))
    found = (part for tree in trees for part in parts(tree) if isinstance(part, Aggregate))
    return any(part.tally.measures for part in found)


def _column(tie: str) -> str:
    return tie if tie == SELF else naming.reference_column(tie)


def _expressions(item: object) -> Iterator[Expression]:
    if isinstance(item, Expression):
        yield item
    elif isinstance(item, tuple):
        for each in item:
            yield from _expressions(each)
    elif is_dataclass(item):
        for field in fields(item):
            if field.init:
                yield from _expressions(getattr(item, field.name))

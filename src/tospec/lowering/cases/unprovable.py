"""Specs that no test could be written for."""

from collections.abc import Iterator
from dataclasses import replace

from tospec.diagnostics import Diagnostic
from tospec.lowering.cases.uniques import most_rows
from tospec.lowering.cases.values import choices, examples
from tospec.model import Entity, Field, FieldType, Generated, System

_UNBUILDABLE = "TS1201"
_LEAST_ROWS = 2


def unprovable(system: System) -> Iterator[Diagnostic]:
    """Yield the fields of which no value is known that all their rules allow."""
    for entity in system.entities:
        yield from _alone(system, entity)
        for field in entity.fields:
            if not entity.built_in and _has_none(entity, field):
                yield _problem(f"{entity.name}.{field.name}", field)
    for operation in system.operations:
        for field in operation.input:
            if _has_none(None, field):
                yield _problem(f"{operation.name}.{field.name}", field)


def _has_none(entity: Entity | None, field: Field) -> bool:
    if field.generated in {Generated.ID, Generated.NOW, Generated.CHANGED, Generated.VERSION}:
        return False
    values = choices(entity, field) if field.type is FieldType.ENUM else ()
    return not examples(field, values)


def _alone(system: System, entity: Entity) -> Iterator[Diagnostic]:
    """Yield what is unique and lets a tenant have one row only, as far as tests know values."""
    for unique in entity.unique:
        if most_rows(system, replace(entity, unique=(unique,))) < _LEAST_ROWS:
            names = " and ".join(unique.fields)
            yield Diagnostic(
                code=_UNBUILDABLE,
                span=unique.span,
                message=f"No values of {names} are known that two rows of {entity.name} differ in.",
                help="Add a text, a slug or a relation to what is unique, or further values.",
            )


def _problem(name: str, field: Field) -> Diagnostic:
    return Diagnostic(
        code=_UNBUILDABLE,
        span=field.span,
        message=f"No value of {name} could be found that its pattern, length and range allow.",
        help="Give it a default, or say less about it.",
    )

"""Fields: the edges of their constraints, their defaults, and whether they may be left out."""

from collections.abc import Iterator
from dataclasses import replace

from tests.verify.mutants.base import Mutant, mutant, names_of, own, with_field
from tospec.model import Entity, Field, FieldType, System

_KINDS = "validation answers mass-assignment openapi permitted stateful computed lists"
_PATTERNS = {"[A-Z]{2,6}": "[A-Z]{2,5}", "#[0-9A-F]{6}": "#[0-9A-F]{5,6}"}


def mutants(system: System) -> Iterator[Mutant]:
    """Change the fields that clients write."""
    for entity in own(system):
        for field in entity.fields:
            if field.origin == "spec" and field.name != entity.state_field:
                yield from _of_field(system, entity, field)


def _of_field(system: System, entity: Entity, field: Field) -> Iterator[Mutant]:
    for change, changed in (*_edges(field), *_values(field), *_flags(field)):
        yield mutant(
            "field",
            f"field {entity.name}.{field.name}",
            change,
            with_field(system, entity, changed),
            kinds=_KINDS,
            about=(f"{entity.name}.{field.name}", *names_of(system, entity)),
        )


def _edges(field: Field) -> Iterator[tuple[str, Field]]:
    if not field.writable:
        return
    if field.length is not None:
        least, most = field.length
        if least > 0:
            yield "shorter allowed", replace(field, length=(least - 1, most))
        yield "shorter refused", replace(field, length=(least + 1, most))
        yield "longer refused", replace(field, length=(least, most - 1))
        yield "longer allowed", replace(field, length=(least, most + 1))
    if field.range is not None:
        low, high = field.range
        if low is not None:
            yield "less allowed", replace(field, range=(low - 1, high))
            yield "less refused", replace(field, range=(low + 1, high))
        if high is not None:
            yield "more allowed", replace(field, range=(low, high + 1))
            yield "more refused", replace(field, range=(low, high - 1))
    if field.pattern is not None:
        yield "other pattern", replace(field, pattern=_PATTERNS[field.pattern])


def _values(field: Field) -> Iterator[tuple[str, Field]]:
    if not field.writable or field.type is not FieldType.ENUM:
        return
    last = field.values[-1]
    if field.default != last:
        yield f"{last} dropped", replace(field, values=field.values[:-1])
    yield "other added", replace(field, values=(*field.values, "other"))


def _flags(field: Field) -> Iterator[tuple[str, Field]]:
    if field.managed:
        yield "clients write it", replace(field, managed=False)
    if not field.writable:
        return
    yield "clients do not write it", replace(field, managed=True)
    if field.optional:
        yield "not optional", replace(field, optional=False)
    else:
        yield "optional", replace(field, optional=True)
    if field.has_default:
        yield "no default", replace(field, default=None, has_default=False)
        yield "other default", replace(field, default=_other(field))
    if field.immutable:
        yield "changeable", replace(field, immutable=False)
    else:
        yield "immutable", replace(field, immutable=True)


def _other(field: Field) -> str | bool:
    if field.type is FieldType.BOOL:
        return not field.default
    if field.type is FieldType.ENUM:
        return next(value for value in field.values if value != field.default)
    return "#AB12CD" if field.pattern else "something else"

"""What a view looks like as JSON: exactly the spec's members, each of its type and form."""

from collections.abc import Iterator
from decimal import Decimal

from tospec.model import Entity, Field, FieldType, System, View
from tospec.model.pattern_matching import matches
from tospec.verify.base import Json
from tospec.verify.oracle.contract import REST
from tospec.verify.oracle.naming import wire_name
from tospec.verify.oracle.values import bounds, digits_of
from tospec.verify.oracle.wire import from_json, state_or_type, type_of, values_of
from tospec.verify.oracle.world import Undetermined


def view_faults(
    system: System, view: View, body: Json, *, more: tuple[str, ...] = ()
) -> tuple[str, ...]:
    """Return in which way a JSON value is not what a view shows; nothing when it is.

    Args:
        system: The system.
        view: What is to be shown.
        body: What was shown.
        more: Further members that it may have.
    """
    if not isinstance(body, dict):
        return ("the body is no JSON object",)
    return tuple(_faults(system, system.entity(view.of), view, body, more))


def _faults(
    system: System, entity: Entity, view: View, body: dict[str, Json], more: tuple[str, ...]
) -> Iterator[str]:
    names = {wire_name(entity, name): name for name in view.fields}
    yield from (f"{wire} is missing" for wire in names if wire not in body)
    if system.has(REST):
        measured = {each.name for each in view.measures}
        extra = sorted(body.keys() - names.keys() - measured - set(more))
        yield from (f"{wire} is not in view {view.name}" for wire in extra)
    for wire, name in names.items():
        if wire in body and (fault := _member_fault(entity, name, body[wire])):
            yield f"{wire} {fault}"
    for measure in view.measures:
        type_, name = measure.value.tree.type, measure.name
        fault = _of_type(type_of(type_), body.get(name), nullable=type_.nullable)
        if name not in body or fault:
            yield f"{name} {fault}" if name in body else f"{name} is missing"


def _member_fault(entity: Entity, name: str, value: Json) -> str:
    field, relation = entity.field(name), entity.relation(name)
    if field is not None:
        return field_fault(entity, field, value)
    if relation is not None and relation.many:
        fine = isinstance(value, list) and all(_is(FieldType.UUID, each) for each in value)
        return "" if fine else "is no list of ids"
    if relation is not None:
        return _of_type(FieldType.UUID, value, nullable=relation.optional)
    type_ = next(each.value.tree.type for each in entity.computed if each.name == name)
    return _of_type(type_of(type_), value, nullable=type_.nullable)


def _of_type(type_: FieldType, value: Json, *, nullable: bool) -> str:
    if value is None:
        return "" if nullable else "is null"
    return "" if _is(type_, value) else f"is no {type_.value}: {value!r}"


def _is(type_: FieldType, value: Json) -> bool:
    try:
        return value is not None and from_json(type_, value) is not None
    except Undetermined:
        return False


def field_fault(entity: Entity, field: Field, value: Json) -> str:
    """Return in which way a value is none that a field can hold; empty when it is one."""
    kind = state_or_type(entity, field)
    wrong = _of_type(kind, value, nullable=field.optional)
    if wrong or value is None:
        return wrong
    found = from_json(kind, value)
    if kind is FieldType.ENUM and found not in values_of(entity, field):
        return f"is none of {', '.join(values_of(entity, field))}: {value!r}"
    if isinstance(found, str) and kind is not FieldType.ENUM:
        return _text_fault(field, found)
    if isinstance(found, (int, Decimal)) and not isinstance(found, bool):
        return _number_fault(field, Decimal(found))
    return ""


def _text_fault(field: Field, text: str) -> str:
    if field.length is not None and not field.length[0] <= len(text) <= field.length[1]:
        return f"has {len(text)} code points"
    if field.pattern is not None and not matches(field.pattern, text):
        return f"does not match its pattern: {text!r}"
    return ""


def _number_fault(field: Field, number: Decimal) -> str:
    low, high = bounds(field)
    if not low <= number <= high:
        return f"is outside its range: {number}"
    places = number.normalize().as_tuple().exponent
    if isinstance(places, int) and -places > digits_of(field)[1]:
        return f"has too many digits after the point: {number}"
    return ""

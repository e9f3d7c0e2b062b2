"""Values that no two rows of a tenant may share."""

from typing import Final

from tospec.lowering.cases.patterns import run
from tospec.lowering.cases.values import lengths, whole_range
from tospec.model import Entity, Field, FieldType, Generated
from tospec.python import Code, fill, literal, symbol

_SIGNS: Final = "abcdefghijklmnopqrstuvwxyz"
_ROOM: Final = 12
_SPELLED: Final = symbol("tests.world", "spelled")
_NUMBER: Final = symbol("tests.world", "number")


def unique_fields(entity: Entity) -> frozenset[str]:
    """Return the fields that a test has to give different values, so that rows can be stored."""
    found = set()
    for unique in entity.unique:
        members = [entity.field(name) for name in unique.fields]
        if any(_differs(entity, name) for name in unique.fields):
            continue
        fitting = (field for field in members if field is not None and _source(field) is not None)
        found |= {field.name for field in list(fitting)[:1]}
    return frozenset(found)


def unique_value(field: Field) -> Code:
    """Return the source of a value that no other call gives; the JSON form is the same."""
    found = _source(field)
    if found is None:
        message = f"'{field.name}' has too few values to be unique"
        raise ValueError(message)
    return found


def _differs(entity: Entity, name: str) -> bool:
    """Whether all rows differ in a member anyway."""
    field = entity.field(name)
    return field is not None and field.generated in {Generated.SEQUENCE, Generated.ID}


def _source(field: Field) -> Code | None:
    match field.type:
        case FieldType.STRING | FieldType.TEXT:
            return _text(field)
        case FieldType.EMAIL:
            return _numbered("person-{}@example.test")
        case FieldType.URL:
            return _numbered("https://example.test/{}")
        case FieldType.SLUG:
            return _numbered("slug-{}")
        case FieldType.INT if whole_range(field)[1] - max(whole_range(field)[0], 0) > 10**6:
            return fill("{} + {}()", literal(max(whole_range(field)[0], 0)), _NUMBER)
        case _:
            return None


def _text(field: Field) -> Code | None:
    bounds = lengths(field)
    if field.pattern is not None:
        found = run(field.pattern, (bounds.least, bounds.most))
        if found is None:
            return None
        signs = fill("{}({}, {})", _SPELLED, literal(found.alphabet), literal(found.length))
        return _between(found.before, signs, found.after)
    words = field.name.replace("_", " ").capitalize()
    if bounds.most >= len(words) + _ROOM and bounds.least <= len(words) + 2:
        return _numbered(f"{words} {{}}")
    length = max(bounds.least, min(bounds.most, _ROOM))
    return fill("{}({}, {})", _SPELLED, literal(_SIGNS), literal(length))


def _numbered(pattern: str) -> Code:
    before, _, after = pattern.partition("{}")
    text = literal(f"{before}\0{after}").text.replace("\\x00", "{number()}")
    return Code(f"f{text}", _NUMBER.imports)


def _between(before: str, signs: Code, after: str) -> Code:
    parts = [literal(before)] if before else []
    parts.append(signs)
    parts += [literal(after)] if after else []
    found = parts[0]
    for part in parts[1:]:
        found = fill("{} + {}", found, part)
    return found

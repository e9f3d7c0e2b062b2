"""Values that no two rows of a tenant may share."""

from typing import Final

from tospec.lowering.cases.patterns import run
from tospec.lowering.cases.values import lengths, whole_range
from tospec.model import Entity, Field, FieldType, Generated, Relation, System, Unique, Value
from tospec.python import Code, fill, join, literal, symbol

_SIGNS: Final = "abcdefghijklmnopqrstuvwxyz"
_ROOM: Final = 12
_SPELLED: Final = symbol("tests.world", "spelled")
_NUMBER: Final = symbol("tests.world", "number")
_TURN: Final = symbol("tests.world", "turn")
_USER: Final = "User"
_MANY: Final = 10**6

PLENTY: Final = 20
"""More rows of one entity than any test makes in one tenant."""


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


def most_rows(system: System, entity: Entity) -> int:
    """Return how many rows of an entity tests can store in one tenant, PLENTY or fewer.

    Each row is made with rows of its own for what it cannot be without.
    """
    own = min((_most(entity, unique) for unique in entity.unique), default=PLENTY)
    above = (system.entity(each.to) for each in entity.relations if _is_fresh(each))
    return min((own, *(most_rows(system, each) for each in above)))


def _is_fresh(relation: Relation) -> bool:
    """Whether each row that tests make refers to another row by it."""
    owned = relation.generated_by_principal or relation.to == _USER
    return not relation.many and not relation.optional and not owned


def has_few_rows(entity: Entity) -> bool:
    """Whether some values that no two rows share are soon used up."""
    return any(
        not any(_differs(entity, name) or _is_plenty(entity, name) for name in unique.fields)
        for unique in entity.unique
    )


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


def _most(entity: Entity, unique: Unique) -> int:
    return max(_variety(entity, name) for name in unique.fields)


def _variety(entity: Entity, name: str) -> int:
    """Return how many rows differ in a member when tests leave it to the factory."""
    relation, field = entity.relation(name), entity.field(name)
    if relation is not None:
        return PLENTY if relation.optional or _is_fresh(relation) else 1
    if field is None or field.optional or _differs(entity, name) or _is_plenty(entity, name):
        return PLENTY
    return min(len(_few(field)), PLENTY) or 1


def _is_plenty(entity: Entity, name: str) -> bool:
    field = entity.field(name)
    return field is not None and not _few(field) and _source(field) is not None


def _few(field: Field) -> tuple[Value, ...]:
    """Return all values of a field that has few; () for one that has many or whose are unknown."""
    least, greatest = whole_range(field)
    match field.type:
        case FieldType.BOOL:
            return (False, True)
        case FieldType.ENUM:
            return field.values
        case FieldType.INT if greatest - least < _MANY:
            return tuple(range(least, greatest + 1)[:PLENTY])
        case _:
            return ()


def _source(field: Field) -> Code | None:
    if few := _few(field):
        return fill("{}({})", _TURN, join(", ", map(literal, few)))
    return _counted(field)


def _counted(field: Field) -> Code | None:
    match field.type:
        case FieldType.STRING | FieldType.TEXT:
            return _text(field)
        case FieldType.EMAIL:
            return _numbered("person-{}@example.test")
        case FieldType.URL:
            return _numbered("https://example.test/{}")
        case FieldType.SLUG:
            return _numbered("slug-{}")
        case FieldType.INT if whole_range(field)[1] - max(whole_range(field)[0], 0) >= _MANY:
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

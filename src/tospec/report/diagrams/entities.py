"""Entities and their relations: those that are referred to stand on the left."""

from collections.abc import Iterator, Sequence

from tospec.model.entities import Entity, Relation
from tospec.report.diagrams.drawing import box, curve, group, picture, text
from tospec.report.diagrams.layers import by_dependency

_WIDTH, _GAP, _LINE, _HEAD, _MARGIN = 210, 80, 19, 30, 24

type _Places = dict[str, tuple[float, float]]


def entities_svg(entities: Sequence[Entity]) -> str:
    """Return the picture of entities with their fields and relations."""
    named = {entity.name: entity for entity in entities}
    graph = {
        entity.name: [r.to for r in entity.relations if r.to in named and r.to != entity.name]
        for entity in entities
    }
    columns = by_dependency(graph)
    places = _places(columns, named)
    shapes = [shape for entity in entities for shape in _references(entity, places)]
    shapes += [_card(entity, *places[entity.name]) for entity in entities]
    height = max((y + _height(named[name]) for name, (_, y) in places.items()), default=0)
    width = _MARGIN + len(columns) * (_WIDTH + _GAP)
    return picture(shapes, width, height + _MARGIN, label="Entities and their relations")


def _places(columns: list[list[str]], named: dict[str, Entity]) -> _Places:
    places: _Places = {}
    for at, column in enumerate(columns):
        y = float(_MARGIN)
        for name in column:
            places[name] = (_MARGIN + at * (_WIDTH + _GAP), y)
            y += _height(named[name]) + _MARGIN
    return places


def _lines(entity: Entity) -> list[tuple[str, str]]:
    fields = [(field.name, field.type + ("?" if field.optional else "")) for field in entity.fields]
    return [*fields, *((each.name, _kind(each)) for each in entity.relations)]


def _kind(relation: Relation) -> str:
    mark = "*" if relation.many else "?" if relation.optional else ""
    return f"→ {relation.to}{mark}"


def _height(entity: Entity) -> float:
    return _HEAD + _LINE * len(_lines(entity)) + 8


def _card(entity: Entity, x: float, y: float) -> str:
    shapes = [
        box(x, y, _WIDTH, _height(entity), role="entity built-in" if entity.built_in else "entity"),
        text(x + 12, y + 20, entity.name, role="name", anchor="start"),
    ]
    for at, (name, kind) in enumerate(_lines(entity)):
        base = y + _HEAD + _LINE * (at + 0.75)
        shapes.append(text(x + 12, base, name, role="field", anchor="start"))
        shapes.append(text(x + _WIDTH - 10, base, kind, role="type", anchor="end"))
    return group(shapes, title=entity.description)


def _references(entity: Entity, places: _Places) -> Iterator[str]:
    x, y = places[entity.name]
    for at, relation in enumerate(entity.relations, len(entity.fields)):
        if relation.to in places:
            line = y + _HEAD + _LINE * (at + 0.5)
            yield curve(_path((x, line), places[relation.to]), role=_role(relation))


def _role(relation: Relation) -> str:
    return "reference many" if relation.many else "reference"


def _path(start: tuple[float, float], target: tuple[float, float]) -> list[tuple[float, float]]:
    (x, y), (to_x, to_y) = start, target
    entry = to_y + _HEAD / 2
    if to_x < x:
        pull = _GAP * 0.6
        return [(x, y), (x - pull, y), (to_x + _WIDTH + pull, entry), (to_x + _WIDTH, entry)]
    out, pull = x + _WIDTH, _GAP * 0.8
    if to_x == x:
        return [(out, y), (out + pull, y), (out + pull, entry), (out, entry)]
    return [(out, y), (out + pull, y), (to_x - pull, entry), (to_x, entry)]

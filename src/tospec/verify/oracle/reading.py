"""Which members of which rows a condition reads, and the constants that they meet."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from tospec.expression import (
    Aggregate,
    Call,
    Compare,
    Constant,
    Kind,
    MayDo,
    Membership,
    Path,
    Typed,
    children,
)
from tospec.model import Entity, Expression, Relation, System
from tospec.verify.oracle.steps import PEOPLE
from tospec.verify.oracle.wire import constant

type Place = tuple[str, ...]
"""Members to follow from the row that a condition is about."""

INPUT: Final = "@input"
"""Stands at the head of the place of an input."""

_DEEPEST: Final = 5


@dataclass(slots=True)
class Reads:
    """Places that conditions read, in order of first mention, with constants met there."""

    places: dict[Place, list[object]] = field(default_factory=dict)

    def add(self, place: Place, *constants: object) -> None:
        """Note that a place is read."""
        known = self.places.setdefault(place, [])
        known.extend(each for each in constants if each not in known)


def reads_of(system: System, entity: Entity, expressions: tuple[Expression, ...]) -> Reads:
    """Return what conditions on a row of an entity read."""
    reads = Reads()
    for expression in expressions:
        _Reader(system, entity, reads, ()).read(expression.tree.root, {})
    return reads


@dataclass(frozen=True, slots=True)
class _Reader:
    system: System
    entity: Entity
    reads: Reads
    prefix: Place

    def read(self, part: Typed, bound: Mapping[str, Place]) -> None:
        """Note what a part reads; `bound` has the places of the rows of aggregates."""
        match part:
            case Path():
                self._path(part, bound, ())
            case Aggregate():
                self._aggregate(part, bound)
            case Compare() | Membership():
                sides = children(part)
                self._together(sides, bound)
            case Call():
                self._together(part.arguments, bound)
            case MayDo():
                self._may(part, bound)
            case _:
                for each in children(part):
                    self.read(each, bound)

    def _place(self, path: Path, bound: Mapping[str, Place]) -> Place | None:
        names = path.names
        if names and names[-1] == "id" and len(names) > 1:
            names = names[:-1]
        if path.root.level == 0:
            return (*self.prefix, *names)
        if path.root.level is not None:
            start = bound.get(path.root.name)
            return None if start is None else (*start, *names)
        return (INPUT, *names) if path.root.name == "input" else None

    def _path(self, path: Path, bound: Mapping[str, Place], met: tuple[object, ...]) -> None:
        place = self._place(path, bound)
        if place is not None:
            self._note(place, met)

    def _note(self, place: Place, met: tuple[object, ...]) -> None:
        """Note a place and those on the way; go into computed values."""
        entity: Entity | None = self.entity
        for index, name in enumerate(place if place[0] != INPUT else ()):
            if entity is None:
                return
            way = place[: index + 1]
            computed = next((each for each in entity.computed if each.name == name), None)
            if computed is not None and len(way) < _DEEPEST:
                inner = _Reader(self.system, self.entity, self.reads, place[:index])
                inner.read(computed.value.tree.root, {})
                return
            if name != "id":
                self.reads.add(way, *(met if way == place else ()))
            entity = target_of(self.system, entity, name)
        if place[0] == INPUT:
            self.reads.add(place, *met)

    def _aggregate(self, part: Aggregate, bound: Mapping[str, Place]) -> None:
        place = self._place(part.relation, bound) if isinstance(part.relation, Path) else None
        if place is None:
            return
        self._note(place, ())
        for each in (part.condition, part.value):
            if each is not None:
                self.read(each, {**bound, part.row.name: place})

    def _together(self, sides: tuple[Typed, ...], bound: Mapping[str, Place]) -> None:
        """Note that the paths in each part meet the constants in the other ones."""
        for index, side in enumerate(sides):
            others = (*sides[:index], *sides[index + 1 :])
            met = tuple(each for other in others for each in self._met(other))
            for path in parts(side):
                if isinstance(path, Path):
                    self._path(path, bound, met)
            if not isinstance(side, Path):
                self.read(side, bound)

    def _met(self, part: Typed) -> Iterator[object]:
        """Yield the constants in a part, settings among them."""
        known = {each.name.lower(): each for each in self.system.settings}
        for each in parts(part):
            if isinstance(each, Constant) and each.type.kind is not Kind.NULL:
                yield each.value
            elif isinstance(each, Path) and each.root.name == "settings" and each.names:
                setting = known.get(each.names[-1])
                if setting is not None and setting.has_default:
                    yield constant(setting, setting.default)

    def _may(self, part: MayDo, bound: Mapping[str, Place]) -> None:
        if part.user is not None:
            self._path(part.user, bound, ())
        place = self._place(part.subject, bound)
        entity = self.system.entity(part.subject.type.name)
        if place is None or place[0] == INPUT or entity.policy is None or len(place) >= _DEEPEST:
            return
        self._note(place, ()) if place else None
        asked = (entity.policy.visible, entity.policy.of(part.action))
        inner = _Reader(self.system, self.entity, self.reads, place)
        for each in asked:
            if each is not None:
                inner.read(each.tree.root, {})


def parts(part: Typed) -> Iterator[Typed]:
    """Yield a part and all in it, but not what is in aggregates: that is about other rows."""
    yield part
    for each in () if isinstance(part, Aggregate) else children(part):
        yield from parts(each)


def inverse_of(system: System, entity: Entity, name: str) -> tuple[Entity, Relation] | None:
    """Return the entity and relation that a name of the other end stands for."""
    for other in system.entities:
        for relation in other.relations:
            if relation.to == entity.name and relation.inverse == name:
                return other, relation
    return None


def target_of(system: System, entity: Entity, name: str) -> Entity | None:
    """Return the entity that a relation leads to, from either end; None for other members."""
    relation = entity.relation(name)
    if relation is not None:
        return system.entity(relation.to)
    found = inverse_of(system, entity, name)
    return found[0] if found else None


__all__ = ["INPUT", "PEOPLE", "Place", "Reads", "inverse_of", "reads_of", "target_of"]

"""What measures read, and by what a row that they read belongs to them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from tospec.expression import Aggregate, Path, Typed, children
from tospec.expression import Kind as TypeKind
from tospec.model.entities import Computed, Relation
from tospec.model.operations import Operation
from tospec.model.system import System

type _Way = tuple[str, ...] | None
"""How rows are reached: `()` for the measured row, its one relation to many, None for others."""

SELF: Final = "id"
"""What ties the measured row to its own measures."""


def measures_of(system: System, operation: Operation) -> tuple[Computed, ...]:
    """Return what an operation measures; nothing for one that does not measure."""
    return system.view(operation.view).measures if operation.view else ()


def entities_read(system: System, operation: Operation) -> tuple[str, ...]:
    """Return the entities whose rows the measures of an operation read, in order of mention."""
    return tuple(dict.fromkeys(entity for entity, _ in _reads(system, operation)))


def ties(system: System, operation: Operation, entity: str) -> tuple[str, ...] | None:
    """Return what says of a row of `entity` whose measures it is part of.

    Returns:
        Relations to one of the entity, and `id` where the row is itself the measured one; None
        where the measures reach rows of the entity in other ways, so that no row says it.
    """
    ways = dict.fromkeys(way for read, way in _reads(system, operation) if read == entity)
    found = [_tie(system, operation.entity, way) for way in ways]
    known = tuple(dict.fromkeys(each for each in found if each))
    return known if len(known) == len(set(found)) else None


def _tie(system: System, measured: str, way: _Way) -> str | None:
    if not way:
        return None if way is None else SELF
    relation = _inverse(system, measured, way[0])
    return relation.name if relation and not relation.many else None


def _inverse(system: System, owner: str, name: str) -> Relation | None:
    found = (each for _, each in system.referring_to(owner) if each.inverse == name)
    return next(found, None)


def _reads(system: System, operation: Operation) -> Iterator[tuple[str, _Way]]:
    for each in measures_of(system, operation):
        yield from _Reader(system, ()).of(each.value.tree.root)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Finds what an expression reads.

    Attributes:
        home: How the row is reached that the expression is about.
        bound: How the rows of aggregates around the place are reached, by their names.
    """

    system: System
    home: _Way
    bound: Mapping[str, _Way] = field(default_factory=dict)

    def of(self, part: Typed) -> Iterator[tuple[str, _Way]]:
        """Yield the entities that a part reads, and how it reaches their rows."""
        if isinstance(part, Path):
            yield from self._path(part)
        elif isinstance(part, Aggregate):
            yield from self._path(part.relation)
            inside = {**self.bound, part.row.name: self._end(part.relation)}
            within = _Reader(self.system, self.home, inside)
            for each in (part.condition, part.value):
                yield from within.of(each) if each else ()
        else:
            for child in children(part):
                yield from self.of(child)

    def _start(self, path: Path) -> _Way:
        return self.home if path.root.level == 0 else self.bound.get(path.root.name)

    def _end(self, relation: Path) -> _Way:
        way = self._start(relation)
        return relation.names if way == () and len(relation.steps) == 1 else None

    def _path(self, path: Path) -> Iterator[tuple[str, _Way]]:
        way, owner = self._start(path), path.root.type
        if path.root.level is None:
            return
        for step in path.steps:
            computed = self._computed(owner.name, step.name)
            if computed is not None:
                yield from _Reader(self.system, way).of(computed.value.tree.root)
            elif step.type.kind is TypeKind.MANY:
                way = (step.name,) if way == () else None
                yield step.type.name, way
            elif step.name != SELF:
                yield owner.name, way
                way = None
            owner = step.type

    def _computed(self, entity: str, name: str) -> Computed | None:
        found = self.system.entity(entity).computed
        return next((each for each in found if each.name == name), None)

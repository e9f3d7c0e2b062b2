"""Finds rows about which conditions are true or false."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import combinations, product
from typing import Final

from tospec.expression import MayDo, Typed, parts
from tospec.expression.typed import Path
from tospec.lowering.cases.plans import ORDINARY, Plan, Setting
from tospec.lowering.cases.rows import typed
from tospec.lowering.cases.values import (
    FUTURE,
    PAST,
    choices,
    examples,
    instant,
    stored,
    whole_range,
)
from tospec.model import Entity, Expression, Field, FieldType, Generated, Relation, System
from tospec.python import literal

_DEEPEST: Final = 2
_MOST_TOGETHER: Final = 3
_TRIED: Final = 4000


def names_in(system: System, expressions: Iterable[Expression]) -> frozenset[str]:
    """Return the members that conditions depend on, through computed values and policies too."""
    found: set[str] = set()
    pending = [expression.tree.root for expression in expressions]
    asked = False
    while pending:
        for part in parts(pending.pop()):
            if isinstance(part, MayDo) and not asked:
                pending += _visibilities(system)
                asked = True
            new = set(part.names) - found if isinstance(part, Path) else set()
            found |= new
            computed = (system.computed(name) for name in sorted(new))
            pending += [each.value.tree.root for each in computed if each is not None]
    return frozenset(found)


def visibility(system: System, entity: Entity) -> tuple[Expression, ...]:
    """Return the conditions on which it depends whether a row is visible."""
    policy = entity.policy
    if policy is None:
        return ()
    own = () if policy.visible is None else (policy.visible,)
    relation = entity.relation(policy.inherit) if policy.inherit else None
    return own if relation is None else (*own, *visibility(system, system.entity(relation.to)))


def find(
    system: System,
    entity: Entity,
    names: frozenset[str],
    accept: Callable[[Plan], bool],
    *,
    sent: bool = False,
    people: tuple[Setting, ...] = (),
    along: Iterable[str] = (),
) -> Plan | None:
    """Return the plan with the fewest changes that is accepted; None when none is.

    Args:
        system: Everything.
        entity: What the row is.
        names: Members that matter.
        accept: Whether a plan will do.
        sent: Whether a client sends the row, so that only what clients write may differ.
        people: Others whom relations may refer to; the names of the settings do not matter.
        along: Relations to one whose rows may differ as well, although the row needs none.
    """
    scope = _Scope(system, names, people)
    dimensions = [each for each in scope.dimensions(entity, sent, _DEEPEST) if each]
    dimensions += [each for name in along for each in scope.dimensions_along(entity, name)]
    for tried, plan in enumerate(_plans(dimensions)):
        if accept(plan):
            return plan
        if tried > _TRIED:
            break
    return None


def _plans(dimensions: list[list[Plan]]) -> Iterator[Plan]:
    yield ORDINARY
    for together in range(1, _MOST_TOGETHER + 1):
        for chosen in combinations(dimensions, together):
            for plans in product(*chosen):
                joined = ORDINARY
                for plan in plans:
                    joined = joined.joined(plan)
                yield joined


def _visibilities(system: System) -> Iterator[Typed]:
    for entity in system.entities:
        if entity.policy is not None and entity.policy.visible is not None:
            yield entity.policy.visible.tree.root


@dataclass(frozen=True, slots=True)
class _Scope:
    """In what rows may differ."""

    system: System
    names: frozenset[str]
    people: tuple[Setting, ...]

    def dimensions(self, entity: Entity, sent: bool, depth: int) -> Iterator[list[Plan]]:
        for field in entity.fields:
            if field.name in self.names and (field.writable or not sent):
                yield [Plan(settings=(each,)) for each in _settings(entity, field)]
        for relation in entity.relations:
            if relation.name in self.names and (relation.writable or not sent):
                yield list(self._relations(entity, relation))
        yield from self._above(entity, depth)
        yield from self._below(entity)

    def dimensions_along(self, entity: Entity, name: str) -> Iterator[list[Plan]]:
        relation = next(each for each in entity.relations if each.name == name)
        for plans in self.dimensions(self.system.entity(relation.to), False, 0):
            if plans:
                yield [Plan(above=((name, plan),)) for plan in plans]

    def _above(self, entity: Entity, depth: int) -> Iterator[list[Plan]]:
        for relation in entity.relations:
            target = self.system.entity(relation.to)
            if depth and not target.built_in and not relation.many and not relation.optional:
                for plans in self.dimensions(target, False, depth - 1):
                    yield [Plan(above=((relation.name, plan),)) for plan in plans]

    def _below(self, entity: Entity) -> Iterator[list[Plan]]:
        for other, relation in self.system.referring_to(entity.name):
            if relation.inverse in self.names and not relation.many:
                yield [Plan(below=((other.name, relation.name),))]

    def _relations(self, entity: Entity, relation: Relation) -> Iterator[Plan]:
        target = self.system.entity(relation.to)
        if relation.many:
            yield Plan(links=(relation.name,))
        elif relation.generated_by_principal or not relation.optional:
            return
        elif target.built_in:
            nobody = Setting(name=relation.name, value=None, code=literal(None))
            people = (replace(each, name=relation.name) for each in self.people)
            mine = Setting(name=relation.name, value=None, code=None)
            for each in (mine, nobody, *people):
                yield Plan(settings=(each,))
        else:
            yield Plan(above=((relation.name, ORDINARY),))
            shared = tuple(shared_relations(entity, target))
            if shared:
                needed = tuple((name, ORDINARY) for name in shared)
                yield Plan(above=(*needed, (relation.name, Plan(shared=shared))))


def _settings(entity: Entity, field: Field) -> Iterator[Setting]:
    values: tuple[object, ...] = ()
    match field.type:
        case FieldType.ENUM:
            values = choices(entity, field)
        case FieldType.BOOL:
            values = (True, False)
        case FieldType.TIMESTAMP:
            values = _instants(field)
        case FieldType.INT if field.generated is None:
            values = whole_range(field)
        case _ if field.generated is None:
            values = examples(field)
    if field.optional:
        values = (*values, None)
    for value in values:
        yield Setting(name=field.name, value=typed(field.type, value), code=stored(field, value))


def _instants(field: Field) -> tuple[object, ...]:
    if field.generated is Generated.CHANGED:
        return ()
    times = (PAST,) if field.generated else (PAST, FUTURE)
    return tuple(instant(each) for each in times)


def shared_relations(entity: Entity, target: Entity) -> Iterator[str]:
    """Yield required relations that both entities have, to the same other one."""
    for relation in entity.relations:
        other = target.relation(relation.name)
        both = other is not None and other.to == relation.to and not relation.many
        if both and not relation.generated_by_principal and not relation.optional:
            yield relation.name

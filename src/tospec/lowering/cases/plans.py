"""Rows that a test needs: what is special about them, and how they come to be."""

from dataclasses import dataclass, field

from tospec.lowering.cases.rows import Row, Someone, World, new_row, related
from tospec.model import Entity, Relation, System
from tospec.python import Code


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A field with a value of its own, or a relation to a person.

    Attributes:
        name: Field or relation.
        value: What conditions compare; for a relation, a person or None.
        code: Source of the value as repositories take it; None for the owner.
    """

    name: str
    value: object
    code: Code | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is special about a row.

    Attributes:
        settings: Fields, and relations to people.
        above: Relations to rows that are made first, with what is special about those.
        links: Relations to many that hold one row or person.
        shared: Relations to one whose row is that of the row below.
        below: Entity and relation of rows that refer to it, made afterwards.
    """

    settings: tuple[Setting, ...] = ()
    above: "tuple[tuple[str, Plan], ...]" = ()
    links: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()
    below: tuple[tuple[str, str], ...] = ()

    @property
    def changes(self) -> int:
        """How far it is from an ordinary row."""
        above = sum(1 + plan.changes for _, plan in self.above)
        return len(self.settings) + above + len(self.links) + len(self.below)

    def joined(self, other: "Plan") -> "Plan":
        """Return what is special about a row that is both."""
        above = dict(self.above)
        for name, plan in other.above:
            above[name] = above[name].joined(plan) if name in above else plan
        return Plan(
            settings=(*self.settings, *other.settings),
            above=tuple(above.items()),
            links=(*self.links, *other.links),
            shared=(*self.shared, *other.shared),
            below=(*self.below, *other.below),
        )


ORDINARY = Plan()


@dataclass(slots=True)
class Built:
    """A row in a world of its own."""

    row: Row
    rows: list[Row] = field(default_factory=list)

    def world(self, world: World) -> World:
        """Return `world` with these rows."""
        return world.holding(self.row, *self.rows)


def build(system: System, entity: Entity, plan: Plan, owner: Someone) -> Built:
    """Return the row of a plan, made by `owner`."""
    row = new_row(system, entity, owner)
    _apply(system, row, plan, owner)
    built = Built(row)
    for name, relation_name in plan.below:
        child = new_row(system, system.entity(name), owner)
        child.refs[relation_name] = row
        built.rows.append(child)
    return built


def _apply(system: System, row: Row, plan: Plan, owner: Someone) -> None:
    for setting in plan.settings:
        _set(row, setting, owner)
    for name, above in plan.above:
        relation = _relation(row.entity, name)
        other = related(system, relation, owner)
        if isinstance(other, Row):
            _apply(system, other, above, owner)
            other.refs.update({each: row.refs[each] for each in above.shared})
        row.refs[name] = other
    for name in plan.links:
        row.links[name] = (related(system, _relation(row.entity, name), owner),)


def _set(row: Row, setting: Setting, owner: Someone) -> None:
    if setting.name in row.fields:
        row.fields[setting.name] = setting.value
    elif setting.code is None:
        row.refs[setting.name] = owner
    else:
        row.refs[setting.name] = setting.value if isinstance(setting.value, Someone) else None


def _relation(entity: Entity, name: str) -> Relation:
    return next(relation for relation in entity.relations if relation.name == name)

"""Several rows that one list shows, each of them different."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

from tospec.model import Computed, Entity, Expression, Field, FieldType, Operation
from tospec.verify.base import Stage, Unavailable
from tospec.verify.oracle.building import Builder, Impossible
from tospec.verify.oracle.choices import Other, values_around
from tospec.verify.oracle.interpreter import Around, member_of
from tospec.verify.oracle.planning import Goal, Planner, Plot, done
from tospec.verify.oracle.predicting import roles_of
from tospec.verify.oracle.reading import Place, reads_of
from tospec.verify.oracle.steps import PEOPLE, Step
from tospec.verify.oracle.texts import word
from tospec.verify.oracle.values import TEXTS, bounds, lengths, ordinary
from tospec.verify.oracle.varying import varied_around
from tospec.verify.oracle.world import Key, Row, Somebody, Undetermined
from tospec.verify.scene.acting import Scene

_MOST: Final = 4
_BESIDE: Final = 100
_WORD: Final = 12


@dataclass(frozen=True, slots=True)
class Listed:
    """A row that a list shows to somebody, and where it is known."""

    scene: Scene
    plot: Plot

    @property
    def id(self) -> str:
        """What the target calls the row."""
        return self.scene.id_of(self.plot.target)

    @property
    def row(self) -> Row:
        """The row as far as it is known."""
        return self.scene.world.rows[self.plot.target]

    def another(self, key: Key, body: Mapping[str, object] = MappingProxyType({})) -> "Listed":
        """Make a further row of the same list, in the way in which this one was made.

        Args:
            key: What stands for the new row.
            body: Members of it that are other than those of this one.

        Raises:
            Unavailable: If no operation makes such rows, or the target does not let it happen.
        """
        target = self.plot.target
        steps = [step for step in self.plot.steps if target in (step.makes, step.on)]
        if not steps or steps[0].makes != target:
            raise Unavailable("the rows of this list are not made by an operation")
        self.scene.play(
            replace(step, makes=key, body={**step.body, **body})
            if step.makes == target
            else replace(step, on=key)
            for step in steps
        )
        return Listed(self.scene, replace(self.plot, target=key))

    def allows(self, step: Step) -> bool:
        """Return whether a step has to succeed now."""
        try:
            return self.scene.predict(step).done
        except Undetermined:
            return False

    def value(self, name: str) -> Any:
        """Return a member of the row: ids for relations.

        Raises:
            Undetermined: If it is not known.
        """
        entity = self.scene.world.entity_of(self.row)
        relation = entity.relation(name)
        if relation is None:
            around = Around(world=self.scene.world, row=self.row, principal=self.plot.step.by)
            return member_of(self.row, name, around)
        if relation.many:
            return tuple(self.scene.id_of(key) for key in self.row.links.get(name, ()))
        key: Key | None = self.row.refs.get(name)
        return None if key is None else self.scene.id_of(key)


def listed(
    stage: Stage,
    planner: Planner,
    operation: Operation,
    role: str,
    fixed: Mapping[Place, object],
    also: tuple[Expression, ...] = (),
) -> Listed:
    """Make a row that a list shows to somebody of a role.

    Raises:
        Unavailable: If there is no such row.
    """
    where = (operation.where,) if operation.where else ()
    me = Somebody(role=role)
    goal = Goal(operation=operation, me=me, wanted=done, fixed=fixed, also=(*where, *also))
    plot = planner.find_listed(goal)
    if plot is None:
        raise Unavailable(f"no such row was found for {operation.name}")
    scene = Scene(stage)
    scene.play(plot.steps)
    return Listed(scene, plot)


def around_where(
    stage: Stage, planner: Planner, operation: Operation
) -> tuple[tuple[Listed, bool], ...]:
    """Make rows that tell the parts of a list's fixed filter apart; say which it shows.

    Raises:
        Unavailable: If there are not both kinds of rows.
    """
    where = operation.where
    me = Somebody(role=roles_of(planner.system, operation)[0])
    bases = (_base(planner, operation, me, shown=shown) for shown in (True, False))
    found: list[tuple[Listed, bool]] = []
    goal = Goal(operation=operation, me=me, wanted=done)
    for plot in varied_around(planner, goal, where, bases) if where else ():
        shown = planner.lists(plot)
        if shown is not None:
            scene = Scene(stage)
            scene.play(plot.steps)
            found.append((Listed(scene, plot), shown))
    if len({shown for _, shown in found}) < 2:
        raise Unavailable(f"no rows were found that tell what {operation.name} shows")
    return tuple(found)


def _base(planner: Planner, operation: Operation, me: Somebody, *, shown: bool) -> Plot:
    where = (operation.where,) if operation.where else ()
    goal = Goal(operation=operation, me=me, wanted=done, also=where)
    plot = planner.find_listed(goal) if shown else planner.find_unlisted(goal)
    if plot is None:
        raise Unavailable(f"no such row was found for {operation.name}")
    return plot


def varied(stage: Stage, planner: Planner, operation: Operation, member: str) -> tuple[Listed, ...]:
    """Make rows of a list that differ in a member.

    Raises:
        Unavailable: If fewer than two can be made.
    """
    entity = planner.system.entity(operation.entity)
    role = roles_of(planner.system, operation)[0]
    rows: list[Listed] = []
    computed = _computed(entity, member)
    also = (computed.value,) if computed else ()
    for fixed in _choices(stage, planner, entity, operation, member, Somebody(role=role)):
        try:
            if rows and "{" in operation.path:
                rows.append(beside(planner, rows[0], fixed))
            else:
                rows.append(listed(stage, planner, operation, role, fixed, also))
        except (Unavailable, Undetermined, Impossible):
            continue
    if len(rows) < 2:
        raise Unavailable(f"no two rows were found that differ in {member}")
    return tuple(rows)


def beside(planner: Planner, row: Listed, fixed: Mapping[Place, object]) -> Listed:
    """Make another row below the one that a row hangs below.

    Raises:
        Impossible: If nobody can.
        Unavailable: If the target does not let it happen.
    """
    entity = row.scene.world.entity_of(row.row)
    above = row.row.refs.get(entity.under or "")
    me = row.plot.step.by
    builder = Builder(planner.system, planner.cast(me), fixed, row.scene.world, me)
    builder.count = _BESIDE + len(row.scene.world.rows)
    key = builder.make(entity, (), {}, {entity.under: above} if entity.under and above else {})
    row.scene.play(builder.steps)
    return Listed(row.scene, replace(row.plot, target=key))


def _computed(entity: Entity, member: str) -> Computed | None:
    return next((each for each in entity.computed if each.name == member), None)


def _choices(
    stage: Stage,
    planner: Planner,
    entity: Entity,
    operation: Operation,
    member: str,
    me: Somebody,
) -> Iterable[Mapping[Place, object]]:
    field, relation = entity.field(member), entity.relation(member)
    if field is not None and (field.writable or field.name == entity.state_field):
        met = _constants_of(planner, entity, operation, member)
        options = _options(stage, entity, field, met)
        spread = options[:_MOST] if None not in options else [*options[: _MOST - 1], None]
        return [{(member,): option} for option in spread]
    if relation is not None and relation.to == PEOPLE:
        people = planner.cast(me).everybody[:2]
        wrapped = [(who,) if relation.many else who for who in people]
        return [{(member,): option} for option in wrapped]
    if relation is not None:
        option = (Other.NEW,) if relation.many else Other.NEW
        fixed: dict[Place, object] = {} if member == entity.under else {(member,): option}
        return [fixed, fixed]
    found = _computed(entity, member)
    return planner.differing(entity, found) if found else [{}, {}, {}]


def _constants_of(
    planner: Planner, entity: Entity, operation: Operation, member: str
) -> list[object]:
    """Return the constants that a member meets in the fixed filter of a list."""
    where = (operation.where,) if operation.where else ()
    return reads_of(planner.system, entity, where).places.get((member,), [])


def _options(stage: Stage, entity: Entity, field: Field, met: list[object]) -> list[object]:
    if field.type in TEXTS and field.name != entity.state_field:
        if field.pattern is None and field.type in {FieldType.STRING, FieldType.TEXT}:
            longest = min(lengths(field)[1], _WORD)
            return [word(stage.random, max(longest, lengths(field)[0])) for _ in range(3)]
        return [ordinary(entity, field, stage.random) for _ in range(3)]
    if field.type is FieldType.UUID:
        return [ordinary(entity, field, stage.random) for _ in range(2)]
    if field.type in {FieldType.INT, FieldType.DECIMAL}:
        known = [Decimal(each) for each in met if isinstance(each, int | Decimal)]
        start, most = max(bounds(field)[0], Decimal(0), *known), bounds(field)[1]
        numbers = [min(start + step, most) for step in range(4)]
        return [int(n) if field.type is FieldType.INT else n for n in dict.fromkeys(numbers)]
    return list(values_around(entity, field, met))

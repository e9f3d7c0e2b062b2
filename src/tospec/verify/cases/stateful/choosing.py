"""Which step a walk takes next: by chance, and every other time one that has to succeed."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Final

from tospec.model import Entity, Field, Kind, Operation, Relation
from tospec.verify.oracle.planning import Plot
from tospec.verify.oracle.steps import (
    FRESH,
    PEOPLE,
    Prediction,
    Step,
    sent_fields,
    sent_relations,
)
from tospec.verify.oracle.values import TEXTS, ordinary
from tospec.verify.oracle.world import Key, Somebody, Undetermined
from tospec.verify.scene.acting import Scene

_KINDS: Final = frozenset(set(Kind) - {Kind.ACCOUNT})
_HOPEFUL: Final = 0.5
"""How many steps are chosen among those that will succeed."""


def foretold(scene: Scene, step: Step) -> Prediction | None:
    """Return what must become of a step; None when the model cannot tell."""
    try:
        return scene.predict(step)
    except Undetermined:
        return None


@dataclass(frozen=True, slots=True)
class Chooser:
    """Chooses steps on rows of an entity.

    Attributes:
        plot: How a row is made.
        actors: Who may be asked to do something.
        rows: Keys of the rows, those that were deleted among them.
        asked: How often for what, by whom, in which state.
    """

    scene: Scene
    entity: Entity
    plot: Plot
    actors: tuple[Somebody, ...]
    rows: Sequence[Key]
    asked: Counter[tuple[str, ...]]

    def chosen(self, random: Random) -> Step | None:
        """Return a step; None when there is nothing for it to be about."""
        found = self.scene.system.operations_of(self.entity.name)
        operations = [each for each in found if each.kind in _KINDS]
        on = self.rows[min(random.randrange(len(self.rows)) for _ in range(2))]
        pairs = [(operation, by) for operation in operations for by in self.actors]
        steps = (self._step(*pair, on, random) for pair in random.sample(pairs, len(pairs)))
        options = [each for each in steps if each is not None]
        if random.random() < _HOPEFUL:
            options = [each for each in options if self._succeeds(each)] or options
        # What was asked least often so far comes first, so that walks get somewhere.
        step = min(options, key=lambda each: self.asked[self._situation(each)], default=None)
        if step is not None:
            self.asked[self._situation(step)] += 1
        return step

    def _succeeds(self, step: Step) -> bool:
        prediction = foretold(self.scene, step)
        return prediction is not None and prediction.done

    def _situation(self, step: Step) -> tuple[str, ...]:
        row = self.scene.world.rows.get(step.on or "")
        state = row.values.get(self.entity.state_field or "") if row is not None else None
        return step.operation.name, step.by.role, str(state)

    def _step(self, operation: Operation, by: Somebody, on: Key, random: Random) -> Step | None:
        match operation.kind:
            case Kind.CREATE:
                makes = f"#{self.entity.name}-walk-{len(self.rows)}"
                return replace(self.plot.step, by=by, makes=makes)
            case Kind.DELETED:
                return Step(operation=operation, by=by)
            case Kind.LIST:
                above = self.plot.step.on if "{" in operation.path else None
                return Step(operation=operation, by=by, on=above)
            case Kind.UPDATE:
                return Step(operation=operation, by=by, on=on, body=self._changes(random))
            case Kind.LINK | Kind.UNLINK:
                return self._link(operation, by, on, random)
        body = {each.name: ordinary(self.entity, each, random) for each in operation.input}
        return Step(operation=operation, by=by, on=on, body=body)

    def _link(self, operation: Operation, by: Somebody, on: Key, random: Random) -> Step | None:
        relation = self.entity.relation(operation.relation or "")
        options = self._keys_of(relation) if relation is not None else []
        if not options:
            return None
        return Step(operation=operation, by=by, on=on, other=random.choice(options))

    def _changes(self, random: Random) -> dict[str, object]:
        """Return one member of a body, and a value for it."""
        fields = sent_fields(self.entity, updates=True)
        relations = sent_relations(self.entity, updates=True)
        values: dict[str, object] = {each.name: self._value(each, random) for each in fields}
        values |= {each.name: self._target(each, random) for each in relations}
        name = random.choice(list(values))
        return {name: values[name]}

    def _value(self, field: Field, random: Random) -> object:
        if field.optional and random.random() < 1 / 3:
            return None
        if field.type in TEXTS:
            return FRESH
        if field.values:
            return random.choice(field.values)
        if isinstance(field.default, bool):
            return random.random() < 1 / 2
        return ordinary(self.entity, field, random)

    def _target(self, relation: Relation, random: Random) -> object:
        options: list[Key | None] = list(self._keys_of(relation))
        if relation.many:
            return tuple(key for key in options[:1] if random.random() < 1 / 2 and key)
        if relation.optional or not options:
            options.append(None)
        return random.choice(options)

    def _keys_of(self, relation: Relation) -> list[Key]:
        """Return what a relation can lead to, of what this walk knows."""
        if relation.to == PEOPLE:
            return [actor.key for actor in self.actors]
        rows = self.scene.world.rows.values()
        return [row.key for row in rows if row.entity == relation.to]

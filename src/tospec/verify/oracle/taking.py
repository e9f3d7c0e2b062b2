"""Steps that were found so far, what exists after them, and the next ones."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Final

from tospec.model import Entity, Field, FieldType, Kind, Operation, System
from tospec.verify.oracle.choices import Cast
from tospec.verify.oracle.predicting import predict
from tospec.verify.oracle.reading import INPUT, Place
from tospec.verify.oracle.steps import FRESH, Prediction, Step, is_required
from tospec.verify.oracle.values import TEXTS, default_of, ordinary
from tospec.verify.oracle.world import Key, Somebody, Undetermined, World

type Choices = Mapping[Place, object]
"""What was chosen about a situation, by place."""

_LONGEST_WAY: Final = 8
_BY_CHANCE: Final = frozenset({*TEXTS, FieldType.UUID, FieldType.JSON})


class Impossible(Exception):  # noqa: N818 - an answer, not an error
    """Nothing that clients may do brings the situation about."""


@dataclass(slots=True)
class Taker:
    """Takes steps in a world that is only thought.

    Attributes:
        maker: Who acts where nothing else is chosen.
    """

    system: System
    cast: Cast
    choices: Choices
    world: World
    maker: Somebody
    steps: list[Step] = field(default_factory=list)

    @property
    def actors(self) -> tuple[Somebody, ...]:
        """Who may be asked to act, in this order."""
        return (self.maker, *self.cast.everybody)

    def operation_of(self, entity: Entity, kind: Kind) -> Operation:
        """Return the operation of a kind.

        Raises:
            Impossible: If there is none.
        """
        for operation in self.system.operations_of(entity.name):
            if operation.kind is kind:
                return operation
        raise Impossible(f"there is no operation to {kind.value} {entity.name}")

    def take(self, step: Step, actors: tuple[Somebody, ...]) -> None:
        """Take a step, by the first of the actors who can.

        Raises:
            Impossible: If none can.
        """
        for by in dict.fromkeys(actors):
            self.world = self.world.with_person(by)
            tried = step.taken_by(by)
            found = self.predicted(tried)
            if found is not None and found.done:
                self.steps.append(tried)
                self.world = found.world
                return
        raise Impossible(f"nobody here can {step.operation.name}")

    def predicted(self, step: Step) -> Prediction | None:
        """Return what must become of a step; None when that is unknown."""
        try:
            return predict(self.world, step)
        except Undetermined:
            return None

    def reach(self, key: Key, name: str, wanted: object) -> None:
        """Take the fewest operations on a row after which a field has a value.

        Raises:
            Impossible: If none lead there.
        """
        start = (self.world, tuple(self.steps))
        waiting, seen = [start], {self.world.rows[key].values.get(name)}
        for _ in range(_LONGEST_WAY):
            following = []
            for world, steps in waiting:
                self.world, self.steps = world, list(steps)
                if world.rows[key].values.get(name, FRESH) == wanted:
                    return
                following += self._onward(key, name, seen)
            waiting = following
        self.world, self.steps = start[0], list(start[1])
        raise Impossible(f"no operations make {name} {wanted}")

    def _onward(
        self, key: Key, name: str, seen: set[object]
    ) -> list[tuple[World, tuple[Step, ...]]]:
        before, taken = self.world, tuple(self.steps)
        found = []
        for operation in self.system.operations_of(before.rows[key].entity):
            if operation.kind not in {Kind.TRANSITION, Kind.ACTION} or "{" not in operation.path:
                continue
            self.world, self.steps = before, list(taken)
            try:
                self.take(self.about(operation, key), self.actors)
            except Impossible:
                continue
            value = self.world.rows[key].values.get(name)
            if isinstance(value, dict | list):
                continue
            if value not in seen:
                seen.add(value)
                found.append((self.world, tuple(self.steps)))
        return found

    def about(self, operation: Operation, key: Key) -> Step:
        """Return a transition or action on a row with ordinary inputs, or the chosen ones."""
        entity = self.system.entity(operation.entity)
        body = {
            each.name: self.choices.get((INPUT, each.name), initial_value(entity, each))
            for each in operation.input
            if is_required(each) or (INPUT, each.name) in self.choices
        }
        return Step(operation=operation, by=self.cast.me, on=key, body=body)


def initial_value(entity: Entity, each: Field) -> object:
    """Return what to send for a required field: texts are chosen late, so that none repeats."""
    if each.type in _BY_CHANCE:
        return FRESH
    if each.has_default:
        return default_of(each)
    return ordinary(entity, each, Random(0))  # noqa: S311 - no secret

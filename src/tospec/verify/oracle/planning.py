"""Finding a situation in which an operation comes to a wanted end."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from tospec.model import Computed, Entity, Expression, Kind, Operation, System
from tospec.verify.oracle.building import Builder, Impossible
from tospec.verify.oracle.choices import Cast, Dimension, dimensions
from tospec.verify.oracle.goals import Goal, Plot, done, hidden, new_world
from tospec.verify.oracle.interpreter import Around, holds, sees, value_of
from tospec.verify.oracle.memory import memory_of
from tospec.verify.oracle.predicting import predict, requirements_of, roles_of
from tospec.verify.oracle.reading import Place, reads_of
from tospec.verify.oracle.searching import Attempts
from tospec.verify.oracle.staging import Staging
from tospec.verify.oracle.taking import Choices
from tospec.verify.oracle.ways import Ways
from tospec.verify.oracle.world import Key, Somebody, Undetermined, World

_MOST_VALUES: Final = 3
_NOT_ABOUT_A_ROW: Final = frozenset({Kind.CREATE, Kind.LIST, Kind.DELETED, Kind.ACCOUNT})


class Planner:
    """Finds situations for one system; the same goal gives the same situation."""

    def __init__(self, system: System) -> None:
        self.system = system
        self._memory = memory_of(system)
        self._hiding: dict[tuple[str, str], Choices | None] = {}
        self._ways = Ways(self)

    def cast(self, me: Somebody) -> Cast:
        """Return who takes part beside somebody who acts: one more person a role."""
        helpers = tuple(replace(me, role=role, number=1) for role in self.system.roles)
        capable = [h for h in helpers if h.key != me.key]
        return Cast(me=me, other=self._ordinary(capable, me), helpers=tuple(capable))

    def _ordinary(self, helpers: list[Somebody], me: Somebody) -> Somebody:
        """Return somebody who may do much without being above all policies, if there is one."""
        weights = {h: sum(h.role in p.roles for p in self.system.permissions) for h in helpers}
        ordered = sorted(helpers, key=lambda h: -weights[h])
        return ordered[0] if ordered else replace(me, number=1)

    def find(self, goal: Goal) -> Plot | None:
        """Return the simplest situation found for a goal; None when there is none."""
        return self._found(goal, frozenset())

    def _found(self, goal: Goal, sought: frozenset[str]) -> Plot | None:
        """Return a situation for a goal, on no way through the operations that are `sought`."""
        entity = self.system.entity(goal.operation.entity)
        cast = self.cast(goal.me)
        fixed = {**self._state(goal, entity), **goal.fixed}
        free = [d for d in self._dimensions(goal, entity, cast) if d.place not in fixed]
        attempts = Attempts(goal, lambda choices: self._situation(goal, cast, choices))
        found = attempts.nearest(free, {}, fixed) or attempts.climbing(free, {}, fixed)
        if found is None and (way := self._way(goal, entity, sought)):
            found = attempts.nearest(free, way, fixed) or attempts.climbing(free, way, fixed)
        return found

    def _way(self, goal: Goal, entity: Entity, sought: frozenset[str]) -> Choices:
        """Return choices with which somebody can bring a row into the state that is wanted."""
        lifecycle = entity.lifecycle
        state = self._state(goal, entity).get((lifecycle.field,)) if lifecycle else None
        if lifecycle is None or state is None or state == lifecycle.initial:
            return {}
        moves = {m.name for m in lifecycle.transitions if m.target == state}
        for operation in self.system.operations_of(entity.name):
            if operation.transition in moves and operation.name not in sought:
                move = Goal(operation=operation, me=goal.me, wanted=done)
                plot = self._found(move, sought | {operation.name})
                if plot is not None:
                    return {p: v for p, v in plot.choices.items() if p != (lifecycle.field,)}
        return {}

    def with_ways(self, me: Somebody, entity: Entity, choices: Choices) -> Choices:
        """Return choices, and what else rows need so that they can come into the chosen states."""
        return {**self._ways.of(me, entity, choices), **choices}

    def find_listed(self, goal: Goal) -> Plot | None:
        """Return a situation in which a list shows the row; None when there is none."""

        def shown(world: World, key: Key) -> bool:
            return _is_listed(goal.operation, world, key, goal.me)

        return self.find(replace(goal, world_fits=shown))

    def lists(self, plot: Plot) -> bool | None:
        """Return whether the list that a plot asks for shows its row; None if that is unknown."""
        try:
            return _is_listed(plot.step.operation, plot.world, plot.target, plot.step.by)
        except Undetermined:
            return None

    def find_unlisted(self, goal: Goal) -> Plot | None:
        """Return a situation in which a row is seen but a list leaves it out; None without one."""
        where = goal.operation.where

        def left_out(world: World, key: Key) -> bool:
            around = Around(world=world, row=world.rows[key], principal=goal.me)
            seen = sees(world.rows[key], around)
            return seen and where is not None and not holds(where, around)

        return self.find(replace(goal, world_fits=left_out))

    def differing(self, entity: Entity, computed: Computed) -> list[Choices]:
        """Return choices about rows that give a computed value different values."""
        found: dict[object, Choices] = {}
        for operation in self.system.operations_of(entity.name):
            about_row = operation.kind is Kind.READ and roles_of(self.system, operation)
            for _ in range(_MOST_VALUES if about_row else 0):
                plot = self._other_value(operation, computed, found)
                if plot is None:
                    break
                found[self._value(plot, computed)] = plot.choices
        return list(found.values())

    def _other_value(
        self, operation: Operation, computed: Computed, known: Mapping[object, object]
    ) -> Plot | None:
        me = Somebody(role=roles_of(self.system, operation)[0])

        def is_other(world: World, key: Key) -> bool:
            around = Around(world=world, row=world.rows[key], principal=me)
            return value_of(computed.value.tree.root, around) not in known

        goal = Goal(
            operation=operation, me=me, wanted=done, only=(computed.value,), world_fits=is_other
        )
        policy = self.system.entity(operation.entity).policy
        seen = (policy.visible,) if policy and policy.visible else ()
        return self.find(goal) or self.find(replace(goal, also=seen))

    def _value(self, plot: Plot, computed: Computed) -> object:
        row = plot.world.rows[plot.target]
        around = Around(world=plot.world, row=row, principal=plot.step.by)
        return value_of(computed.value.tree.root, around)

    def hiding(self, entity: Entity, role: str) -> Choices | None:
        """Return what a row is like that a role does not see; None if it sees every row."""
        if (entity.name, role) not in self._hiding:
            self._hiding[entity.name, role] = self._hidden_from(entity, role)
        return self._hiding[entity.name, role]

    def _hidden_from(self, entity: Entity, role: str) -> Choices | None:
        visible = entity.policy.visible if entity.policy else None
        for operation in self.system.operations_of(entity.name):
            about_row = operation.kind not in _NOT_ABOUT_A_ROW
            if visible and about_row and role in roles_of(self.system, operation):
                goal = Goal(
                    operation=operation, me=Somebody(role=role), wanted=hidden, only=(visible,)
                )
                plot = self.find(goal)
                return plot.choices if plot else None
        return None

    def _state(self, goal: Goal, entity: Entity) -> dict[Place, object]:
        if entity.lifecycle is None or goal.operation.kind is Kind.CREATE:
            return {}
        state = goal.state
        if state is None and goal.operation.transition is not None:
            moves = entity.lifecycle.transitions
            state = next(m.sources[0] for m in moves if m.name == goal.operation.transition)
        return {(entity.lifecycle.field,): state} if state is not None else {}

    def _dimensions(self, goal: Goal, entity: Entity, cast: Cast) -> tuple[Dimension, ...]:
        own = self._conditions(goal, entity) if goal.only is None else goal.only
        expressions = (*own, *goal.also)
        reads = reads_of(self.system, entity, expressions)
        return dimensions(self.system, entity, goal.operation, reads, cast)

    def _conditions(self, goal: Goal, entity: Entity) -> Iterator[Expression]:
        operation, policy = goal.operation, entity.policy
        if policy and operation.policy and (allowed := policy.of(operation.policy)):
            yield allowed
        yield from (each.that for each in requirements_of(self.system, operation))
        if policy and policy.visible:
            yield policy.visible
        lifecycle = entity.lifecycle
        if lifecycle is not None and operation.kind is not Kind.CREATE:
            for move in lifecycle.transitions:
                yield from (each.that for each in move.require)
                if policy and move.policy and (allowed := policy.of(move.policy)):
                    yield allowed

    def _maker(self, entity: Entity, cast: Cast) -> Somebody:
        """Return who makes the rows: somebody who can, other than the one who acts."""
        creators = [o for o in self.system.operations_of(entity.name) if o.kind is Kind.CREATE]
        able = roles_of(self.system, creators[0]) if creators else self.system.roles
        makers = (each for each in (cast.other, *cast.helpers) if each.role in able)
        return next(makers, cast.other)

    def attempt(self, goal: Goal, choices: Choices) -> Plot | None:
        """Return the situation to which choices lead; None when it cannot be brought about.

        What rows need on the way to a state that is chosen for them is chosen as well.
        """
        entity, cast = self.system.entity(goal.operation.entity), self.cast(goal.me)
        fixed = {**self._state(goal, entity), **goal.fixed}
        wanted = {**choices, **fixed}
        found = self._situation(goal, cast, wanted)
        if found is None and (ways := self._ways.of(goal.me, entity, wanted)):
            found = self._situation(goal, cast, {**ways, **wanted})
        return found

    def _situation(self, goal: Goal, cast: Cast, choices: Choices) -> Plot | None:
        operation = goal.operation
        return self._memory.situation(
            operation, goal.me, choices, lambda: self._built(operation, cast, choices)
        )

    def _built(self, operation: Operation, cast: Cast, choices: Choices) -> Plot | None:
        entity = self.system.entity(operation.entity)
        world = new_world(self.system).with_person(cast.me)
        builder = Builder(self.system, cast, choices, world, self._maker(entity, cast))
        try:
            step, target = Staging(operation, entity, builder).staged()
            prediction = predict(builder.world, step)
        except (Impossible, Undetermined):
            return None
        return Plot(
            steps=tuple(builder.steps),
            step=step,
            world=builder.world,
            prediction=prediction,
            target=target,
            choices=choices,
        )


def _is_listed(operation: Operation, world: World, key: Key, me: Somebody) -> bool:
    around = Around(world=world, row=world.rows[key], principal=me)
    where = operation.where
    return sees(world.rows[key], around) and (where is None or holds(where, around))


__all__ = ["Goal", "Planner", "Plot", "done", "hidden", "new_world"]

"""Situations in which people of a crowd can ask for an operation."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from tospec.model import Kind, Operation, System
from tospec.verify.base import Crowd, Stage
from tospec.verify.oracle.planning import Goal, Planner, Plot, done
from tospec.verify.oracle.predicting import roles_of
from tospec.verify.oracle.steps import Step
from tospec.verify.oracle.world import Key, Somebody
from tospec.verify.scene.acting import Scene

_HELPER = 1
"""The number of those by whom planned situations are brought about."""


@dataclass(frozen=True, slots=True)
class Staged:
    """A situation that was brought about for somebody.

    Attributes:
        step: What they ask for in it.
    """

    scene: Scene
    plot: Plot
    step: Step

    def again(self, key: Key) -> "Staged":
        """Make the row anew that the step is about, and return the situation with that one.

        Raises:
            Unavailable: If the target does not let it happen.
        """
        target = self.plot.target
        steps = [each for each in self.plot.steps if target in (each.makes, each.on)]
        if not steps or steps[0].makes != target:
            return self
        self.scene.play(_about(each, target, key) for each in steps)
        return replace(self, step=_about(self.step, target, key))


@dataclass(frozen=True, slots=True)
class Situations:
    """Brings situations about for the people of a crowd, each by several of them."""

    stage: Stage
    planner: Planner
    crowd: Crowd

    def who_may(self, operation: Operation) -> list[int]:
        """Return the places of those whose role may ask for an operation."""
        roles = roles_of(self.planner.system, operation)
        return [n for n, person in enumerate(self.crowd.people) if person.role in roles]

    def first_who_may(self, operation: Operation) -> int | None:
        """Return the place of somebody whose role may ask for an operation."""
        return next(iter(self.who_may(operation)), None)

    def plotted(self, operation: Operation, number: int) -> Plot | None:
        """Return a situation in which somebody can ask for an operation; None without one."""
        person = self.crowd.people[number]
        if person.role not in roles_of(self.planner.system, operation):
            return None
        me = Somebody(role=person.role, number=person.number, tenant=person.tenant)
        plot = self.planner.find(Goal(operation=operation, me=me, wanted=done))
        return None if plot is None else _spread(plot, self._helpers(me))

    def staged(self, operation: Operation, number: int) -> Staged | None:
        """Bring such a situation about; None if there is none.

        Raises:
            Unavailable: If the target does not let it come about.
        """
        plot = self.plotted(operation, number)
        if plot is None:
            return None
        scene = Scene(self.stage)
        for who in plot.world.people.values():
            scene.world = scene.world.with_person(who)
        scene.play(plot.steps)
        return Staged(scene, plot, plot.step)

    def _helpers(self, me: Somebody) -> Mapping[Somebody, Somebody]:
        """Return who stands in for the helpers, so that not all is done by the same few."""
        found: dict[Somebody, Somebody] = {}
        for role in dict.fromkeys(person.role for person in self.crowd.people):
            alike = [p.number for p in self.crowd.people if p.role == role]
            after = [n for n in alike if n > me.number] or alike
            helper = Somebody(role=role, number=_HELPER, tenant=me.tenant)
            if helper != me and after[0] != me.number:
                found[helper] = replace(helper, number=after[0])
        return found


def roles_needed(system: System, operations: list[Operation]) -> list[str]:
    """Return the roles that may ask for any of some operations, in the spec's order."""
    needed = {role for each in operations for role in roles_of(system, each)}
    return [role for role in system.roles if role in needed]


def _spread(plot: Plot, others: Mapping[Somebody, Somebody]) -> Plot:
    keys = {old.key: new.key for old, new in others.items()}

    def renamed(step: Step) -> Step:
        body = {name: _renamed(value, keys) for name, value in step.body.items()}
        return replace(
            step,
            by=others.get(step.by, step.by),
            other=keys.get(step.other or "", step.other),
            body=body,
        )

    return replace(
        plot,
        steps=tuple(map(renamed, plot.steps)),
        step=replace(renamed(plot.step), by=plot.step.by),
    )


def _renamed(value: object, keys: Mapping[Key, Key]) -> object:
    if isinstance(value, tuple):
        return tuple(_renamed(each, keys) for each in value)
    return keys.get(value, value) if isinstance(value, str) else value


def _about(step: Step, target: Key, key: Key) -> Step:
    if step.operation.kind is Kind.CREATE and step.makes == target:
        return replace(step, makes=key)
    return replace(step, on=key) if step.on == target else step

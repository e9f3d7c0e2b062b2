"""Measures tell what the rows say, after each change at once, and to those only who may know."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from tospec.model import Entity, Kind, Operation, Relation, System
from tospec.model.measures import entities_read, ties
from tospec.verify.base import Judgement, PlannedCase, Stage, Unavailable
from tospec.verify.oracle.building import Builder
from tospec.verify.oracle.contract import refusal, success
from tospec.verify.oracle.planning import hidden
from tospec.verify.oracle.predicting import predict, roles_of
from tospec.verify.oracle.reading import Place
from tospec.verify.oracle.steps import PEOPLE, Situation, Step
from tospec.verify.oracle.taking import Impossible
from tospec.verify.oracle.world import Key, Somebody, Undetermined
from tospec.verify.scene.measuring import Watch
from tospec.verify.scene.parts import (
    CaseKind,
    Goal,
    Planner,
    Plot,
    Topic,
    Trial,
    about,
    control,
    hold,
    modelled,
    play,
    somebody_who_can,
)

NAME: Final = "measures"
_BESIDE: Final = 200
_ALIKE: Final = 3
"""So many rows of a last state: enough to tell a median from a mean."""


def _planned(system: System) -> Iterator[PlannedCase]:
    planner = Planner(system)
    for operation in modelled(system):
        if operation.kind is not Kind.MEASURE:
            continue
        topic = about(NAME, operation)
        for entity, relation in _counted(system, operation):
            yield _changes(planner, topic, operation, _Counted(planner, entity, relation))
        yield _strangers(planner, topic, operation)
        policy = system.entity(operation.entity).policy
        if policy and policy.visible:
            yield _unseen(planner, topic, operation)


def _counted(system: System, operation: Operation) -> Iterator[tuple[Entity, Relation]]:
    """Yield the entities whose rows are counted by what they refer to."""
    for name in entities_read(system, operation):
        for tie in ties(system, operation, name) or ():
            relation = system.entity(name).relation(tie)
            if relation is not None and name != PEOPLE:
                yield system.entity(name), relation


@dataclass(frozen=True, slots=True)
class _Counted:
    """Rows that measures count, by a relation to the measured row."""

    planner: Planner
    entity: Entity
    relation: Relation

    @property
    def states(self) -> tuple[str, ...]:
        """States in which such rows may be; the last ones of all several times."""
        lifecycle = self.entity.lifecycle
        if lifecycle is None:
            return ("",) * _ALIKE
        ends = [move.target for move in lifecycle.transitions if move.target != lifecycle.initial]
        return (*lifecycle.states, *(state for state in dict.fromkeys(ends) for _ in range(_ALIKE)))

    def made(self, watch: Watch, state: str) -> Key | None:
        """Make a row of the measured one, and look after each step; None if clients cannot."""
        scene, me = watch.scene, watch.step.by
        field = self.entity.state_field
        chosen: dict[Place, object] = {(field,): state} if field and state else {}
        choices = self.planner.with_ways(me, self.entity, chosen)
        builder = Builder(self.planner.system, self.planner.cast(me), choices, scene.world, me)
        builder.count = _BESIDE + len(scene.world.rows)
        owner = watch.step.on or ""
        try:
            key = builder.make(self.entity, (), {}, {self.relation.name: owner})
        except (Impossible, Undetermined):
            return None
        for step in builder.steps:
            scene.play([step])
            if key in (step.makes, step.on):
                watch.compare(f"after {step.operation.name}")
        return key

    def gone(self, watch: Watch, key: Key) -> bool:
        """Delete a row; return whether somebody could."""
        deletes = (o for o in self._operations if o.kind is Kind.DELETE)
        return any(self._done(watch, Step(operation=o, by=_ANY, on=key)) for o in deletes)

    def moved(self, watch: Watch, key: Key, owner: Key) -> bool:
        """Let a row belong to another owner; return whether somebody could."""
        changes = (o for o in self._operations if o.kind is Kind.UPDATE and self._moves)
        body = {self.relation.name: owner}
        steps = (Step(operation=each, by=_ANY, on=key, body=body) for each in changes)
        return any(self._done(watch, step) for step in steps)

    @property
    def _operations(self) -> tuple[Operation, ...]:
        return self.planner.system.operations_of(self.entity.name)

    @property
    def _moves(self) -> bool:
        return self.relation.changeable and self.relation.name != self.entity.under

    def _done(self, watch: Watch, step: Step) -> bool:
        scene = watch.scene
        for who in self.planner.cast(watch.step.by).everybody:
            own = replace(step, by=who)
            try:
                if scene.predict(own).done:
                    scene.play([own])
                    return True
            except Undetermined:
                continue
        return False


_ANY: Final = Somebody(role="")
"""Stands for whoever can."""


def _changes(
    planner: Planner, topic: Topic, operation: Operation, counted: _Counted
) -> PlannedCase:
    noun = counted.entity.name

    def run(stage: Stage) -> Judgement:
        trial = Trial(f"the measures follow each change of a {noun}")
        played = play(stage, somebody_who_can(planner, operation))
        watch = Watch(played.scene, played.step, trial)
        watch.compare("at first")
        made = []
        for state in counted.states:
            if (key := counted.made(watch, state)) is not None:
                made.append(key)
        _leave(planner, counted, watch, made)
        if not watch.turns:
            raise Unavailable(f"no change of a {noun} makes a difference")
        return trial.judgement()

    rule = f"Measures tell of each {noun} that comes, changes or goes, at once."
    return topic.case(f"changes-of-{noun.lower()}", rule, run, cost=80)


def _leave(planner: Planner, counted: _Counted, watch: Watch, made: list[Key]) -> None:
    """Let rows move to another owner, and go."""
    noun = counted.entity.name
    if len(made) > 1 and (other := _another_owner(planner, watch)) is not None:
        elsewhere = Watch(watch.scene, replace(watch.step, on=other), watch.trial)
        elsewhere.compare("of another one")
        if counted.moved(watch, made[0], other):
            watch.compare(f"after a {noun} left")
            elsewhere.compare(f"after a {noun} arrived")
    for key in reversed(made[1:]):
        if counted.gone(watch, key):
            watch.compare(f"after a {noun} went")


def _another_owner(planner: Planner, watch: Watch) -> Key | None:
    scene, me = watch.scene, watch.step.by
    builder = Builder(planner.system, planner.cast(me), {}, scene.world, me)
    builder.count = _BESIDE + len(scene.world.rows)
    try:
        key = builder.make(planner.system.entity(watch.step.operation.entity))
        scene.play(builder.steps)
        return key if scene.predict(replace(watch.step, on=key)).done else None
    except (Impossible, Undetermined, Unavailable):
        return None


def _strangers(planner: Planner, topic: Topic, operation: Operation) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        wanted = refusal(stage.system, Situation.HIDDEN)
        trial = Trial(str(wanted))
        played = play(stage, somebody_who_can(planner, operation))
        scene, step = played.scene, played.step
        first = scene.take(step)
        control(trial, f"{step.by.key} before", first, success(stage.system, operation))
        stranger = replace(step, by=replace(step.by, tenant=1))
        answer = scene.send(scene.request(stranger))
        hold(trial, f"{stranger.by.key}, of another tenant", answer, wanted)
        trial.certain = trial.certain or answer.json == first.json
        return trial.judgement()

    rule = "What was measured for a tenant is not told to another one."
    return topic.case("other-tenant", rule, run, reference="OWASP API1", cost=6)


def _unseen(planner: Planner, topic: Topic, operation: Operation) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        plot, seeing = _seen_by_some(planner, operation)
        wanted = refusal(stage.system, Situation.HIDDEN)
        trial = Trial(str(wanted))
        played = play(stage, plot)
        first = played.scene.take(replace(played.step, by=seeing))
        control(trial, f"{seeing.key} before", first, success(stage.system, operation))
        answer = played.scene.take(plot.step)
        hold(trial, f"{plot.step.by.key}, who does not see it", answer, wanted)
        return trial.judgement()

    rule = "What was measured for those who see a row is not told to those who do not."
    return topic.case("unseen", rule, run, reference="OWASP API1", cost=8)


def _seen_by_some(planner: Planner, operation: Operation) -> tuple[Plot, Somebody]:
    """Return a row that one person does not see, and another one who does.

    Raises:
        Unavailable: If there is none.
    """
    for role in roles_of(planner.system, operation):
        goal = Goal(operation=operation, me=Somebody(role=role), wanted=hidden)
        plot = planner.find(goal)
        for who in plot.world.people.values() if plot else ():
            if plot and _answered(plot, who):
                return plot, who
    raise Unavailable("everybody who may ask sees every row")


def _answered(plot: Plot, who: Somebody) -> bool:
    try:
        return predict(plot.world, replace(plot.step, by=who)).done
    except Undetermined:
        return False


KIND: Final = CaseKind(NAME, _planned)

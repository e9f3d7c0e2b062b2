"""Updates: what is named changes, null clears what is optional, all else stays."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from tospec.model import Entity, Field, FieldType, Operation, Relation
from tospec.verify.base import Json, Judgement, PlannedCase, Stage, Unavailable
from tospec.verify.oracle.choices import BODY, Other
from tospec.verify.oracle.naming import wire_name
from tospec.verify.oracle.planning import Goal
from tospec.verify.oracle.predicting import roles_of
from tospec.verify.oracle.reading import Place
from tospec.verify.oracle.steps import FRESH, PEOPLE, Step, sent_fields, sent_relations
from tospec.verify.oracle.values import TEXTS, ordinary
from tospec.verify.oracle.wire import state_or_type, values_of
from tospec.verify.oracle.world import Somebody, Undetermined
from tospec.verify.scene.agreement import disagreements
from tospec.verify.scene.parts import (
    Planner,
    Played,
    Plot,
    Topic,
    Trial,
    done,
    hold,
    play,
    somebody_who_can,
)

_EMPTY: Final[tuple[object, ...]] = ()


def clears(
    planner: Planner, topic: Topic, operation: Operation, member: Field | Relation
) -> PlannedCase:
    """Return the case of a value that is given and then taken away."""

    def run(stage: Stage) -> Judgement:
        played = play(stage, _giving(planner, stage, operation, member))
        trial = Trial("what was given is there, and gone once it was taken away")
        step = played.scene.chosen(played.step)
        many = isinstance(member, Relation) and member.many
        _change(played, trial, step, f"{member.name} is given")
        nothing = _EMPTY if many else None
        _change(played, trial, replace(step, body={member.name: nothing}), f"{member.name} goes")
        return trial.judgement()

    rule = f"{member.name} can be taken away again."
    return topic.case("clears", rule, run, cost=10)


def _giving(planner: Planner, stage: Stage, operation: Operation, member: Field | Relation) -> Plot:
    """Return a situation in which a member is given a value."""
    entity = planner.system.entity(operation.entity)
    for role in roles_of(planner.system, operation):
        me = Somebody(role=role)
        for option in _options(planner, stage, entity, member, me):
            fixed: dict[Place, object] = {(BODY, member.name): option}
            goal = Goal(operation=operation, me=me, wanted=done, fixed=fixed)
            plot = planner.find(goal)
            if plot is not None:
                return plot
    raise Unavailable(f"{member.name} cannot be given a value")


def _options(
    planner: Planner, stage: Stage, entity: Entity, member: Field | Relation, me: Somebody
) -> Iterator[object]:
    if isinstance(member, Field):
        yield FRESH if member.type in TEXTS else ordinary(entity, member, stage.random)
        return
    one = planner.cast(me).everybody if member.to == PEOPLE else (Other.NEW, Other.NEAR)
    yield from ((each,) for each in one) if member.many else one


def _change(played: Played, trial: Trial, step: Step, what: str) -> None:
    """Take a step that has to succeed; hold its answer and the row against the model."""
    scene = played.scene
    scene.body(step)  # Everybody who is named becomes known.
    try:
        prediction = scene.predict(step)
    except Undetermined:
        return
    if not prediction.done:
        raise Unavailable(f"the model does not let this happen: {what}")
    answer = scene.take(step)
    if not hold(trial, what, answer, played.expected()):
        return
    row = prediction.world.rows[step.on or ""]
    for fault in disagreements(scene, row, step.operation, answer.json, step):
        trial.found(what, fault)
    _read(played, trial, step, f"{what}, when read")


def _read(played: Played, trial: Trial, step: Step, what: str) -> None:
    scene = played.scene
    row = scene.world.rows[step.on or ""]
    read = scene.read(row.key, step.by)
    if read is not None and isinstance(read.json, dict):
        for name, value in step.body.items():
            if value is None or value == _EMPTY:
                told: Json = read.json.get(wire_name(scene.world.entity_of(row), name))
                trial.need(what, holds=told in (None, []), got=f"{name} is {told!r}")


def keeps(planner: Planner, topic: Topic, operation: Operation) -> PlannedCase:
    """Return the case of an update of one member, which leaves the others as they were."""

    def run(stage: Stage) -> Judgement:
        played = play(stage, somebody_who_can(planner, operation))
        entity, scene = stage.system.entity(operation.entity), played.scene
        trial = Trial("all that the update does not name stays as it was")
        full = replace(played.step, body=_unusual(entity, stage))
        if not scene.predict(full).done:
            raise Unavailable("no row was found of which everything can be changed")
        hold(trial, "an update of everything", scene.take(full), played.expected())
        before = scene.read(played.plot.target, played.step.by)
        step = scene.chosen(played.step)
        hold(trial, f"an update of {', '.join(step.body)}", scene.take(step), played.expected())
        after = scene.read(played.plot.target, played.step.by)
        if before is None or after is None or not isinstance(before.json, dict):
            raise Unavailable(f"{entity.name} cannot be read")
        for name in _lasting(entity, step):
            wire = wire_name(entity, name)
            told = after.json.get(wire) if isinstance(after.json, dict) else None
            trial.need(wire, holds=told == before.json.get(wire), got=repr(told))
        return trial.judgement()

    return topic.case("keeps", "An update leaves alone what it does not name.", run, cost=10)


def _unusual(entity: Entity, stage: Stage) -> dict[str, object]:
    """Return a body that gives every field a value other than its default."""
    return {each.name: _other(entity, each, stage) for each in sent_fields(entity, updates=True)}


def _other(entity: Entity, field: Field, stage: Stage) -> object:
    kind = state_or_type(entity, field)
    if kind in TEXTS:
        return FRESH
    if kind is FieldType.ENUM:
        return next(v for v in reversed(values_of(entity, field)) if v != field.default)
    return (not field.default) if kind is FieldType.BOOL else ordinary(entity, field, stage.random)


def _lasting(entity: Entity, step: Step) -> Iterator[str]:
    """Yield the members that a client writes, or that last for ever, apart from those changed."""
    fields = sent_fields(entity, updates=False)
    relations = sent_relations(entity, updates=False)
    generated = tuple(each for each in entity.relations if each.generated_by_principal)
    names = [each.name for each in fields] + [each.name for each in (*relations, *generated)]
    yield from (name for name in dict.fromkeys((*names, "created_at")) if name not in step.body)

"""What no two rows of a tenant share."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from tospec.model import Entity, FieldType, Kind, Operation, System, Unique
from tospec.verify.base import NOTHING, Answer, Json, Judgement, PlannedCase, Stage, Unavailable
from tospec.verify.oracle.contract import REST, refusal, success
from tospec.verify.oracle.naming import wire_name
from tospec.verify.oracle.steps import Situation, Step, sent_fields, sent_relations
from tospec.verify.oracle.world import Somebody
from tospec.verify.scene.changing import snapshot
from tospec.verify.scene.parts import (
    CaseKind,
    Goal,
    Planner,
    Played,
    Topic,
    Trial,
    control,
    done,
    hold,
    operation_of,
    place,
    play,
    somebody_who_can,
)

NAME: Final = "unique"


def _planned(system: System) -> Iterator[PlannedCase]:
    planner = Planner(system)
    for entity in system.entities:
        creating = operation_of(system, entity, Kind.CREATE)
        for unique in entity.unique if creating else ():
            if creating and is_sent(entity, unique):
                yield from _of(planner, entity, unique, creating)


def is_sent(entity: Entity, unique: Unique, *, updates: bool = False) -> bool:
    """Return whether clients send all that no two rows share."""
    names = {each.name for each in sent_fields(entity, updates=updates)}
    names |= {each.name for each in sent_relations(entity, updates=updates)}
    return {*unique.fields} <= names


def _of(
    planner: Planner, entity: Entity, unique: Unique, creating: Operation
) -> Iterator[PlannedCase]:
    name = "-".join(unique.fields)
    topic = Topic(
        kind=NAME,
        label=f"{entity.name}.{name}",
        element=f"unique {entity.name}.{name}",
        reference=place(unique.span),
        requirements=entity.requirements,
    )
    yield _twice(planner, replace(topic, operation=creating.name), entity, unique, creating)
    if any(_letters(entity, each) for each in unique.fields):
        yield _case(planner, replace(topic, operation=creating.name), entity, unique, creating)
    updating = operation_of(planner.system, entity, Kind.UPDATE)
    if updating and is_sent(entity, unique, updates=True):
        yield _updated(planner, replace(topic, operation=updating.name), entity, unique, updating)
    tenancy = planner.system.tenancy
    if tenancy is not None and tenancy.kind == "row":
        yield _elsewhere(planner, replace(topic, operation=creating.name), unique, creating)


def _letters(entity: Entity, name: str) -> bool:
    field = entity.field(name)
    return (
        field is not None
        and field.type in {FieldType.STRING, FieldType.TEXT}
        and field.pattern is None
    )


def _first(planner: Planner, stage: Stage, creating: Operation) -> tuple[Played, Step]:
    """Make a row; return the step that made it, with the values that were chosen."""
    played = play(stage, somebody_who_can(planner, creating))
    step = played.scene.chosen(played.step)
    played.scene.play([step])
    return played, step


def _second(played: Played, first: Step, unique: Unique) -> Step:
    """Return a step that makes another row with the same values in the unique members."""
    other = played.scene.chosen(replace(played.step, makes=f"{played.step.makes}-again"))
    same = {name: first.body[name] for name in unique.fields if name in first.body}
    return replace(other, body={**other.body, **same})


def conflict(trial: Trial, system: System, entity: Entity, unique: Unique, answer: Answer) -> None:
    """Note whether an answer says that values are taken, and which."""
    hold(trial, "the same again", answer, refusal(system, Situation.NOT_UNIQUE))
    if system.has(REST) and isinstance(answer.json, dict):
        named = answer.json.get("fields")
        wanted = sorted(wire_name(entity, name) for name in unique.fields)
        fits = isinstance(named, list) and sorted(map(str, named)) == wanted
        trial.need("the fields that the problem names", holds=fits, got=str(named))


def _twice(
    planner: Planner, topic: Topic, entity: Entity, unique: Unique, creating: Operation
) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        played, first = _first(planner, stage, creating)
        trial = Trial(str(refusal(stage.system, Situation.NOT_UNIQUE)))
        again = played.scene.take(_second(played, first, unique))
        conflict(trial, stage.system, entity, unique, again)
        other = played.scene.take(replace(played.step, makes="#other"))
        control(trial, "with other values", other, success(stage.system, creating))
        return trial.judgement()

    rule = f"No two rows of a tenant have the same {' and '.join(unique.fields)}."
    return topic.case("twice", rule, run, cost=6)


def _case(
    planner: Planner, topic: Topic, entity: Entity, unique: Unique, creating: Operation
) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        played, first = _first(planner, stage, creating)
        step = _second(played, first, unique)
        texts = {n: v for n, v in step.body.items() if n in unique.fields and isinstance(v, str)}
        swapped = {n: v.swapcase() for n, v in texts.items() if _letters(entity, n)}
        if swapped == texts:
            raise Unavailable("the values have no case")
        answer = played.scene.take(replace(step, body={**step.body, **swapped}))
        wanted = refusal(stage.system, Situation.NOT_UNIQUE)
        if not unique.ignore_case:
            wanted = success(stage.system, creating)
        trial = Trial(str(wanted))
        hold(trial, "the same in another case", answer, wanted)
        if unique.ignore_case:
            other = played.scene.take(replace(played.step, makes="#other"))
            control(trial, "with other values", other, success(stage.system, creating))
        return trial.judgement()

    same = "the same" if unique.ignore_case else "different"
    return topic.case("case", f"'a' and 'A' are {same} here.", run, cost=6)


def _updated(
    planner: Planner, topic: Topic, entity: Entity, unique: Unique, updating: Operation
) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        one = play(stage, somebody_who_can(planner, updating))
        two = play(stage, somebody_who_can(planner, updating))
        taken = _shown(one, entity, unique)
        trial = Trial(str(refusal(stage.system, Situation.NOT_UNIQUE)))
        step = replace(two.step, body={**two.step.body, **taken})
        conflict(trial, stage.system, entity, unique, two.scene.take(step))
        answer = two.scene.take(two.step)
        control(trial, "with other values", answer, success(stage.system, updating))
        return trial.judgement()

    rule = f"No update gives a row the {' and '.join(unique.fields)} of another one."
    return topic.case("update", rule, run, cost=8)


def _shown(played: Played, entity: Entity, unique: Unique) -> dict[str, object]:
    body: Json = snapshot(played.scene, played.plot.target, played.step.by)
    if body is NOTHING:
        raise Unavailable(f"{entity.name} cannot be read")
    found = {name: body.get(wire_name(entity, name)) for name in unique.fields}
    if None in found.values():
        raise Unavailable("the view does not show what is unique")
    return found


def _elsewhere(planner: Planner, topic: Topic, unique: Unique, creating: Operation) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        _, first = _first(planner, stage, creating)
        me = Somebody(role=first.by.role, tenant=1)
        plot = planner.find(Goal(operation=creating, me=me, wanted=done))
        if plot is None:
            raise Unavailable("nobody of the other tenant can make such a row")
        there = play(stage, plot)
        texts = {n: v for n, v in first.body.items() if n in unique.fields and n in plot.step.body}
        own = {n: v for n, v in texts.items() if not (isinstance(v, str) and v.startswith("#"))}
        step = replace(plot.step, body={**plot.step.body, **own})
        wanted = success(stage.system, creating)
        trial = Trial(str(wanted))
        hold(trial, "the same in another tenant", there.scene.take(step), wanted)
        return trial.judgement()

    rule = "Another tenant may use the same values, and learns nothing from an answer."
    return topic.case("other-tenant", rule, run, cost=6)


KIND: Final = CaseKind(NAME, _planned)

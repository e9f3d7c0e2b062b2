"""What the spec does not hold to be unique may repeat."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from tospec.model import Entity, FieldType, Kind, Operation, System, Unique
from tospec.verify.base import Judgement, PlannedCase, Stage
from tospec.verify.oracle.contract import success
from tospec.verify.oracle.steps import FRESH, PEOPLE, Step, sent_fields
from tospec.verify.oracle.values import TEXTS
from tospec.verify.oracle.world import Undetermined
from tospec.verify.scene.parts import (
    CaseKind,
    Planner,
    Played,
    Trial,
    about_entity,
    hold,
    modelled,
    play,
    somebody_who_can,
)

NAME: Final = "repeats"
_MANY: Final = frozenset({*TEXTS, FieldType.UUID})


def _planned(system: System) -> Iterator[PlannedCase]:
    planner = Planner(system)
    for operation in modelled(system):
        entity = system.entity(operation.entity)
        can_differ = all(_differing(entity, unique) is not None for unique in entity.unique)
        if operation.kind is Kind.CREATE and entity.name != PEOPLE and can_differ:
            yield _case(planner, entity, operation)


def _case(planner: Planner, entity: Entity, creating: Operation) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        played = play(stage, somebody_who_can(planner, creating))
        wanted = success(stage.system, creating)
        trial = Trial(str(wanted))
        first = _filled(played, entity)
        hold(trial, "a row", played.scene.take(first), wanted)
        again = _again(played, entity, first)
        hold(trial, "another with the same values", played.scene.take(again), wanted)
        return trial.judgement()

    rule = f"Rows of {entity.name} may be alike in all that the spec does not hold to be unique."
    topic = replace(about_entity(NAME, entity), operation=creating.name)
    return topic.case("alike", rule, run, cost=5)


def _filled(played: Played, entity: Entity) -> Step:
    """Return the step with a value for every field that clients write, if no rule forbids that."""
    missing = {
        each.name: FRESH
        for each in sent_fields(entity, updates=False)
        if each.name not in played.step.body
    }
    filled = played.scene.chosen(replace(played.step, body={**missing, **played.step.body}))
    return filled if _succeeds(played, filled) else played.scene.chosen(played.step)


def _succeeds(played: Played, step: Step) -> bool:
    try:
        return played.scene.predict(step).done
    except Undetermined:
        return False


def _again(played: Played, entity: Entity, first: Step) -> Step:
    """Return the step that makes a row like the first, apart from what must differ."""
    names = [name for unique in entity.unique for name in _differing(entity, unique) or ()]
    body = {**first.body, **dict.fromkeys(names, FRESH)}
    return played.scene.chosen(replace(first, body=body, makes=f"{first.makes}-again"))


def _differing(entity: Entity, unique: Unique) -> tuple[str, ...] | None:
    """Return the member by which rows are told apart, none if they differ of themselves.

    None if it has so few values that they are soon used up.
    """
    fields = [field for name in unique.fields if (field := entity.field(name))]
    if any(field.generated is not None for field in fields):
        return ()
    sent = sent_fields(entity, updates=False)
    many = [field.name for field in fields if field in sent and field.type in _MANY]
    return tuple(many[-1:]) or None


KIND: Final = CaseKind(NAME, _planned)

"""Links that operations make and take: one at a time, and no other."""

from collections.abc import Iterator

from tospec.model import Entity, Kind, Operation, Relation
from tospec.verify.base import Judgement, PlannedCase, Stage, Unavailable
from tospec.verify.oracle.contract import refusal, success
from tospec.verify.oracle.naming import relation_name
from tospec.verify.oracle.steps import PEOPLE, Situation, Step
from tospec.verify.oracle.world import Key, Somebody
from tospec.verify.scene.parts import (
    Planner,
    Played,
    Topic,
    Trial,
    about_member,
    hold,
    play,
    somebody_who_can,
)

_NUMBERS = (20, 21)


def links(kind: str, planner: Planner, entity: Entity) -> Iterator[PlannedCase]:
    """Yield the cases about the links that operations on an entity make and take."""
    for relation in entity.relations:
        pair = _operations(planner, entity, relation)
        if pair is not None and relation.to == PEOPLE:
            topic = about_member(kind, entity, relation.name, relation.span, what="relation")
            yield _one_by_one(planner, topic, relation, pair)


def _operations(
    planner: Planner, entity: Entity, relation: Relation
) -> tuple[Operation, Operation] | None:
    """Return what links and what unlinks; None unless there are both."""
    own = [o for o in planner.system.operations_of(entity.name) if o.relation == relation.name]
    linking = next((each for each in own if each.kind is Kind.LINK), None)
    unlinking = next((each for each in own if each.kind is Kind.UNLINK), None)
    return (linking, unlinking) if linking and unlinking else None


def _one_by_one(
    planner: Planner, topic: Topic, relation: Relation, pair: tuple[Operation, Operation]
) -> PlannedCase:
    linking, unlinking = pair

    def run(stage: Stage) -> Judgement:
        played = play(stage, somebody_who_can(planner, linking))
        trial = Trial("links that come and go one by one")
        here, there = (_somebody(played, number) for number in _NUMBERS)
        _take(played, trial, linking, here, f"linking {here}")
        _take(played, trial, linking, there, f"linking {there}")
        _take(played, trial, linking, there, f"linking {there} again")
        _told(played, trial, relation, (here, there))
        _take(played, trial, unlinking, here, f"unlinking {here}")
        _told(played, trial, relation, (there,))
        again = played.scene.take(_step(played, unlinking, here))
        gone = refusal(stage.system, Situation.HIDDEN)
        hold(trial, f"unlinking {here} again", again, gone)
        return trial.judgement()

    rule = f"{relation.name} are linked and unlinked one by one."
    return topic.case("one-by-one", rule, run, cost=14)


def _somebody(played: Played, number: int) -> Key:
    who = Somebody(role=played.scene.system.roles[-1], number=number)
    played.scene.person(who)
    return who.key


def _step(played: Played, operation: Operation, other: Key) -> Step:
    return Step(operation=operation, by=played.step.by, on=played.step.on, other=other)


def _take(played: Played, trial: Trial, operation: Operation, other: Key, what: str) -> None:
    answer = played.scene.take(_step(played, operation, other))
    hold(trial, what, answer, success(played.scene.system, operation))


def _told(played: Played, trial: Trial, relation: Relation, keys: tuple[Key, ...]) -> None:
    read = played.scene.read(played.plot.target, played.step.by)
    told = read.json.get(relation_name(relation)) if read and isinstance(read.json, dict) else None
    if not isinstance(told, list):
        raise Unavailable(f"nobody is shown {relation.name}")
    known = {_id(played, number) for number in _NUMBERS}
    wanted = {played.scene.id_of(key) for key in keys}
    found = known.intersection(map(str, told))
    trial.need(f"{relation.name} then", holds=found == wanted, got=f"{len(found)} of them")


def _id(played: Played, number: int) -> str:
    return played.scene.id_of(_somebody(played, number))

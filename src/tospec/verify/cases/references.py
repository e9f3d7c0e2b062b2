"""References: to what does not exist, to what goes, and too many of them."""

from collections.abc import Iterator
from typing import Final

from tospec.model import Entity, Kind, Operation, Relation, System
from tospec.verify.base import Judgement, PlannedCase, Stage
from tospec.verify.cases.deletions import deletions
from tospec.verify.cases.isolation import made, nobody
from tospec.verify.oracle.contract import refusal
from tospec.verify.oracle.naming import relation_name
from tospec.verify.oracle.steps import PEOPLE, Situation, sent_relations
from tospec.verify.oracle.world import Somebody
from tospec.verify.scene.acting import Scene
from tospec.verify.scene.changing import altered
from tospec.verify.scene.parts import (
    CaseKind,
    Planner,
    Topic,
    about_member,
    control,
    hold,
    modelled,
    play,
    somebody_who_can,
)

NAME: Final = "references"
_MOST_LINKS: Final = 50
_MOST_PEOPLE: Final = 8
_STRANGERS: Final = 20


def _planned(system: System) -> Iterator[PlannedCase]:
    planner = Planner(system)
    for operation in modelled(system):
        entity = system.entity(operation.entity)
        if operation.kind in {Kind.CREATE, Kind.UPDATE}:
            for relation in sent_relations(entity, updates=operation.kind is Kind.UPDATE):
                yield from _sent(planner, operation, entity, relation)
    for entity in system.entities:
        yield from deletions(NAME, planner, entity)


def _sent(
    planner: Planner, operation: Operation, entity: Entity, relation: Relation
) -> Iterator[PlannedCase]:
    topic = about_member(
        NAME, entity, relation.name, relation.span, operation=operation, what="relation"
    )
    yield _dangling(planner, topic, operation, relation)
    if (
        relation.many
        and relation.max is not None
        and relation.max <= (_MOST_PEOPLE if relation.to == PEOPLE else _MOST_LINKS)
    ):
        yield _too_many(planner, topic, operation, relation)


def _dangling(
    planner: Planner, topic: Topic, operation: Operation, relation: Relation
) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        played = play(stage, somebody_who_can(planner, operation))
        wanted = refusal(stage.system, Situation.BAD_REFERENCE)
        played.trial.expected = str(wanted)
        id_ = nobody(stage)
        value = [id_] if relation.many else id_
        body = altered(played.scene, played.step, relation_name(relation), value)
        hold(played.trial, "an id of nothing", played.scene.take(played.step, body=body), wanted)
        control(played.trial, "without it", played.scene.take(played.step), played.expected())
        return played.trial.judgement()

    rule = f"{relation_name(relation)} refers to what exists."
    return topic.case("dangling", rule, run, cost=6)


def _too_many(
    planner: Planner, topic: Topic, operation: Operation, relation: Relation
) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        played = play(stage, somebody_who_can(planner, operation))
        numbers = range((relation.max or 0) + 1)
        ids = [_somewhere(stage, planner, relation, number) for number in numbers]
        wanted = refusal(stage.system, Situation.BAD_VALUE)
        played.trial.expected = str(wanted)
        name, step = relation_name(relation), played.step
        body = altered(played.scene, step, name, ids)
        hold(played.trial, f"{len(ids)} links", played.scene.take(step, body=body), wanted)
        fewer = altered(played.scene, step, name, ids[:-1])
        answer = played.scene.take(step, body=fewer)
        hold(played.trial, f"{len(ids) - 1} links", answer, played.expected())
        control(played.trial, "as it was", played.scene.take(step), played.expected())
        return played.trial.judgement()

    rule = f"A row has at most {relation.max} {relation.name}."
    return topic.case("max", rule, run, cost=(relation.max or 0) + 6)


def _somewhere(stage: Stage, planner: Planner, relation: Relation, number: int) -> str:
    if relation.to == PEOPLE:
        role = stage.system.roles[-1]
        return Scene(stage).id_of(Somebody(role=role, number=_STRANGERS + number).key)
    scene, key = made(stage, planner, relation.to, 0)
    return scene.id_of(key)


KIND: Final = CaseKind(NAME, _planned)

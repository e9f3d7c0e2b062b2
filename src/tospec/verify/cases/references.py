"""References: to what does not exist, to what goes, and too many of them."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from tospec.model import Entity, Kind, Operation, Relation, System
from tospec.verify.base import Judgement, PlannedCase, Stage, Unavailable
from tospec.verify.cases.deletions import deletions
from tospec.verify.cases.isolation import made, nobody
from tospec.verify.cases.links import links
from tospec.verify.oracle.choices import Other
from tospec.verify.oracle.contract import refusal
from tospec.verify.oracle.naming import relation_name
from tospec.verify.oracle.planning import hidden
from tospec.verify.oracle.predicting import roles_of
from tospec.verify.oracle.reading import Place
from tospec.verify.oracle.steps import FRESH, PEOPLE, Situation, Step, sent_relations
from tospec.verify.oracle.world import Somebody
from tospec.verify.scene.acting import Scene
from tospec.verify.scene.changing import altered
from tospec.verify.scene.listing import OK
from tospec.verify.scene.parts import (
    CaseKind,
    Goal,
    Planner,
    Topic,
    about_member,
    control,
    done,
    hold,
    modelled,
    operation_of,
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
        yield from links(NAME, planner, entity)


def _sent(
    planner: Planner, operation: Operation, entity: Entity, relation: Relation
) -> Iterator[PlannedCase]:
    topic = about_member(
        NAME, entity, relation.name, relation.span, operation=operation, what="relation"
    )
    yield _dangling(planner, topic, operation, relation)
    role = _blind(planner, operation, relation)
    if role is not None:
        yield _hidden(planner, topic, operation, relation, role)
    if relation.many and relation.to != PEOPLE and operation.kind is Kind.CREATE:
        yield _shared(planner, topic, operation, relation)
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


def _blind(planner: Planner, operation: Operation, relation: Relation) -> str | None:
    """Return a role that may ask for an operation and does not see all that it could name."""
    if relation.to == PEOPLE:
        return None
    target = planner.system.entity(relation.to)
    able = roles_of(planner.system, operation)
    return next((role for role in able if planner.hiding(target, role) is not None), None)


def _hidden(
    planner: Planner, topic: Topic, operation: Operation, relation: Relation, role: str
) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        me = Somebody(role=role)
        plot = planner.find(Goal(operation=operation, me=me, wanted=done))
        if plot is None:
            raise Unavailable(f"a {role} cannot {operation.name}")
        played = play(stage, plot)
        wanted = refusal(stage.system, Situation.BAD_REFERENCE)
        played.trial.expected = str(wanted)
        id_ = hidden_from(stage, planner, relation.to, me)
        value = [id_] if relation.many else id_
        body = altered(played.scene, played.step, relation_name(relation), value)
        hold(
            played.trial,
            "an id that they do not see",
            played.scene.take(played.step, body=body),
            wanted,
        )
        control(played.trial, "without it", played.scene.take(played.step), played.expected())
        return played.trial.judgement()

    rule = f"{relation_name(relation)} refers to what the one who writes it sees."
    return topic.case("hidden", rule, run, cost=10)


def hidden_from(stage: Stage, planner: Planner, entity: str, me: Somebody) -> str:
    """Make a row that somebody does not see; return its id.

    Raises:
        Unavailable: If there is none.
    """
    target = planner.system.entity(entity)
    fixed = planner.hiding(target, me.role)
    reading = operation_of(planner.system, target, Kind.READ)
    if fixed is None or reading is None or me.role not in roles_of(planner.system, reading):
        raise Unavailable("no row is hidden from this role")
    plot = planner.find(Goal(operation=reading, me=me, wanted=hidden, fixed=fixed))
    if plot is None:
        raise Unavailable("no row is hidden from this role")
    return play(stage, plot).scene.id_of(plot.target)


def _shared(
    planner: Planner, topic: Topic, operation: Operation, relation: Relation
) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        choices: dict[Place, object] = {(relation.name,): (Other.NEW,)}
        played = play(stage, somebody_who_can(planner, operation, fixed=choices))
        played.trial.expected = str(played.expected())
        first = played.scene.chosen(played.step)
        for step in (first, replace(first, body=_again(first, played.step), makes="#again")):
            hold(played.trial, "a row", played.scene.take(step), played.expected())
        read = played.scene.read(first.makes or "", first.by)
        told = read.json.get(relation_name(relation)) if read and read.status == OK else None
        holds = isinstance(told, list) and len(told) == 1
        played.trial.need("what the first one refers to", holds=holds, got=repr(told))
        return played.trial.judgement()

    rule = f"Several rows have the same {relation.name}."
    return topic.case("shared", rule, run, cost=8)


def _again(first: Step, step: Step) -> dict[str, object]:
    """Return the body of another row: what was chosen by chance is chosen again."""
    return {
        name: FRESH if step.body[name] is FRESH else value for name, value in first.body.items()
    }


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

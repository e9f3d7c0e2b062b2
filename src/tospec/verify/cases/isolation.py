"""Nothing of another tenant can be reached: by path, by reference, in lists."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final
from uuid import UUID

from tospec.model import Entity, Kind, Operation, Relation, System
from tospec.verify.base import Answer, Judgement, PlannedCase, Stage, Unavailable
from tospec.verify.oracle.contract import REST, refusal, success
from tospec.verify.oracle.naming import relation_name
from tospec.verify.oracle.planning import Goal, Planner, Plot
from tospec.verify.oracle.predicting import roles_of
from tospec.verify.oracle.steps import PEOPLE, Situation, Step, sent_relations
from tospec.verify.oracle.world import Key, Somebody
from tospec.verify.scene.accounts import FILLED, Accounts, askable
from tospec.verify.scene.acting import Scene
from tospec.verify.scene.changing import altered
from tospec.verify.scene.listing import ids_of, walk
from tospec.verify.scene.parts import (
    CaseKind,
    Topic,
    Trial,
    about,
    control,
    done,
    hold,
    modelled,
    place,
)

NAME: Final = "isolation"
_OTHER: Final = 1


def _planned(system: System) -> Iterator[PlannedCase]:
    if system.tenancy is None or system.tenancy.kind == "none":
        return
    planner = Planner(system)
    for operation in modelled(system):
        topic = replace(
            about(NAME, operation),
            requirements=tuple(
                dict.fromkeys((*operation.requirements, *system.tenancy.requirements))
            ),
        )
        for index in range(operation.path.count("{")):
            yield _path(planner, topic, operation, index)
        yield from _references(planner, topic, operation)
        if operation.kind is Kind.LIST:
            yield _list(planner, topic, operation)
    for operation in askable(system):
        if "{" in operation.path:
            yield _account(operation)
        elif operation.name in FILLED:
            yield _account_list(operation)


def _plot(planner: Planner, operation: Operation, tenant: int) -> Plot:
    for role in roles_of(planner.system, operation):
        me = Somebody(role=role, tenant=tenant)
        plot = planner.find(Goal(operation=operation, me=me, wanted=done))
        if plot is not None:
            return plot
    raise Unavailable(f"no situation was found in which {operation.name} succeeds")


def staged(stage: Stage, planner: Planner, operation: Operation, tenant: int) -> tuple[Scene, Step]:
    """Bring about that an operation can succeed in a tenant; return where, and how to ask."""
    plot = _plot(planner, operation, tenant)
    scene = Scene(stage)
    scene.play(plot.steps)
    return scene, scene.chosen(plot.step)


def _ids(scene: Scene, step: Step) -> tuple[str, ...]:
    return tuple(scene.id_of(key) for key in (step.on, step.other) if key is not None)


def nobody(stage: Stage) -> str:
    """Return an id that nothing has."""
    return str(UUID(int=stage.random.getrandbits(128), version=4))


def _path(planner: Planner, topic: Topic, operation: Operation, index: int) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        here, mine = staged(stage, planner, operation, 0)
        there, theirs = staged(stage, planner, operation, _OTHER)
        own, foreign = _ids(here, mine), _ids(there, theirs)
        wanted = refusal(stage.system, Situation.HIDDEN)
        trial = Trial(str(wanted))
        headers = there.condition(theirs)
        crossed = _crossed(own, foreign[index], index)
        answer = _asked(here, mine, crossed, headers)
        hold(trial, "with the other tenant's id", answer, wanted)
        absent = _asked(here, mine, _crossed(own, nobody(stage), index), headers)
        _same(trial, stage.system, answer, absent)
        allowed = success(stage.system, operation)
        control(trial, "the other tenant itself", there.take(theirs), allowed)
        return trial.judgement()

    rule = "What belongs to another tenant answers as if it did not exist."
    variant = "path" if index == 0 else f"path-{index + 1}"
    return topic.case(variant, rule, run, cost=12)


def _crossed(own: tuple[str, ...], foreign: str, index: int) -> tuple[str, ...]:
    return (*own[:index], foreign, *own[index + 1 :])


def _asked(scene: Scene, step: Step, ids: tuple[str, ...], headers: dict[str, str]) -> Answer:
    request = scene.request(step, ids=ids, headers=headers)
    return scene.stage.send(
        request.person,
        request.method,
        request.path,
        headers=request.headers,
        body=request.body,
    )


def _same(trial: Trial, system: System, foreign: Answer, absent: Answer) -> None:
    """Another tenant's row cannot be told from one that does not exist."""
    if foreign.status != absent.status:
        trial.found("compared with an id of nothing", f"{foreign.status}, not {absent.status}")
    elif system.has(REST):
        told, other = _problem(foreign), _problem(absent)
        trial.need("compared with an id of nothing", holds=told == other, got="another body")


def _problem(answer: Answer) -> object:
    if not isinstance(answer.json, dict):
        return answer.body
    return {name: value for name, value in answer.json.items() if name != "instance"}


def _references(planner: Planner, topic: Topic, operation: Operation) -> Iterator[PlannedCase]:
    if operation.kind not in {Kind.CREATE, Kind.UPDATE}:
        return
    entity = planner.system.entity(operation.entity)
    for relation in sent_relations(entity, updates=operation.kind is Kind.UPDATE):
        if relation.to == PEOPLE or not planner.system.entity(relation.to).built_in:
            yield _reference(planner, topic, operation, entity, relation)


def _reference(
    planner: Planner, topic: Topic, operation: Operation, entity: Entity, relation: Relation
) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        scene, step = staged(stage, planner, operation, 0)
        wanted = refusal(stage.system, Situation.BAD_REFERENCE)
        trial = Trial(str(wanted))
        answers = []
        for what, id_ in (
            ("the other tenant's id", _foreign(stage, planner, relation)),
            ("an id of nothing", nobody(stage)),
        ):
            value = [id_] if relation.many else id_
            body = altered(scene, step, relation_name(relation), value)
            answers.append(scene.take(step, body=body))
            hold(trial, f"{relation_name(relation)}: {what}", answers[-1], wanted)
        _same(trial, stage.system, *answers)
        control(trial, "without it", scene.take(step), success(stage.system, operation))
        return trial.judgement()

    rule = f"{relation_name(relation)} cannot refer to anything of another tenant."
    reference = place(relation.span)
    return topic.case(f"reference-{relation.name}", rule, run, reference=reference, cost=12)


def _foreign(stage: Stage, planner: Planner, relation: Relation) -> str:
    if relation.to == PEOPLE:
        return Scene(stage).id_of(Somebody(role=stage.system.roles[0], tenant=_OTHER).key)
    scene, key = made(stage, planner, relation.to, _OTHER)
    return scene.id_of(key)


def made(stage: Stage, planner: Planner, entity: str, tenant: int) -> tuple[Scene, Key]:
    """Make a row of an entity; return where it is known, and its key.

    Raises:
        Unavailable: If nobody can.
    """
    for operation in stage.system.operations_of(entity):
        if operation.kind is Kind.CREATE:
            scene, step = staged(stage, planner, operation, tenant)
            scene.play([step])
            return scene, step.makes or ""
    raise Unavailable(f"there is no operation to create {entity}")


def _list(planner: Planner, topic: Topic, operation: Operation) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        here, mine = _listed(stage, planner, operation, 0)
        there, theirs = _listed(stage, planner, operation, _OTHER)
        own, foreign = (_id_of_target(*each) for each in ((here, mine), (there, theirs)))
        trial = Trial("rows of the own tenant only")
        shown = ids_of(walk(here, mine.step))
        others = ids_of(walk(there, theirs.step))
        trial.need("the other tenant's row", holds=foreign not in shown, got="it is in the list")
        trial.need("the own row there", holds=own not in others, got="it is in the list")
        seen = own in shown and foreign in others
        trial.need("the own rows", holds=seen, got="a tenant's own row is not in its list")
        return trial.judgement()

    rule = "A list never shows rows of another tenant."
    return topic.case("list", rule, run, cost=10)


def _listed(
    stage: Stage, planner: Planner, operation: Operation, tenant: int
) -> tuple[Scene, Plot]:
    where = (operation.where,) if operation.where else ()
    for role in roles_of(planner.system, operation):
        me = Somebody(role=role, tenant=tenant)
        plot = planner.find_listed(Goal(operation=operation, me=me, wanted=done, also=where))
        if plot is not None:
            scene = Scene(stage)
            scene.play(plot.steps)
            return scene, plot
    raise Unavailable(f"no row was found that {operation.name} shows")


def _id_of_target(scene: Scene, plot: Plot) -> str:
    return scene.id_of(plot.target)


def _account(operation: Operation) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        role = roles_of(stage.system, operation)[0]
        me, them = stage.person(role), stage.person(role, tenant=_OTHER)
        accounts = Accounts(stage)
        theirs = accounts.request(operation, them)
        wanted = refusal(stage.system, Situation.HIDDEN)
        trial = Trial(str(wanted))
        hold(trial, "with the other tenant's id", accounts.send(replace(theirs, person=me)), wanted)
        answer = accounts.send(theirs)
        control(trial, "the other tenant itself", answer, success(stage.system, operation))
        return trial.judgement()

    rule = "What belongs to another tenant answers as if it did not exist."
    return about(NAME, operation).case("path", rule, run, cost=6)


def _account_list(operation: Operation) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        role = roles_of(stage.system, operation)[0]
        trial = Trial("rows of the own tenant only")
        known = [_account_ids(stage, operation, role, tenant) for tenant in (0, _OTHER)]
        both = sorted(known[0] & known[1])
        trial.need("rows that both tenants see", holds=not both, got=", ".join(both[:3]))
        full = all(known)
        trial.need("rows of each tenant", holds=full, got="a tenant's own list is empty")
        return trial.judgement()

    rule = "A list never shows rows of another tenant."
    return about(NAME, operation).case("list", rule, run, cost=6)


def _account_ids(stage: Stage, operation: Operation, role: str, tenant: int) -> set[str]:
    accounts = Accounts(stage)
    me = stage.person(role, tenant=tenant)
    for each in askable(stage.system):
        if each.name == "InviteUser":
            accounts.send(accounts.request(each, me))
    step = Step(operation=operation, by=Somebody(role=role, tenant=tenant))
    return set(ids_of(walk(Scene(stage), step)))


KIND: Final = CaseKind(NAME, _planned)

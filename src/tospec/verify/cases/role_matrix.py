"""Who may do what to whose rows, in both directions: role by operation by relation to the row."""

from collections.abc import Iterator
from typing import Final

from tospec.model import Entity, Kind, Operation, System
from tospec.verify.base import Judgement, PlannedCase, Stage, Unavailable
from tospec.verify.oracle.contract import expected, refusal, success
from tospec.verify.oracle.planning import Goal, Planner, Plot, hidden
from tospec.verify.oracle.predicting import predict, roles_of
from tospec.verify.oracle.reading import Place, reads_of
from tospec.verify.oracle.steps import PEOPLE, Prediction, Situation, Step
from tospec.verify.oracle.taking import Choices
from tospec.verify.oracle.world import Somebody, Undetermined
from tospec.verify.scene.accounts import Accounts, askable
from tospec.verify.scene.parts import (
    CaseKind,
    Played,
    Topic,
    Trial,
    about,
    control,
    hold,
    modelled,
    operation_of,
    play,
)

NAME: Final = "role-matrix"
_ACCESS: Final = frozenset({Situation.DONE, Situation.HIDDEN, Situation.FORBIDDEN})


def _planned(system: System) -> Iterator[PlannedCase]:
    planner = Planner(system)
    for operation in modelled(system):
        for role in system.roles:
            yield from _of_role(planner, operation, role)
    for operation in askable(system):
        if operation.permission is not None:
            yield from (_of_account(operation, role) for role in system.roles)


def _of_role(planner: Planner, operation: Operation, role: str) -> Iterator[PlannedCase]:
    topic = about(NAME, operation)
    if role not in roles_of(planner.system, operation):
        yield _without_permission(planner, topic, operation, role)
        return
    related = _people(planner.system, operation)
    yield _cell(planner, topic, operation, role, "others", ())
    for name in (*related, *_beside(planner.system, operation, role)):
        yield _cell(planner, topic, operation, role, f"own-{name}", (name,))
    if _may_be_hidden(planner, operation, role):
        yield _hidden(planner, topic, operation, role)


def _people(system: System, operation: Operation) -> tuple[str, ...]:
    """Return the relations to people that decide about an operation on a row."""
    entity = system.entity(operation.entity)
    if entity.policy is None or operation.kind in {Kind.CREATE, Kind.LIST}:
        return ()
    policy = entity.policy.of(operation.policy) if operation.policy else None
    asked = tuple(each for each in (policy, entity.policy.visible) if each is not None)
    names = {place[0] for place in reads_of(system, entity, asked).places if len(place) == 1}
    return tuple(r.name for r in entity.relations if r.name in names and r.to == PEOPLE)


def _beside(system: System, operation: Operation, role: str) -> tuple[str, ...]:
    """Return further relations to people, which decide nothing and might be taken for others."""
    entity = system.entity(operation.entity)
    policy = entity.policy.of(operation.policy) if entity.policy and operation.policy else None
    known, creating = _people(system, operation), operation_of(system, entity, Kind.CREATE)
    if policy is None or creating is None:
        return ()
    may_make = role in roles_of(system, creating)
    single = (r for r in entity.relations if r.to == PEOPLE and not r.many and r.name not in known)
    return tuple(r.name for r in single if r.writable or (r.generated_by_principal and may_make))


def _mine(
    entity: Entity, names: tuple[str, ...], related: tuple[str, ...], me: Somebody, other: Somebody
) -> dict[Place, object]:
    """Return whose a row is: in the named relations mine, in the others somebody else's."""
    chosen: dict[Place, object] = {}
    for name in related:
        relation = entity.relation(name)
        if relation is None:
            continue
        who = me if name in names else other
        if relation.many:
            chosen[(name,)] = (who,) if name in names else ()
        else:
            chosen[(name,)] = who
    return chosen


def _cell(
    planner: Planner,
    topic: Topic,
    operation: Operation,
    role: str,
    variant: str,
    names: tuple[str, ...],
) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        played = play(stage, _situation(planner, operation, role, names))
        played.judge(f"{operation.name} by {role}, {variant}")
        if not played.plot.prediction.done:
            _control(planner, played)
        return played.trial.judgement()

    whose = f"whose {names[0]} they are" if names else "of somebody else"
    rule = f"A {role} may {operation.name} on a row {whose} exactly if the spec says so."
    return topic.case(f"{role}/{variant}", rule, run, cost=8)


def _situation(planner: Planner, operation: Operation, role: str, names: tuple[str, ...]) -> Plot:
    me = Somebody(role=role)
    entity = planner.system.entity(operation.entity)
    related = dict.fromkeys((*_people(planner.system, operation), *names))
    fixed = _mine(entity, names, tuple(related), me, planner.cast(me).other)

    def by_access(prediction: Prediction) -> bool:
        return prediction.situation in _ACCESS

    plot = planner.find(Goal(operation=operation, me=me, wanted=by_access, fixed=fixed))
    if plot is None:
        raise Unavailable("no such row can be made")
    return plot


def _may_be_hidden(planner: Planner, operation: Operation, role: str) -> bool:
    return _hiding(planner, operation, role) is not None


def _hiding(planner: Planner, operation: Operation, role: str) -> Choices | None:
    """Return what the row that a path names is like so that a role does not see it."""
    entity = planner.system.entity(operation.entity)
    if operation.kind not in {Kind.CREATE, Kind.LIST}:
        return planner.hiding(entity, role)
    above = entity.relation(entity.under or "")
    if above is None or "{" not in operation.path:
        return None
    choices = planner.hiding(planner.system.entity(above.to), role)
    return None if choices is None else {(above.name, *p): v for p, v in choices.items()}


def _hidden_plot(planner: Planner, operation: Operation, role: str) -> Plot | None:
    fixed = _hiding(planner, operation, role) or {}
    return planner.find(
        Goal(operation=operation, me=Somebody(role=role), wanted=hidden, fixed=fixed)
    )


def _hidden(planner: Planner, topic: Topic, operation: Operation, role: str) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        plot = _hidden_plot(planner, operation, role)
        if plot is None:
            raise Unavailable("no row is hidden from this role")
        played = play(stage, plot)
        played.judge(f"{operation.name} by {role} on a hidden row")
        _control(planner, played)
        return played.trial.judgement()

    rule = f"A row that a {role} may not see does not exist for them."
    return topic.case(f"{role}/hidden", rule, run, cost=8)


def _without_permission(
    planner: Planner, topic: Topic, operation: Operation, role: str
) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        for holder in roles_of(planner.system, operation):
            goal = Goal(operation=operation, me=Somebody(role=holder), wanted=lambda p: p.done)
            plot = planner.find(goal)
            if plot is not None:
                break
        else:
            raise Unavailable(f"nobody can {operation.name}")
        played = play(stage, plot)
        wanted = refusal(stage.system, Situation.NO_PERMISSION)
        played.trial.expected = str(wanted)
        denied = _by(played.step, Somebody(role=role))
        answer = played.scene.take(denied)
        hold(played.trial, f"{operation.name} by {role}", answer, wanted)
        allowed = played.scene.take(played.step)
        control(played.trial, f"the same by {holder}", allowed, played.expected())
        return played.trial.judgement()

    rule = f"A {role} lacks {operation.permission} and may not {operation.name}."
    return topic.case(f"{role}/denied", rule, run, cost=8)


def _by(step: Step, who: Somebody) -> Step:
    return Step(
        operation=step.operation,
        by=who,
        on=step.on,
        other=step.other,
        body=step.body,
        makes=step.makes,
    )


def _control(planner: Planner, played: Played) -> None:
    """Let somebody do the same who may."""
    system = planner.system
    for who in _others(planner, played):
        step = _by(played.step, who)
        try:
            prediction = predict(played.plot.world, step)
        except Undetermined:
            continue
        if prediction.done:
            answer = played.scene.take(step)
            wanted = expected(system, step.operation, prediction)
            control(played.trial, f"the same by {who.key}", answer, wanted)
            return
    _read_control(planner, played)


def _others(planner: Planner, played: Played) -> tuple[Somebody, ...]:
    cast = planner.cast(played.step.by)
    known = tuple(played.plot.world.people.values())
    return tuple(dict.fromkeys((*known, *cast.everybody)))


def _read_control(planner: Planner, played: Played) -> None:
    """Nobody may do it: show at least that the row is there for whoever made it."""
    key = played.step.on
    if key is None:
        raise Unavailable("nobody may do the same")
    for who in _others(planner, played):
        answer = played.scene.read(key, who)
        if answer is not None and answer.status == 200:
            played.trial.control(f"reading it as {who.key}", answer, works=True)
            return
    raise Unavailable("nobody may do the same")


def _of_account(operation: Operation, role: str) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        system = stage.system
        holders = roles_of(system, operation)
        accounts = Accounts(stage)
        wanted = (
            success(system, operation)
            if role in holders
            else refusal(system, Situation.NO_PERMISSION)
        )
        trial = Trial(str(wanted))
        request = accounts.request(operation, stage.person(role))
        hold(trial, f"{operation.name} by {role}", accounts.send(request), wanted)
        if role not in holders:
            again = accounts.request(operation, stage.person(holders[0]))
            answer = accounts.send(again)
            control(trial, f"the same by {holders[0]}", answer, success(system, operation))
        return trial.judgement()

    verdict = "exactly if the role holds its permission"
    return about(NAME, operation).case(
        f"{role}/permission", f"A {role} may {operation.name} {verdict}.", run, cost=5
    )


KIND: Final = CaseKind(NAME, _planned)

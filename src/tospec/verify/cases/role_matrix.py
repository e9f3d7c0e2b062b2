"""Who may do what to whose rows, in both directions: role by operation by relation to the row."""

from collections.abc import Iterator
from typing import Final

from tospec.model import Kind, Operation, System
from tospec.verify.base import Judgement, PlannedCase, Stage, Unavailable
from tospec.verify.cases.controls import control_by_others
from tospec.verify.cases.denied import denied, denied_to_owner
from tospec.verify.cases.owners import beside, owned, owners, possible
from tospec.verify.oracle.contract import Expected, refusal, success
from tospec.verify.oracle.planning import Goal, Planner, Plot, hidden
from tospec.verify.oracle.predicting import roles_of
from tospec.verify.oracle.steps import Prediction, Situation
from tospec.verify.oracle.taking import Choices
from tospec.verify.oracle.world import Somebody
from tospec.verify.scene.accounts import ABSENT, Accounts, absent, askable
from tospec.verify.scene.parts import (
    CaseKind,
    Topic,
    Trial,
    about,
    control,
    hold,
    modelled,
    play,
)

NAME: Final = "role-matrix"
_ACCESS: Final = frozenset({Situation.DONE, Situation.HIDDEN, Situation.FORBIDDEN})


def _planned(system: System) -> Iterator[PlannedCase]:
    planner = Planner(system)
    for operation in modelled(system):
        for role in system.roles:
            yield from _of_role(planner, operation, role)
    for operation in (*askable(system), *absent(system)):
        if operation.permission is not None:
            yield from (_of_account(operation, role) for role in system.roles)


def _of_role(planner: Planner, operation: Operation, role: str) -> Iterator[PlannedCase]:
    topic = about(NAME, operation)
    if role not in roles_of(planner.system, operation):
        yield denied(planner, topic, operation, role)
        for name in possible(planner.system, operation, role):
            yield denied_to_owner(planner, topic, operation, role, name)
        return
    related = owners(planner.system, operation)
    yield _cell(planner, topic, operation, role, "others", ())
    for name in (*related, *beside(planner.system, operation, role)):
        yield _cell(planner, topic, operation, role, f"own-{name}", (name,))
    if _may_be_hidden(planner, operation, role):
        yield _hidden(planner, topic, operation, role)


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
            control_by_others(planner, played)
        return played.trial.judgement()

    whose = f"whose {names[0]} they are" if names else "of somebody else"
    rule = f"A {role} may {operation.name} on a row {whose} exactly if the spec says so."
    return topic.case(f"{role}/{variant}", rule, run, cost=8)


def _situation(planner: Planner, operation: Operation, role: str, names: tuple[str, ...]) -> Plot:
    me = Somebody(role=role)
    entity = planner.system.entity(operation.entity)
    related = dict.fromkeys((*owners(planner.system, operation), *names))
    fixed = owned(entity, names, tuple(related), me, planner.cast(me).other)

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
    if operation.kind not in {Kind.CREATE, Kind.LIST, Kind.DELETED}:
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
        control_by_others(planner, played)
        return played.trial.judgement()

    rule = f"A row that a {role} may not see does not exist for them."
    return topic.case(f"{role}/hidden", rule, run, cost=8)


def _of_account(operation: Operation, role: str) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        system = stage.system
        holders = roles_of(system, operation)
        accounts = Accounts(stage)
        permitted = _permitted(system, operation)
        wanted = permitted if role in holders else refusal(system, Situation.NO_PERMISSION)
        trial = Trial(str(wanted))
        request = accounts.request(operation, stage.person(role))
        hold(trial, f"{operation.name} by {role}", accounts.send(request), wanted)
        if role not in holders:
            again = accounts.request(operation, stage.person(holders[0]))
            answer = accounts.send(again)
            control(trial, f"the same by {holders[0]}", answer, permitted)
        return trial.judgement()

    verdict = "exactly if the role holds its permission"
    return about(NAME, operation).case(
        f"{role}/permission", f"A {role} may {operation.name} {verdict}.", run, cost=5
    )


def _permitted(system: System, operation: Operation) -> Expected:
    """Return the right answer to those who hold the permission."""
    if operation.name in ABSENT:
        return refusal(system, Situation.HIDDEN)
    return success(system, operation)


KIND: Final = CaseKind(NAME, _planned)

"""Operations that succeed answer as the spec says: status, headers, members, their forms."""

import re
from collections.abc import Iterator
from typing import Final

from tospec.model import Kind, Operation, System
from tospec.verify.base import Answer, Judgement, PlannedCase, Stage
from tospec.verify.oracle.contract import REST, success
from tospec.verify.oracle.shapes import view_faults
from tospec.verify.scene.accounts import LISTS, Accounts, askable
from tospec.verify.scene.parts import (
    CaseKind,
    Planner,
    Trial,
    about,
    first_role,
    hold,
    modelled,
    play,
    somebody_who_can,
)

NAME: Final = "answers"
_JSON: Final = re.compile(r"application/json(; ?charset=utf-8)?", re.IGNORECASE)
_TAG: Final = re.compile(r'"[\x21\x23-\x7e]*"')
_TAGGED: Final = frozenset({Kind.CREATE, Kind.READ, Kind.UPDATE, Kind.RESTORE, Kind.TRANSITION})
_MORE: Final = {"InviteUser": ("token",), "CreateWebhook": ("secret",)}
_OWN_SHAPE: Final = frozenset({"GetMe", "ReplayJobs", "DiscardJobs", "ListSchedules", "ListRuns"})


def _planned(system: System) -> Iterator[PlannedCase]:
    planner = Planner(system)
    for operation in modelled(system):
        yield _success(planner, operation)
    for operation in askable(system):
        yield _of_account(operation)


def _success(planner: Planner, operation: Operation) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        played = play(stage, somebody_who_can(planner, operation))
        answer = played.judge(f"{operation.name} by {played.step.by.role}")
        if played.expected().fits(answer):
            _inspect(played.trial, stage.system, operation, answer)
            if not _is_list(operation):
                played.compare(answer)
        return played.trial.judgement()

    rule = f"{operation.name} succeeds and answers what the spec says."
    return about(NAME, operation).case("success", rule, run, cost=6)


def _of_account(operation: Operation) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        wanted = success(stage.system, operation)
        trial = Trial(str(wanted))
        accounts = Accounts(stage)
        me = stage.person(first_role(stage.system, operation))
        answer = accounts.send(accounts.request(operation, me))
        if hold(trial, operation.name, answer, wanted):
            _inspect(trial, stage.system, operation, answer)
        return trial.judgement()

    rule = f"{operation.name} succeeds and answers what its convention says."
    return about(NAME, operation).case("success", rule, run, cost=4)


def _inspect(trial: Trial, system: System, operation: Operation, answer: Answer) -> None:
    """Note what is wrong with head and body of a successful answer."""
    if operation.kind is Kind.DOWNLOAD:
        return
    if operation.view is None:
        trial.need("no body", holds=not answer.body, got=f"{len(answer.body)} bytes")
        return
    if system.has(REST):
        _inspect_head(trial, system, operation, answer)
    if operation.name in _OWN_SHAPE:
        return
    items = _items(operation, answer) if _is_list(operation) else [answer.json]
    trial.need("rows", holds=items is not None, got="the body has no list of items")
    for item in items or ():
        view = system.view(operation.view)
        for fault in view_faults(system, view, item, more=_MORE.get(operation.name, ())):
            trial.found(f"view {view.name}", fault)


def _is_list(operation: Operation) -> bool:
    return operation.kind in {Kind.LIST, Kind.DELETED} or operation.name in LISTS


def _items(operation: Operation, answer: Answer) -> list[object] | None:
    body = answer.json
    items = body.get("items") if isinstance(body, dict) else body
    return items if isinstance(items, list) else None


def _inspect_head(trial: Trial, system: System, operation: Operation, answer: Answer) -> None:
    type_ = answer.headers.get("content-type", "")
    trial.need("Content-Type", holds=bool(_JSON.fullmatch(type_)), got=type_ or "missing")
    entity = system.entity(operation.entity)
    if operation.kind in _TAGGED and entity.optimistic:
        tag = answer.headers.get("etag", "")
        trial.need("a strong ETag", holds=bool(_TAG.fullmatch(tag)), got=tag or "missing")
    if operation.kind is Kind.CREATE:
        _inspect_location(trial, system, operation, answer)


def _inspect_location(trial: Trial, system: System, operation: Operation, answer: Answer) -> None:
    reading = [o for o in system.operations_of(operation.entity) if o.kind is Kind.READ]
    id_ = answer.json.get("id") if isinstance(answer.json, dict) else None
    location = answer.headers.get("location", "")
    for each in reading:
        path = re.sub(r"\{\w+\}", str(id_), each.path)
        trial.need("Location of the new row", holds=location == path, got=location or "missing")


KIND: Final = CaseKind(NAME, _planned)

"""Members that no client may write are refused in every body, or have no effect at all."""

from collections.abc import Iterator, Mapping
from typing import Final

from tospec.model import Entity, Operation, System
from tospec.model import Kind as Does
from tospec.verify.base import Answer, Json, Judgement, PlannedCase, Stage
from tospec.verify.oracle.naming import relation_name
from tospec.verify.oracle.steps import sent_fields, sent_relations
from tospec.verify.oracle.values import ordinary
from tospec.verify.oracle.wire import to_json
from tospec.verify.probes.judging import CONTRACT, expectation, shown, succeeded
from tospec.verify.probes.ready import ready
from tospec.verify.probes.routes import allowed, has_body, random_id
from tospec.verify.probes.topics import Kind, about
from tospec.verify.scene.accounts import Accounts, askable
from tospec.verify.scene.trials import Trial

NAME: Final = "mass-assignment"
_REFERENCE: Final = "OWASP API3"
_TIME: Final = "2001-02-03T04:05:06Z"
_COMMON: Final[Mapping[str, Json]] = {
    "tenant_id": "",
    "tenantId": "",
    "tenant": "",
    "owner_id": "",
    "created_by_id": "",
    "deleted_at": _TIME,
    "is_admin": True,
    "permissions": ["*"],
    "password_hash": "x",
    "__proto__": {"is_admin": True},
    "constructor": {"prototype": {}},
    "__class__": "x",
    "_method": "DELETE",
}
_OF_PEOPLE: Final[Mapping[str, Json]] = {
    "id": "",
    "created_at": _TIME,
    "version": 99,
    "handle": "chosen",
}


def _planned(system: System) -> Iterator[PlannedCase]:
    for operation in system.operations:
        if operation.kind is not Does.ACCOUNT and has_body(operation):
            yield _of_rows(operation)
        elif operation.name in {"InviteUser", "UpdateUser"} and operation in askable(system):
            yield _of_people(operation)


def _of_rows(operation: Operation) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        wanted = expectation(stage.system, 422, "validation-error", tolerated=(400, 403))
        trial = Trial(f"{wanted}, or no effect" if not stage.system.has(CONTRACT) else str(wanted))
        scene = ready(stage, operation)
        body = scene.body if isinstance(scene.body, dict) else {}
        for name, value in _forbidden(stage, operation).items():
            answer = scene.send(body={**body, name: value})
            _judge(stage, trial, name, value, answer)
        scene.control(trial)
        return trial.judgement()

    rule = "What no client may write is refused in a body."
    return about(NAME, operation).case("members", rule, run, reference=_REFERENCE, cost=30)


def _judge(stage: Stage, trial: Trial, name: str, value: Json, answer: Answer) -> None:
    wanted = expectation(stage.system, 422, "validation-error", tolerated=(400, 403))
    if not stage.system.has(CONTRACT) and succeeded(answer):
        told = answer.json.get(name) if isinstance(answer.json, dict) else None
        trial.need(name, holds=told != value, got=f"{shown(answer)}, and it was written")
        return
    trial.certain = trial.certain or succeeded(answer)
    trial.expect(name, answer, wanted)


def _forbidden(stage: Stage, operation: Operation) -> dict[str, Json]:
    """Return members that the body of an operation must not have, with tempting values."""
    entity = stage.system.entity(operation.entity)
    known = set(_sent(entity, operation))
    found = {name: _value(stage, value) for name, value in _COMMON.items()}
    for field in entity.fields:
        found[field.name] = _tempting(stage, entity, operation, field.name)
    for relation in entity.relations:
        id_ = random_id(stage.random)
        found[relation_name(relation)] = [id_] if relation.many else id_
    for computed in entity.computed:
        found[computed.name] = 1
    return {name: value for name, value in found.items() if name not in known}


def _sent(entity: Entity, operation: Operation) -> Iterator[str]:
    if operation.kind in {Does.CREATE, Does.UPDATE}:
        updates = operation.kind is Does.UPDATE
        yield from (each.name for each in sent_fields(entity, updates=updates))
        yield from (relation_name(each) for each in sent_relations(entity, updates=updates))
    yield from (each.name for each in operation.input)


def _value(stage: Stage, value: Json) -> Json:
    return random_id(stage.random) if value == "" else value


def _tempting(stage: Stage, entity: Entity, operation: Operation, name: str) -> Json:
    """Return a value that would be good for a field if it could be written, and is not usual."""
    field = entity.field(name)
    if field is None or name == "id":
        return random_id(stage.random)
    if entity.lifecycle is not None and name == entity.lifecycle.field:
        moves = entity.lifecycle.transitions
        target = next((each.target for each in moves if each.name == operation.transition), "")
        usual = {entity.lifecycle.initial, target}
        return next((each for each in entity.lifecycle.states if each not in usual), target)
    if isinstance(field.default, bool):
        return not field.default
    return to_json(ordinary(entity, field, stage.random))


def _of_people(operation: Operation) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        accounts = Accounts(stage)
        trial = Trial("422 validation-error")
        role = allowed(stage.system, operation)[0]
        request = accounts.request(operation, stage.person(role))
        body = request.body if isinstance(request.body, dict) else {}
        for name, value in {**_COMMON, **_OF_PEOPLE}.items():
            tempting = _value(stage, value)
            answer = stage.send(
                request.person,
                request.method,
                request.path,
                headers=request.headers,
                body={**body, name: tempting},
            )
            _judge(stage, trial, name, tempting, answer)
        right = accounts.send(request)
        trial.control(f"{operation.name} as it should be", right, works=succeeded(right))
        return trial.judgement()

    rule = "What no client may write is refused in a body."
    return about(NAME, operation).case("members", rule, run, reference=_REFERENCE, cost=20)


KIND: Final = Kind(NAME, _planned)

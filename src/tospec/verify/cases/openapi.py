"""The description that the target serves names every operation, and every answer that it gives."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from tospec.model import Kind as Does
from tospec.model import Operation, System
from tospec.verify.base import NOTHING, Answer, Judgement, PlannedCase, Stage
from tospec.verify.oracle.contract import success
from tospec.verify.probes.described import Description
from tospec.verify.probes.document import PATH, document_of, operations_in
from tospec.verify.probes.judging import CONTRACT, Trial, skipped
from tospec.verify.probes.ready import ready
from tospec.verify.probes.routes import (
    allowed,
    denied,
    has_body,
    is_protected,
    is_told,
    normalized,
    nowhere,
    offered,
    somebody,
)
from tospec.verify.probes.topics import Kind, Topic, about, place

NAME: Final = "openapi"
_REFERENCE: Final = "OpenAPI 3.1"
_EXPECTED: Final = "the operation with the answers that it gives"
_AGREED: Final = "what the spec says, no more and no less"
_OWN: Final = ("/problems/", "/health", "/livez", "/readyz", "/metrics", "/docs", "/openapi")


def _planned(system: System) -> Iterator[PlannedCase]:
    if not system.has(CONTRACT):
        return
    topic = Topic(kind=NAME, label="document", element="system", reference=place(system.span))
    rule = "The description is one of OpenAPI 3, of this system in this version."
    yield topic.case("about", rule, _about, reference=_REFERENCE, cost=1)
    rule = "The description has no operation that the spec has not."
    yield topic.case("nothing-else", rule, _nothing_else, reference="OWASP API9", cost=1)
    for operation in system.operations:
        yield _described(operation)
        yield _observed(operation)
        if operation.kind is not Does.ACCOUNT:
            yield _agreeing(operation)


def _unserved(expected: str) -> Judgement:
    return skipped(expected, f"The target does not serve {PATH}, and need not.")


def _about(stage: Stage) -> Judgement:
    trial = Trial("openapi 3, and the system's version")
    document = document_of(stage)
    if document is None:
        return _unserved(trial.expected)
    told = document if isinstance(document, dict) else {}
    info = told["info"] if isinstance(told.get("info"), dict) else {}
    version = str(told.get("openapi"))
    trial.need("openapi", holds=version.startswith("3."), got=version)
    right = info.get("version") == stage.system.version
    trial.need("info.version", holds=right, got=str(info.get("version")))
    trial.need("info.title", holds=bool(info.get("title")), got="missing")
    return trial.judgement()


def _nothing_else(stage: Stage) -> Judgement:
    trial = Trial("the spec's operations, and those that watchers use")
    document = document_of(stage)
    if document is None:
        return _unserved(trial.expected)
    known = {(method, normalized(path)) for method, path in offered(stage.system)}
    described = operations_in(document)
    trial.need("operations", holds=bool(described), got="none")
    for method, path in described:
        fits = (method, path) in known or path.startswith(_OWN)
        trial.need(f"{method} {path}", holds=fits, got="the spec does not have it")
    return trial.judgement()


def _described(operation: Operation) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        document = document_of(stage)
        if document is None:
            return _unserved(_EXPECTED)
        trial = Trial(_EXPECTED)
        told = operations_in(document).get((operation.method, normalized(operation.path)))
        trial.need("the operation", holds=told is not None, got="it is not described")
        if told is not None:
            statuses = _statuses(told)
            missing = [each for each in _least(stage.system, operation) if each not in statuses]
            trial.need("statuses", holds=not missing, got=f"without {', '.join(missing)}")
            wants = bool(told.get("security", document.get("security")))
            protected = is_protected(stage.system, operation)
            trial.need("security", holds=wants == protected, got=str(told.get("security")))
            body = "requestBody" in told
            wanted = has_body(operation) or operation.upload or is_told(operation)
            trial.need("requestBody", holds=body == wanted, got=str(body))
        return trial.judgement()

    rule = "The description has the operation, its sign-in, its body and its answers."
    return about(NAME, operation).case("described", rule, run, reference=_REFERENCE, cost=1)


def _agreeing(operation: Operation) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        document = document_of(stage)
        if document is None:
            return _unserved(_AGREED)
        trial = Trial(_AGREED)
        told = operations_in(document).get((operation.method, normalized(operation.path)))
        faults = Description(stage.system, operation, told or {}, document).faults()
        for fault in faults if told is not None else ():
            trial.found("the description", fault)
        trial.need("the operation", holds=told is not None, got="it is not described")
        return trial.judgement()

    rule = "The description has the members, values, limits, parameters and errors of the spec."
    return about(NAME, operation).case("agreeing", rule, run, reference=_REFERENCE, cost=1)


def _statuses(told: Mapping[str, Any]) -> set[str]:
    responses = told.get("responses")
    return set(responses) if isinstance(responses, dict) else set()


def _least(system: System, operation: Operation) -> Iterator[str]:
    """Yield the statuses that an operation must tell of."""
    if operation.kind is not Does.ACCOUNT:
        yield str(success(system, operation).statuses[0])
    if is_protected(system, operation):
        yield "401"
        if denied(system, operation):
            yield "403"
    if "{" in operation.path:
        yield "404"
    if has_body(operation):
        yield from ("400", "413", "415", "422")
    if operation.upload:
        yield from ("408", "413", "415", "422")
    for requirement in operation.require:
        yield str(system.error(requirement.error).status)


def _observed(operation: Operation) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        document = document_of(stage)
        told = operations_in(document).get((operation.method, normalized(operation.path)))
        if document is None:
            return _unserved(_EXPECTED)
        trial = Trial("answers that the description tells of")
        statuses = _statuses(told or {})
        for what, answer in _provoked(stage, operation):
            found = _status_fault(answer, statuses, told or {})
            trial.found(what, found, seen=str(answer.status))
        return trial.judgement()

    rule = "Every answer that is given is described, with its media type."
    return about(NAME, operation).case("observed", rule, run, reference=_REFERENCE, cost=9)


def _status_fault(answer: Answer, statuses: set[str], told: Mapping[str, Any]) -> str:
    status = str(answer.status)
    if status not in statuses and "default" not in statuses:
        return f"{status} is not described"
    described = told["responses"].get(status, {})
    content = described.get("content", {}) if isinstance(described, dict) else {}
    type_ = answer.headers.get("content-type", "").partition(";")[0].strip()
    if answer.body and content and type_ not in content:
        return f"{status} as {type_ or 'nothing'}, not {', '.join(content)}"
    return ""


def _provoked(stage: Stage, operation: Operation) -> Iterator[tuple[str, Answer]]:
    """Yield answers of many kinds."""
    path = nowhere(stage, operation.path)
    method, person = operation.method, somebody(stage, operation)
    yield "nobody", stage.send(None, method, path)
    for role in denied(stage.system, operation)[:1]:
        yield role, stage.send(stage.person(role), method, path)
    html = {"Accept": "text/html"}
    yield "Accept: text/html", stage.send(person, method, path, headers=html)
    if operation.name != "SignOut":
        body = {} if has_body(operation) else NOTHING
        yield "nothing there", stage.send(person, method, path, body=body)
    if has_body(operation):
        yield "no JSON", stage.send(person, method, path, body=b"x")
    if operation.kind is not Does.ACCOUNT and allowed(stage.system, operation):
        scene = ready(stage, operation)
        if has_body(operation):
            yield "a bad body", scene.send(body={"no_such_member": 1})
        else:
            yield "a bad query", scene.send(query={"no_such_parameter": "1"})
        yield "a success", scene.succeed()


KIND: Final = Kind(NAME, _planned)

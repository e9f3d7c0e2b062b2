"""Of two things that are wrong, the earlier one is told (order of evaluation of rest-1)."""

from collections.abc import Iterator

from tospec.model import Operation, System
from tospec.verify.base import NOTHING as NO_BODY
from tospec.verify.base import Json, Judgement, PlannedCase, Stage
from tospec.verify.cases.protocol.common import NAME
from tospec.verify.oracle.files import file_for
from tospec.verify.probes.judging import CONTRACT, Expectation, Trial
from tospec.verify.probes.routes import (
    allowed,
    denied,
    has_body,
    is_protected,
    nowhere,
    somebody,
)
from tospec.verify.probes.topics import about

_UNKNOWN: Json = {"no_such_member": 1}


def planned(system: System) -> Iterator[PlannedCase]:
    """Yield the cases of each operation that wants a sign-in, where the contract is adopted."""
    if not system.has(CONTRACT):
        return
    for operation in system.operations:
        if is_protected(system, operation):
            yield _unauthenticated_first(operation)
            if denied(system, operation) and allowed(system, operation):
                yield _permission_first(operation)
            if has_body(operation) and "{" in operation.path:
                yield _absence_first(operation)


def _unauthenticated_first(operation: Operation) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        wanted = Expectation(statuses=(401,), code="unauthenticated")
        trial = Trial(str(wanted))
        path = nowhere(stage, operation.path)
        headers = [("Content-Type", "text/plain"), ("Accept", "text/html")]
        query = {"no_such_parameter": "1"}
        answer = stage.send(None, operation.method, path, headers=headers, query=query, body=b"{")
        trial.expect("nobody, with all else wrong", answer, wanted)
        signed_in = stage.send(
            somebody(stage, operation), operation.method, path, headers=headers, query=query
        )
        trial.control("somebody, with all else wrong", signed_in, works=_refused(signed_in.status))
        return trial.judgement()

    rule = "Who is not signed in is told nothing else: 401 comes before 404, 406, 415 and 422."
    return about(NAME, operation).case("order-401", rule, run, reference="rest-1 order", cost=2)


def _refused(status: int) -> bool:
    return 400 <= status < 500 and status != 401


def _permission_first(operation: Operation) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        wanted = Expectation(statuses=(403,), code="permission-denied")
        trial = Trial(str(wanted))
        path = nowhere(stage, operation.path)
        body = _UNKNOWN if has_body(operation) else NO_BODY
        headers: tuple[tuple[str, str], ...] = ()
        if operation.upload:
            headers, body = file_for(stage.system, operation)
        role = denied(stage.system, operation)[0]
        person = stage.person(role)
        answer = stage.send(person, operation.method, path, headers=headers, body=body)
        trial.expect(f"{role}, for nothing, with a bad body", answer, wanted)
        allowed_ = somebody(stage, operation)
        right = stage.send(allowed_, operation.method, path, headers=headers, body=body)
        trial.control("somebody who may", right, works=right.status in {200, 404, 422})
        return trial.judgement()

    rule = "Who lacks the permission learns nothing else: 403 comes before 404 and 422."
    return about(NAME, operation).case("order-403", rule, run, reference="rest-1 order", cost=2)


def _absence_first(operation: Operation) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        wanted = Expectation(statuses=(404,), code="not-found")
        trial = Trial(str(wanted))
        path = nowhere(stage, operation.path)
        person = somebody(stage, operation)
        for name, body in (("an unknown member", _UNKNOWN), ("malformed JSON", b"{")):
            headers = [("Content-Type", "application/json"), ("If-Match", '"0"')]
            answer = stage.send(person, operation.method, path, headers=headers, body=body)
            trial.expect(name, answer, wanted)
        return trial.judgement()

    rule = "A fault of the body never tells that an object exists: 404 comes before 400 and 422."
    return about(NAME, operation).case("order-404", rule, run, reference="rest-1 order", cost=2)

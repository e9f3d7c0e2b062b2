"""Refusals that a request alone brings about, and how."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from tospec.model import Kind, Operation, System
from tospec.verify.base import Answer, Judgement, PlannedCase, Stage
from tospec.verify.cases.problems.inspection import (
    CANARY,
    NAME,
    REFERENCE,
    describe,
    document,
    inspect,
)
from tospec.verify.probes.judging import Trial
from tospec.verify.probes.routes import (
    allowed,
    denied,
    has_body,
    is_protected,
    nowhere,
    somebody,
)
from tospec.verify.probes.topics import about

type Provoke = Callable[[Stage, Operation], Answer]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Situation:
    """A refusal, and how to meet with it."""

    code: str
    status: int
    provoke: Provoke
    fits: Callable[[System, Operation], bool]


def _is_read(system: System, operation: Operation) -> bool:
    return operation.method == "GET" and is_protected(system, operation)


def _is_flat_read(system: System, operation: Operation) -> bool:
    return _is_read(system, operation) and "{" not in operation.path


def _takes_body(system: System, operation: Operation) -> bool:
    return has_body(operation) and "{" not in operation.path


def _may_be_denied(system: System, operation: Operation) -> bool:
    return bool(denied(system, operation) and allowed(system, operation))


def _is_item(system: System, operation: Operation) -> bool:
    return _is_read(system, operation) and operation.path.count("{") == 1


def _is_list(system: System, operation: Operation) -> bool:
    return operation.kind is Kind.LIST and "{" not in operation.path


def _plain(stage: Stage, operation: Operation) -> Answer:
    return stage.send(None, operation.method, nowhere(stage, operation.path))


def _with(stage: Stage, operation: Operation, body: bytes, type_: str) -> Answer:
    headers = {"Content-Type": type_}
    person = somebody(stage, operation)
    return stage.send(person, operation.method, operation.path, headers=headers, body=body)


def _asked(stage: Stage, operation: Operation, suffix: str = "", **headers: str) -> Answer:
    path = nowhere(stage, operation.path) + suffix
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return stage.send(somebody(stage, operation), operation.method, path, headers=sent)


def _denied(stage: Stage, operation: Operation) -> Answer:
    person = stage.person(denied(stage.system, operation)[0])
    return stage.send(person, operation.method, nowhere(stage, operation.path))


_SITUATIONS: Final = (
    _Situation(code="unauthenticated", status=401, provoke=_plain, fits=is_protected),
    _Situation(code="permission-denied", status=403, provoke=_denied, fits=_may_be_denied),
    _Situation(code="not-found", status=404, provoke=_asked, fits=_is_item),
    _Situation(
        code="method-not-allowed",
        status=405,
        provoke=lambda stage, operation: stage.send(None, "PUT", operation.path),
        fits=_is_flat_read,
    ),
    _Situation(
        code="not-acceptable",
        status=406,
        provoke=lambda stage, operation: _asked(stage, operation, Accept="text/csv"),
        fits=_is_flat_read,
    ),
    _Situation(
        code="malformed-json",
        status=400,
        provoke=lambda stage, op: _with(stage, op, f'{{"{CANARY}'.encode(), "application/json"),
        fits=_takes_body,
    ),
    _Situation(
        code="unsupported-media-type",
        status=415,
        provoke=lambda stage, op: _with(stage, op, CANARY.encode(), f"text/{CANARY}"),
        fits=_takes_body,
    ),
    _Situation(
        code="content-too-large",
        status=413,
        provoke=lambda stage, op: _with(stage, op, b" " * 1_048_577, "application/json"),
        fits=_takes_body,
    ),
    _Situation(
        code="uri-too-long",
        status=414,
        provoke=lambda stage, op: _asked(stage, op, f"?a={CANARY * 700}", Connection="close"),
        fits=_is_flat_read,
    ),
    _Situation(
        code="headers-too-large",
        status=431,
        provoke=lambda stage, op: _asked(stage, op, X_Large=CANARY * 2_700, Connection="close"),
        fits=_is_flat_read,
    ),
    _Situation(
        code="invalid-cursor",
        status=422,
        provoke=lambda stage, op: _asked(stage, op, f"?cursor={CANARY}"),
        fits=_is_list,
    ),
    _Situation(
        code="ambiguous-credentials",
        status=400,
        provoke=lambda stage, op: _asked(stage, op, f"?access_token={CANARY}"),
        fits=_is_flat_read,
    ),
)


def planned(system: System) -> Iterator[PlannedCase]:
    """Yield the cases: each refusal at one operation of each entity that can give it."""
    for situation in _SITUATIONS:
        fitting = [each for each in system.operations if situation.fits(system, each)]
        for operation in {each.entity: each for each in reversed(fitting)}.values():
            yield _case(situation, operation)


def _case(situation: _Situation, operation: Operation) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        answer = situation.provoke(stage, operation)
        trial = Trial(document(situation.status, situation.code))
        inspect(stage, trial, answer, situation.status, situation.code)
        describe(stage, trial, situation.code, answer)
        return trial.judgement()

    rule = f"A refusal is a problem document, and tells nothing of the inside ({situation.code})."
    return about(NAME, operation).case(situation.code, rule, run, reference=REFERENCE, cost=2)

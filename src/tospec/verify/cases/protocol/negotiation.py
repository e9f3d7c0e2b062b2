"""Media types: what bodies may be written in, and what answers are."""

import gzip
from collections.abc import Iterator
from typing import Final

from tospec.model import Kind, Operation, System
from tospec.verify.base import NOTHING, Answer, Json, Judgement, PlannedCase, Stage
from tospec.verify.cases.protocol.common import JSON, NAME
from tospec.verify.probes.judging import CONTRACT, Expectation, Trial, expectation, shown
from tospec.verify.probes.problem import differences
from tospec.verify.probes.routes import has_body, is_told, nowhere, somebody
from tospec.verify.probes.topics import about

_UNKNOWN: Final = b'{"no_such_member": 1}'
_FORM: Final = "application/x-www-form-urlencoded"
_TYPES: Final = ("text/plain", _FORM, "application/xml", "multipart/form-data; boundary=x", "")
_LARGEST: Final = 1024 * 1024
_ENCODED: Final = (("content-encoding", "gzip"),)

type Headers = tuple[tuple[str, str], ...] | list[tuple[str, str]]


def planned(system: System) -> Iterator[PlannedCase]:
    """Yield the cases of each operation."""
    for operation in system.operations:
        if has_body(operation):
            yield _media_type(operation)
            if system.has(CONTRACT):
                yield _charset(operation)
                yield _coded(operation)
                yield _too_large(operation)
            if "{" not in operation.path:
                yield _offered(operation)
        # A file is handed out whatever the client says that it accepts.
        # Of a message its signature is judged, whatever the sender accepts.
        is_plain = operation.kind is not Kind.DOWNLOAD and not is_told(operation)
        if system.has(CONTRACT) and is_plain:
            yield _acceptable(operation)


def _media_type(operation: Operation) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        wanted = _unsupported(stage.system, operation)
        trial, path = _controlled(stage, operation, wanted, refused=415)
        for name in _TYPES:
            headers = [("Content-Type", name)] if name else []
            answer = _send(stage, operation, path, headers, _UNKNOWN)
            trial.expect(f"Content-Type: {name or 'missing'}", answer, wanted)
        return trial.judgement()

    rule = "A body of another media type than JSON is refused."
    return about(NAME, operation).case(
        "media-type", rule, run, reference="RFC 9110 §15.5.16", cost=len(_TYPES) + 1
    )


def _unsupported(system: System, operation: Operation) -> Expectation:
    name = "accept-patch" if operation.method == "PATCH" else "accept"
    return expectation(
        system,
        415,
        "unsupported-media-type",
        tolerated=(400, 404, 406, 422),
        contract=((name, "application/json"),),
    )


def _controlled(
    stage: Stage, operation: Operation, wanted: Expectation, *, refused: int
) -> tuple[Trial, str]:
    """Return a trial whose control is the same body as plain JSON."""
    trial = Trial(str(wanted))
    path = nowhere(stage, operation.path)
    answer = _send(stage, operation, path, JSON, _UNKNOWN)
    works = answer.status != refused and 0 < answer.status < 500
    trial.control(f"{operation.method} {path} with plain JSON", answer, works=works)
    return trial, path


def _send(
    stage: Stage,
    operation: Operation,
    path: str,
    headers: Headers,
    body: Json | bytes = NOTHING,
) -> Answer:
    person = somebody(stage, operation)
    return stage.send(person, operation.method, path, headers=headers, body=body)


def _charset(operation: Operation) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        wanted = _unsupported(stage.system, operation)
        trial, path = _controlled(stage, operation, wanted, refused=415)
        utf_8 = [("Content-Type", "application/json; charset=UTF-8")]
        answer = _send(stage, operation, path, utf_8, _UNKNOWN)
        trial.control("charset=UTF-8", answer, works=answer.status != 415)
        latin = [("Content-Type", "application/json; charset=iso-8859-1")]
        answer = _send(stage, operation, path, latin, _UNKNOWN)
        trial.expect("charset=iso-8859-1", answer, wanted)
        return trial.judgement()

    rule = "JSON is UTF-8; a body that says to be anything else is refused."
    return about(NAME, operation).case("charset", rule, run, reference="RFC 8259 §8.1", cost=3)


def _coded(operation: Operation) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        contract = (("accept-encoding", "identity"),)
        wanted = expectation(stage.system, 415, "unsupported-media-type", contract=contract)
        trial, path = _controlled(stage, operation, wanted, refused=415)
        body = gzip.compress(_UNKNOWN, mtime=0)
        answer = _send(stage, operation, path, [*JSON, *_ENCODED], body)
        trial.expect("Content-Encoding: gzip", answer, wanted)
        return trial.judgement()

    rule = "A compressed body is refused: nobody unpacks what may be a bomb."
    return about(NAME, operation).case("encoding", rule, run, reference="RFC 9110 §12.5.3", cost=2)


def _too_large(operation: Operation) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        wanted = expectation(stage.system, 413, "content-too-large")
        trial, path = _controlled(stage, operation, wanted, refused=413)
        body = _UNKNOWN + b" " * (_LARGEST + 1 - len(_UNKNOWN))
        answer = _send(stage, operation, path, JSON, body)
        trial.expect(f"a body of {len(body)} bytes", answer, wanted)
        if "{" not in operation.path:
            # Only the length that is declared is judged before the object is looked up.
            streamed = [*JSON, ("Transfer-Encoding", "chunked"), ("Connection", "close")]
            answer = _send(stage, operation, path, streamed, body)
            trial.expect("as many bytes of which it was not said how many", answer, wanted)
        return trial.judgement()

    rule = "A body beyond the limit is refused before it is read."
    return about(NAME, operation).case(
        "too-large", rule, run, reference="RFC 9110 §15.5.14", cost=2
    )


def _offered(operation: Operation) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        trial = Trial("the answer that there is without the offer")
        plain = _send(stage, operation, operation.path, JSON, _UNKNOWN)
        works = plain.status in {400, 422}
        trial.control("without the offer", plain, works=works)
        # An offer of HTTP/2 without settings is none, so that nobody takes it up.
        offer = [*JSON, ("Upgrade", "h2c"), ("Connection", "Upgrade")]
        for what, headers in (("Upgrade: h2c", offer), ("the next request", JSON)):
            answer = _send(stage, operation, operation.path, headers, _UNKNOWN)
            told = "; ".join(differences(plain, answer))
            trial.found(what, told, seen=shown(answer))
        return trial.judgement()

    rule = "Who offers to speak another protocol is answered in this one, body and all."
    return about(NAME, operation).case("offer", rule, run, reference="RFC 9110 §7.8", cost=3)


def _acceptable(operation: Operation) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        wanted = expectation(stage.system, 406, "not-acceptable")
        trial = Trial(str(wanted))
        path = nowhere(stage, operation.path)
        headers = JSON if has_body(operation) else ()
        body = _UNKNOWN if has_body(operation) else NOTHING
        for accepted in ("text/html", "application/json;q=0, */*"):
            asked = [*headers, ("Accept", accepted)]
            answer = _send(stage, operation, path, asked, body)
            trial.expect(f"Accept: {accepted}", answer, wanted)
        if operation.name != "SignOut":
            asked = [*headers, ("Accept", "text/html, */*;q=0.1")]
            answer = _send(stage, operation, path, asked, body)
            trial.control(asked[-1][1], answer, works=answer.status not in {0, 406})
        return trial.judgement()

    rule = "Who does not accept JSON is told that there is nothing else."
    return about(NAME, operation).case("accept", rule, run, reference="RFC 9110 §12.5.1", cost=3)

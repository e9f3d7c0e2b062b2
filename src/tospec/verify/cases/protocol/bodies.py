"""JSON that is none, or that two readers could understand differently."""

from collections.abc import Iterator
from typing import Final

from tospec.model import Kind, Operation, System
from tospec.verify.base import Answer, Judgement, PlannedCase, Stage
from tospec.verify.cases.protocol.common import JSON, NAME
from tospec.verify.probes.judging import Expectation, Trial, expectation
from tospec.verify.probes.routes import has_body, somebody
from tospec.verify.probes.topics import about

_DEEP: Final = 65
MALFORMED: Final = {
    "empty": b"",
    "blank": b" \n",
    "unclosed": b'{"a": 1',
    "trailing-comma": b'{"a": 1,}',
    "single-quotes": b"{'a': 1}",
    "comment": b'{"a": 1} // b',
    "trailing-garbage": b"{} x",
    "two-documents": b"{} {}",
    "bare-word": b"hello",
    "leading-zero": b'{"a": 01}',
    "nan": b'{"a": NaN}',
    "infinity": b'{"a": Infinity}',
    "negative-infinity": b'{"a": -Infinity}',
    "control-character": b'{"a": "\n"}',
    "not-utf-8": b'{"a": "\xff"}',
    "overlong": b'{"a": "\xc0\xaf"}',
    "surrogate-bytes": b'{"a": "\xed\xa0\x80"}',
    "utf-16": '{"a": 1}'.encode("utf-16"),
}
"""What no JSON parser takes."""
AMBIGUOUS: Final = {
    "duplicate-member": b'{"a": 1, "a": 2}',
    "duplicate-escaped": b'{"a": 1, "\\u0061": 2}',
    "lone-surrogate": b'{"a": "\\ud800"}',
    "surrogate-in-name": b'{"\\udfff": 1}',
    "nul": b'{"a": "\\u0000"}',
    "byte-order-mark": b'\xef\xbb\xbf{"a": 1}',
    "number-too-large": b'{"a": 1e999}',
    "too-deep": b'{"a": ' + b"[" * _DEEP + b"]" * _DEEP + b"}",
    "far-too-deep": b"[" * 100_000 + b"]" * 100_000,
    "too-many-members": b"[" + b"1," * 10_000 + b"1]",
}
"""What parsers take, each in its own way; I-JSON (RFC 7493) forbids it."""
_OTHERS: Final = {
    "array": b"[]",
    "text": b'"text"',
    "number": b"1",
    "null": b"null",
    "true": b"true",
    "long-number": b'{"no_such_member": ' + b"9" * 5_000 + b"}",
    "odd-names": b'{"__proto__": {}, "constructor": {}, "__class__": {}}',
}
_EACH: Final = {**MALFORMED, **AMBIGUOUS}


def planned(system: System) -> Iterator[PlannedCase]:
    """Yield the cases of each operation whose body is read without any object."""
    flat = [each for each in system.operations if has_body(each) and "{" not in each.path]
    for index, operation in enumerate(flat):
        names = list(_EACH)
        chosen = [names[(index * 3 + offset) % len(names)] for offset in range(3)]
        yield _some(operation, chosen)
        yield _not_an_object(operation)
    if flat:
        best = min(flat, key=lambda each: (each.kind is not Kind.CREATE, each.name))
        for name in _EACH:
            yield _one(best, name)


def _some(operation: Operation, names: list[str]) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        trial = _controlled(stage, operation)
        for name in names:
            _hold(stage, operation, trial, name)
        return trial.judgement()

    rule = f"A body that is no unambiguous JSON is refused ({', '.join(names)})."
    return about(NAME, operation).case("malformed", rule, run, reference="RFC 7493", cost=4)


def _one(operation: Operation, name: str) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        trial = _controlled(stage, operation)
        _hold(stage, operation, trial, name)
        return trial.judgement()

    rule = f"A body that is no unambiguous JSON is refused ({name})."
    return about(NAME, operation).case(f"json-{name}", rule, run, reference="RFC 7493", cost=2)


def _controlled(stage: Stage, operation: Operation) -> Trial:
    """Return a trial whose control is well-formed JSON that is wrong in another way."""
    trial = Trial(str(_wanted(stage.system, "unclosed")))
    answer = _send(stage, operation, b'{"no_such_member": 1}')
    works = answer.status in {400, 422} and answer.json != {}
    trial.control("well-formed JSON with an unknown member", answer, works=works)
    return trial


def _hold(stage: Stage, operation: Operation, trial: Trial, name: str) -> None:
    answer = _send(stage, operation, _EACH[name])
    trial.expect(name, answer, _wanted(stage.system, name))


def _wanted(system: System, name: str) -> Expectation:
    tolerated = (422,) if name in MALFORMED else (422, 413)
    return expectation(system, 400, "malformed-json", tolerated=tolerated)


def _send(stage: Stage, operation: Operation, body: bytes) -> Answer:
    person = somebody(stage, operation)
    return stage.send(person, operation.method, operation.path, headers=JSON, body=body)


def _not_an_object(operation: Operation) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        wanted = expectation(stage.system, 422, "validation-error", tolerated=(400,))
        trial = _controlled(stage, operation)
        trial.expected = str(wanted)
        for name, body in _OTHERS.items():
            trial.expect(name, _send(stage, operation, body), wanted)
        return trial.judgement()

    rule = "A body that is JSON but no object of known members is refused."
    return about(NAME, operation).case("no-object", rule, run, cost=len(_OTHERS) + 1)

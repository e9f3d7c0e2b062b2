"""Paths that no operation has: unknown, misspelt, malformed, too long."""

from collections.abc import Callable, Iterator
from typing import Final

from tospec.model import Operation, System
from tospec.verify.base import Judgement, PlannedCase, Stage
from tospec.verify.cases.protocol.common import NAME
from tospec.verify.probes.judging import Expectation, Trial, expectation
from tospec.verify.probes.routes import is_protected, random_id, somebody
from tospec.verify.probes.topics import Run, Topic, about

_REFUSED: Final = Expectation(statuses=(400, 401, 403, 404, 405, 414, 301, 307, 308))
_VARIANTS: Final[dict[str, Callable[[str], str]]] = {
    "upper-case": lambda path: path.upper(),
    "two-slashes": lambda path: f"/{path}",
    "parameter": lambda path: f"{path};x=1",
    "suffix": lambda path: f"{path}.json",
    "encoded-slash": lambda path: f"{path}%2f",
    "encoded-newline": lambda path: f"{path}%0a",
    "encoded-nul": lambda path: f"{path}%00",
    "not-utf-8": lambda path: f"{path}%ff",
    "dots": lambda path: f"{path}/..%2f{path.rpartition('/')[2]}",
    "escaped-letter": lambda path: f"{path[:-1]}%{ord(path[-1]):02x}",
}
_LONG: Final = 9_000
_HEADER_BYTES: Final = 40_000
_HEADER_COUNT: Final = 130


def planned(system: System) -> Iterator[PlannedCase]:
    """Yield the cases, most of them on a simple operation that wants a sign-in."""
    topic = Topic(kind=NAME, label="paths", element="system paths")
    yield topic.case("unknown", "A path that no operation has is not found.", _unknown, cost=2)
    simple = _simple(system)
    if simple is not None:
        for name in _VARIANTS:
            yield _misspelt(simple, name)
        yield from _large(simple)


def _simple(system: System) -> Operation | None:
    candidates = (
        each
        for each in system.operations
        if each.method == "GET" and "{" not in each.path and is_protected(system, each)
    )
    return min(candidates, key=lambda each: (each.permission is not None, each.name), default=None)


def _unknown(stage: Stage) -> Judgement:
    wanted = expectation(stage.system, 404, "not-found", tolerated=(401, 403))
    trial = Trial(str(wanted))
    simple = _simple(stage.system)
    if simple is not None:
        person = somebody(stage, simple)
        known = stage.send(person, simple.method, simple.path)
        trial.control(f"{simple.method} {simple.path}", known, works=known.status == 200)
    for method in ("GET", "POST"):
        path = f"/{random_id(stage.random)}"
        trial.expect(f"{method} of an unknown path", stage.send(None, method, path), wanted)
    return trial.judgement()


def _misspelt(operation: Operation, name: str) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        path = _VARIANTS[name](operation.path)
        trial = Trial("refused, with or without the sign-in that the right path wants")
        right = stage.send(somebody(stage, operation), operation.method, operation.path)
        trial.control(f"{operation.method} {operation.path}", right, works=right.status == 200)
        trial.expect(path, stage.send(None, operation.method, path), _REFUSED)
        return trial.judgement()

    rule = f"No other spelling of a path leads around its sign-in ({name})."
    return about(NAME, operation).case(
        f"path-{name}", rule, run, reference="OWASP ASVS 8.3", cost=2
    )


def _large(operation: Operation) -> Iterator[PlannedCase]:
    topic = about(NAME, operation)
    rule = "A request target beyond the limit is refused."
    yield topic.case("long-target", rule, _long_target(operation), reference="RFC 9110 §15.5.15")
    rule = "Headers beyond the limit are refused."
    yield topic.case("large-headers", rule, _large_headers(operation), reference="RFC 6585 §5")


def _long_target(operation: Operation) -> Run:
    def run(stage: Stage) -> Judgement:
        wanted = expectation(stage.system, 414, tolerated=(400, 401, 404, 422, 431))
        trial = Trial(str(wanted))
        person = somebody(stage, operation)
        right = stage.send(person, "GET", operation.path)
        trial.control(f"GET {operation.path}", right, works=right.status == 200)
        for name, path in (
            ("path", f"{operation.path}/{'a' * _LONG}"),
            ("query", f"{operation.path}?a={'a' * _LONG}"),
        ):
            trial.expect(f"a {name} of {_LONG} bytes", stage.send(person, "GET", path), wanted)
            _next(stage, operation, trial)
        return trial.judgement()

    return run


def _large_headers(operation: Operation) -> Run:
    def run(stage: Stage) -> Judgement:
        wanted = expectation(stage.system, 431, tolerated=(400, 413, 200))
        trial = Trial(str(wanted))
        person = somebody(stage, operation)
        right = stage.send(person, "GET", operation.path)
        trial.control(f"GET {operation.path}", right, works=right.status == 200)
        large = [("X-Large", "a" * _HEADER_BYTES)]
        many = [(f"X-Many-{number}", "a") for number in range(_HEADER_COUNT)]
        for name, headers in (("large", large), ("many", many)):
            answer = stage.send(person, "GET", operation.path, headers=headers)
            trial.expect(f"{name} headers", answer, wanted)
            _next(stage, operation, trial)
        return trial.judgement()

    return run


def _next(stage: Stage, operation: Operation, trial: Trial) -> None:
    """Note whether the next requests, on the same connection, get answers of their own."""
    person = somebody(stage, operation)
    # The last one ends the connection, so that an answer too many does not reach other cases.
    for headers in ({}, {}, {}, {"Connection": "close"}):
        answer = stage.send(person, "GET", operation.path, headers=headers)
        trial.expect("the next request", answer, Expectation(statuses=(200,)))

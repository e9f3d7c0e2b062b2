"""Queries: parameters that are unknown, repeated, or not of their form."""

from collections.abc import Iterator
from typing import Final

from tospec.model import Kind, Operation, System
from tospec.verify.base import Judgement, PlannedCase, Stage
from tospec.verify.cases.protocol.common import NAME
from tospec.verify.probes.judging import CONTRACT, Expectation, Trial, expectation
from tospec.verify.probes.routes import somebody
from tospec.verify.probes.topics import about
from tospec.verify.scene.accounts import LISTS

_ILL: Final = {
    "limit-zero": "limit=0",
    "limit-negative": "limit=-1",
    "limit-too-large": "limit=201",
    "limit-exponent": "limit=1e1",
    "limit-underscore": "limit=1_0",
    "limit-other-digits": "limit=%D9%A3",
    "limit-empty": "limit=",
    "limit-text": "limit=ten",
    "limit-huge": "limit=" + "9" * 400,
    "limit-repeated": "limit=10&limit=11",
    "sort-unknown": "sort=no_such_field",
    "sort-sql": "sort=id;%20DROP%20TABLE%20users",
    "sort-expression": "sort=(select%201)",
    "cursor-invented": "cursor=AAAA",
    "cursor-empty": "cursor=",
}
_MALFORMED: Final = {
    "not-utf-8": "limit=%ff",
    "nul": "limit=%00",
    "name-not-utf-8": "%ff=1",
    "unknown": "no_such_parameter=1",
    "unknown-brackets": "limit[]=1",
    "too-many": "&".join(f"p{number}=1" for number in range(1_100)),
}
_RULES: Final = "A query parameter that is unknown, repeated or not of its form is refused"


def planned(system: System) -> Iterator[PlannedCase]:
    """Yield the cases of each operation that reads at a path without parameters."""
    for operation in system.operations:
        if operation.method != "GET" or "{" in operation.path:
            continue
        yield _unknown(operation)
        if _is_list(system, operation):
            yield _ill(operation)
            yield _malformed(operation)


def _is_list(system: System, operation: Operation) -> bool:
    lists = operation.kind in {Kind.LIST, Kind.DELETED} or operation.name in LISTS
    return lists and system.has(CONTRACT)


def _unknown(operation: Operation) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        wanted = _invalid(stage.system) if stage.system.has(CONTRACT) else _UNBROKEN
        trial = _controlled(stage, operation, wanted)
        _ask(stage, operation, trial, "no_such_parameter=1", wanted)
        _ask(stage, operation, trial, "%00=%ff", wanted)
        return trial.judgement()

    return about(NAME, operation).case("query-unknown", f"{_RULES}.", run, cost=3)


_UNBROKEN: Final = Expectation(statuses=(200, 400, 404, 422))


def _ill(operation: Operation) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        wanted = _invalid(stage.system)
        trial = _controlled(stage, operation, wanted)
        right = stage.send(somebody(stage, operation), "GET", f"{operation.path}?limit=200")
        trial.control("?limit=200", right, works=right.status == 200)
        for query in _ILL.values():
            _ask(stage, operation, trial, query, wanted)
        return trial.judgement()

    rule = f"{_RULES} (paging and sorting)."
    return about(NAME, operation).case("query-paging", rule, run, cost=len(_ILL) + 2)


def _malformed(operation: Operation) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        wanted = Expectation(statuses=(400, 414, 422))
        trial = _controlled(stage, operation, wanted)
        for query in _MALFORMED.values():
            _ask(stage, operation, trial, query, wanted)
        return trial.judgement()

    rule = "A query that is no text is refused, and breaks nothing."
    return about(NAME, operation).case("query-malformed", rule, run, cost=len(_MALFORMED) + 1)


def _invalid(system: System) -> Expectation:
    return expectation(system, 422, tolerated=(400,))


def _controlled(stage: Stage, operation: Operation, wanted: Expectation) -> Trial:
    trial = Trial(str(wanted))
    answer = stage.send(somebody(stage, operation), "GET", operation.path)
    trial.control(f"GET {operation.path}", answer, works=answer.status == 200)
    return trial


def _ask(stage: Stage, operation: Operation, trial: Trial, query: str, wanted: Expectation) -> None:
    answer = stage.send(somebody(stage, operation), "GET", f"{operation.path}?{query}")
    trial.expect(f"?{query[:60]}", answer, wanted)

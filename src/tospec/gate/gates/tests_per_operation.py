"""Each operation has tests of each kind, which look into what was answered.

What counts is what the tests were seen to do: requests that they made and answers that they got.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tospec.evidence import Outcome, Violation
from tospec.gate.api_document import PLACE, ApiOperation, asked, operations_of
from tospec.gate.assertions import tests_of, without_assertion
from tospec.gate.base import Canary, CannotRunError, Findings, Turn
from tospec.gate.permissions import Permissions, permissions_of
from tospec.gate.recorded import Ran
from tospec.gate.static import Rule, TreeGate
from tospec.gate.suite import suite_of
from tospec.gate.tree import TreeUnderTest
from tospec.gate.versions import version_of

_LEAST: Final = 2
_TOO_FEW: Final = Rule("too-few-tests", "Write tests that call it and assert on the answer.")
_MISSING: Final = Rule("kind-not-tested", "Write a test that is answered so, and asserts on it.")
_UNREAD: Final = Rule("body-not-read", "Assert on the body of the answer too.")
_SUCCESS: Final = frozenset(range(200, 300))
_BODILESS: Final = frozenset({204, 304})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    name: str
    statuses: frozenset[int]


_KINDS: Final = (
    _Kind(name="success", statuses=_SUCCESS),
    _Kind(name="validation", statuses=frozenset({400, 422})),
    _Kind(name="authentication", statuses=frozenset({401})),
    _Kind(name="authorization", statuses=frozenset({403, 404})),
    _Kind(name="conflict", statuses=frozenset({409, 412, 428})),
)


@dataclass(slots=True)
class _Seen:
    """What passing tests saw of one operation."""

    tests: int = 0
    statuses: set[int] = field(default_factory=set)
    read: set[int] = field(default_factory=set)


def _judge(tree: TreeUnderTest) -> Findings:
    operations = operations_of(tree)
    suite = suite_of(tree)
    if suite.fault:
        message = f"The tests say nothing: {suite.fault}."
        raise CannotRunError(message, "Mend what the gate tests reports.")
    silent = {each.id for each in without_assertion(tree, tests_of(tree))}
    speaking = [
        ran for ran in suite.records.tests
        if ran.outcome is Outcome.PASSED and ran.function not in silent
    ]  # fmt: skip
    seen = _seen(operations, speaking)
    permissions = permissions_of(tree)
    found = [v for each in operations for v in _violations(each, seen[each.id], permissions)]
    return Findings(
        candidates=len(operations),
        checked=len(operations),
        violations=tuple(found),
        versions=version_of(tree, "pytest"),
    )


def _seen(operations: tuple[ApiOperation, ...], tests: Iterable[Ran]) -> dict[str, _Seen]:
    seen = {each.id: _Seen() for each in operations}
    for ran in tests:
        called: set[str] = set()
        for exchange in ran.exchanges:
            operation = asked(operations, exchange)
            if operation is None:
                continue
            called.add(operation.id)
            seen[operation.id].statuses.add(exchange.status)
            if exchange.read:
                seen[operation.id].read.add(exchange.status)
        for each in called:
            seen[each].tests += 1
    return seen


def _violations(
    operation: ApiOperation, seen: _Seen, permissions: Permissions
) -> Iterator[Violation]:
    if seen.tests < _LEAST:
        yield _TOO_FEW.at(
            PLACE, f"{operation.name} is called by {seen.tests} tests; it needs {_LEAST}."
        )
    for kind in _applicable(operation, permissions):
        expected = kind.statuses & operation.statuses
        got = expected & seen.statuses
        if not got:
            statuses = " or ".join(map(str, sorted(expected)))
            yield _MISSING.at(PLACE, f"{operation.name} has no test of {kind.name} ({statuses}).")
        elif not got & (_BODILESS | seen.read):
            message = f"No test of {kind.name} of {operation.name} looks into the body."
            yield _UNREAD.at(PLACE, message)


def _applicable(operation: ApiOperation, permissions: Permissions) -> Iterator[_Kind]:
    """Yield the kinds of answers that the operation can give beside what every one can."""
    refuses = permissions.refuses_somebody(operation.id)
    applies = {
        "success": True,
        "validation": operation.has_body or operation.has_query,
        "authentication": operation.secured,
        "authorization": operation.secured and refuses is not False,
        "conflict": True,
    }
    for kind in _KINDS:
        if applies[kind.name] and kind.statuses & operation.statuses:
            yield kind


def _without_conflicts() -> Canary:
    """Return a canary that takes every test of preconditions and conflicts away."""

    def plant(root: Path) -> None:
        if not (root / "tests").is_dir():
            message = "there is no folder tests"
            raise LookupError(message)
        for path in sorted((root / "tests").rglob("test_*.py")):
            text = path.read_text(encoding="utf-8")
            if any(status in text for status in ("409", "412", "428")):
                path.unlink()

    return Canary(name="no-conflicts", plant=plant)


GATE: Final = TreeGate(
    name="tests-per-operation",
    title="each operation has tests of each kind, which look into the answers",
    looked_for="operations",
    judge=_judge,
    paths=lambda tree: tree.paths,
    executed=True,
    turn=Turn.LAST,
    plants=(_without_conflicts(),),
)

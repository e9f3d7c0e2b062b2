"""The tree's own tests pass, all of them, and nobody took any away."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from tospec.evidence import Outcome, TestResult, TestRun, Violation
from tospec.gate.api_document import named_operations
from tospec.gate.assertions import TestFunction, is_test_file, tests_of, without_assertion
from tospec.gate.base import Canary, Findings, Needs, Turn
from tospec.gate.planting import code_at, edit, edit_tests, removed_test
from tospec.gate.recorded import Ran
from tospec.gate.static import Rule
from tospec.gate.suite import POSTGRESQL, SQLITE, SuiteRun, suite_of
from tospec.gate.tree import TreeUnderTest
from tospec.gate.versions import version_of

_FAILING: Final = Rule("failing-test", "Run it with pytest and mend what it finds.")
_SKIPPED: Final = Rule("skipped-test", "Let it run, or write down why it cannot run here.")
_DELETED: Final = Rule("deleted-test-file", "Restore it, or build again.")
_NARROWED: Final = Rule("narrowed-run", "Remove the option: every test has to run.")
_REMOVED: Final = Rule("removed-test", "Remove what takes it out of the collection.")
_UNCOLLECTED: Final = Rule("uncollected-test", "Let pytest find it: see its configuration.")
_LOST: Final = Rule("lost-test", "Run it alone: its process may have ended half way.")
_ASSERTS_NOTHING: Final = Rule("asserts-nothing", "Assert what must be true after it acted.")
_PROVING_NOTHING: Final = ("unconditional skip", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class TestsGate:
    """The gate of the tests on one kind of database."""

    name: str
    title: str
    database: str
    plants: tuple[Canary, ...]
    looked_for: str = "tests"
    needs: Needs = Needs.ANY
    executed: bool = True
    turn: Turn = Turn.FIRST

    def applies(self, tree: TreeUnderTest) -> str:
        """Return why the tests do not run on this database."""
        if self.database == POSTGRESQL and not tree.built:
            return "how foreign tests are told their database is not known"
        if self.database == POSTGRESQL and tree.database_url is None:
            return "there is no --database-url"
        return ""

    def inputs(self, tree: TreeUnderTest) -> Iterable[str]:
        """Return all files: a test may read any of them."""
        return tree.paths

    def run(self, tree: TreeUnderTest) -> Findings:
        """Run the tests, and hold what ran against what is written down."""
        functions = tests_of(tree)
        suite = suite_of(tree, self.database)
        ran = suite.records.tests
        return Findings(
            candidates=max(len(suite.records.collected), len(ran)),
            checked=len(ran),
            violations=tuple(_violations(tree, suite, functions)),
            versions=version_of(tree, "pytest"),
            reason=suite.fault or ("" if ran else "no test ran, which proves nothing"),
            note=_note(ran),
            records={_record_name(self.database): test_run(tree, suite)},
        )

    def canaries(self) -> tuple[Canary, ...]:
        """Return its canaries."""
        return self.plants


def test_run(tree: TreeUnderTest, suite: SuiteRun) -> TestRun:
    """Return a run of the tests as a record, with the operations that tests name or call."""
    named = named_operations(tree, suite.records.tests)
    return TestRun(
        tree=tree.fingerprint(tree.paths),
        database=suite.database,
        seconds=suite.seconds,
        tests=tuple(_result(ran, named(ran)) for ran in suite.records.tests),
    )


def _result(ran: Ran, operations: tuple[str, ...]) -> TestResult:
    return TestResult(
        id=ran.id,
        outcome=ran.outcome,
        seconds=ran.seconds,
        requirements=ran.requirements,
        operations=operations,
        detail=ran.detail,
    )


def _record_name(database: str) -> str:
    return "tests" if database == SQLITE else f"tests-{database}"


def _violations(
    tree: TreeUnderTest, suite: SuiteRun, functions: tuple[TestFunction, ...]
) -> Iterator[Violation]:
    yield from _deleted(tree)
    for option, value in suite.records.narrowed.items():
        yield _NARROWED.at("", f"pytest ran with {option} = {value}.")
    for ran in suite.records.tests:
        yield from _of(tree, ran)
    for place in suite.records.uncollected:
        message = f"{place.id} was not collected: {place.detail or place.outcome}."
        if place.outcome is Outcome.FAILED or not _is_told(place.detail):
            yield _UNCOLLECTED.at(place.id.partition("::")[0], message)
    yield from _missing(tree, suite, functions)
    for each in without_assertion(tree, functions):
        yield _ASSERTS_NOTHING.broken(each.module, each.node, f"{each.node.name} asserts nothing.")


def _deleted(tree: TreeUnderTest) -> Iterator[Violation]:
    for path in tree.manifest.files if tree.manifest else ():
        if is_test_file(path) and tree.content(path) is None:
            yield _DELETED.at(path, "The file of tests was built, and it is gone.")


def _of(tree: TreeUnderTest, ran: Ran) -> Iterator[Violation]:
    if ran.outcome is Outcome.FAILED:
        yield _FAILING.at(ran.path, f"{ran.id}: {ran.detail or 'it failed'}")
    elif ran.outcome is Outcome.SKIPPED:
        why = _wrongly_skipped(tree, ran)
        if why:
            yield _SKIPPED.at(ran.path, f"{ran.id} is skipped {why}.")


def _wrongly_skipped(tree: TreeUnderTest, ran: Ran) -> str:
    """Return what is wrong with the way a test is skipped; empty if nothing is."""
    if not _is_told(ran.detail):
        return "without a reason"
    listed = tree.manifest.files.get(ran.path) if tree.manifest else None
    if listed is not None and tree.digest(ran.path) != listed.sha256:
        return f"in a built file that was edited ({ran.detail})"
    if ran.unconditional and tree.built:
        return f"whatever the conditions ({ran.detail})"
    return ""


def _is_told(reason: str) -> bool:
    return reason.removeprefix("expected:").strip() not in _PROVING_NOTHING


def _missing(
    tree: TreeUnderTest, suite: SuiteRun, functions: tuple[TestFunction, ...]
) -> Iterator[Violation]:
    """Yield the tests that are written down, and did not run."""
    records = suite.records
    for name in sorted(records.removed):
        yield _REMOVED.at(name.partition("::")[0], f"{name} was found, and taken out again.")
    if suite.fault:
        # The reason says why pytest did not come so far.
        return
    known = {ran.id for ran in records.tests}
    for name in sorted(records.collected - records.removed - known):
        yield _LOST.at(name.partition("::")[0], f"{name} has no outcome.")
    told = {place.id.partition("::")[0] for place in records.uncollected}
    left = _unlisted(tree, {name.partition("[")[0] for name in records.collected}, functions)
    for each in left:
        if each.module.path not in told:
            yield _UNCOLLECTED.broken(
                each.module, each.node, f"{each.node.name} is written, and pytest did not find it."
            )


def _unlisted(
    tree: TreeUnderTest, found: set[str], functions: tuple[TestFunction, ...]
) -> list[TestFunction]:
    """Return the tests that were not found.

    In a foreign tree, whose configuration may name tests in its own way, one of each file does.
    """
    if tree.built:
        return [each for each in functions if each.id not in found]
    paths = {name.partition("::")[0] for name in found}
    first = {each.module.path: each for each in reversed(functions)}
    return [each for path, each in sorted(first.items()) if path not in paths]


def _note(ran: Iterable[Ran]) -> str:
    reasons = sorted({each.detail for each in ran if each.outcome is Outcome.SKIPPED})
    count = sum(each.outcome is Outcome.SKIPPED for each in ran)
    return f"{count} skipped: {'; '.join(reasons)}" if count else ""


_PLANTED: Final = '"""Planted."""\n\n\ndef test_planted() -> None:\n    {}\n'


def _plant(name: str, line: str) -> Canary:
    return code_at(name, "tests/test_planted_by_canary.py", _PLANTED.format(line))


def _narrowed(text: str) -> str:
    return text.replace("addopts = [", 'addopts = ["-k", "not create", ', 1)


_CONFTEST: Final = (
    "\n\ndef pytest_collection_modifyitems(items: list) -> None:\n    del items[1::2]\n"
)


def _append(text: str) -> Callable[[str], str]:
    return lambda before: before + text


GATE: Final = TestsGate(
    name="tests",
    title="the tree's own tests pass, all of them",
    database=SQLITE,
    plants=(
        _plant("failing", "assert 1 + 1 == 3"),
        edit("narrowed", "pyproject.toml", _narrowed),
        edit("removed", "tests/conftest.py", _append(_CONFTEST)),
        edit_tests("skipped", '\npytestmark = pytest.mark.skip(reason="flaky")\n'),
        removed_test("deleted"),
        _plant("asserting-nothing", "len([])"),
    ),
)
ON_POSTGRESQL: Final = TestsGate(
    name="tests-on-postgresql",
    title="the tree's own tests pass on PostgreSQL too",
    database=POSTGRESQL,
    needs=Needs.BUILT,
    plants=(_plant("failing", "assert 1 + 1 == 3"),),
)

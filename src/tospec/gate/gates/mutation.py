"""The tests notice what they are there for: each planted fault makes one of them fail."""

import ast
import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tospec.evidence import Outcome, Violation
from tospec.gate import tools
from tospec.gate.base import CannotRunError, Findings, Turn
from tospec.gate.modules import Kind
from tospec.gate.mutants import Mutant, mutants_of
from tospec.gate.planting import edit
from tospec.gate.static import Rule, TreeGate
from tospec.gate.suite import INSIDE, packages, suite_of, undisturbed, variables
from tospec.gate.tree import TreeUnderTest
from tospec.gate.versions import version_of

_SURVIVED: Final = Rule("survivor", "Write a test that fails with this fault.")
_INVALID: Final = Rule("unusable-fault", "Run the tests of this file by hand and mend them.")
_PROGRAM: Final = INSIDE / "tospec_mutants.py"
_EACH: Final = 120.0
_FAILED: Final = 1
_PASSED: Final = 0
_LOADED: Final = (Kind.APPLICATION, Kind.TEST, Kind.MIGRATION)
# So many survivors are asked again with all tests; more say enough.
_ASKED_AGAIN: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What became of a mutant.

    Attributes:
        code: Exit code of pytest, or of the process if it did not come so far.
        failed: The test that noticed it.
        passed: How many tests passed before.
    """

    mutant: Mutant
    code: int
    failed: str
    passed: int

    @property
    def noticed(self) -> bool:
        """Whether a test failed."""
        return self.code == _FAILED and bool(self.failed)

    @property
    def survived(self) -> bool:
        """Whether all tests passed."""
        return self.code == _PASSED


def _judge(tree: TreeUnderTest) -> Findings:
    versions = version_of(tree, "pytest")
    mutants, missing = mutants_of(tree)
    if missing:
        message = f"The code has no place for {', '.join(missing)}: it was changed too much."
        raise CannotRunError(message, "Build again, or keep the structure of what was built.")
    tried = try_mutants(tree, mutants)
    survivors = [each for each in tried if each.survived]
    if 0 < len(survivors) <= _ASKED_AGAIN:
        again = try_mutants(tree, [each.mutant for each in survivors], everywhere=True)
        tried = [*(each for each in tried if not each.survived), *again]
    return Findings(
        candidates=len(mutants),
        checked=sum(each.noticed or each.survived for each in tried),
        violations=tuple(_violations(tried)),
        versions=versions,
        reason=_uncontrolled(tree, tried),
        note=f"{sum(each.noticed for each in tried)} planted faults noticed",
    )


def _violations(tried: Sequence[Tried]) -> Iterator[Violation]:
    for each in tried:
        mutant = each.mutant
        if each.survived:
            message = f"{mutant.name}: {mutant.message}, and {each.passed} tests pass."
            yield _SURVIVED.at(mutant.path, message, mutant.line)
        elif not each.noticed:
            message = f"{mutant.name}: the tests did not run with it (exit code {each.code})."
            yield _INVALID.at(mutant.path, message, mutant.line)


def _uncontrolled(tree: TreeUnderTest, tried: Sequence[Tried]) -> str:
    """Return why the failures prove nothing: the same tests must pass without the faults."""
    suite = suite_of(tree)
    passing = {ran.id for ran in suite.records.tests if ran.outcome is Outcome.PASSED}
    wrong = sorted({each.failed for each in tried if each.noticed} - passing)
    if wrong:
        return f"without a planted fault {wrong[0]} does not pass either"
    return ""


def try_mutants(
    tree: TreeUnderTest, mutants: Sequence[Mutant], *, everywhere: bool = False
) -> list[Tried]:
    """Run the tests that should notice each mutant, or all of them, until one fails."""
    with tempfile.TemporaryDirectory(prefix="tospec-mutants-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        copy = tree.copy_to(folder / tree.root.name)
        jobs = [
            {
                "name": mutant.name,
                "path": mutant.path,
                "text": mutant.text,
                "tests": [] if everywhere else list(mutant.tests),
                "answer": str(folder / f"answer-{number}.json"),
            }
            for number, mutant in enumerate(mutants)
        ]
        timeout = 6 * _EACH if everywhere else _EACH
        document = {
            "imports": _imports(tree),
            "application": [f"{package}.main" for package in packages(tree)],
            "timeout": timeout,
            "answer": str(folder / "answers.json"),
            "jobs": jobs,
        }
        (folder / "jobs.json").write_text(json.dumps(document), encoding="utf-8")
        done = tools.run(
            undisturbed((tree.python, _PROGRAM, folder / "jobs.json"), "TEST_DATABASE_URL"),
            cwd=copy,
            timeout=2 * timeout * (len(mutants) + 1),
            env=variables(folder),
        )
    return _read(done, mutants)


def _imports(tree: TreeUnderTest) -> list[str]:
    """Return the foreign modules that the tree, its tests and its migrations import."""
    modules = [m for kind in _LOADED for m in tree.of_kind(kind)]
    own = {module.path.partition("/")[0] for module in modules}
    foreign = set(tree.environment.modules) - own
    names = {name for module in modules for node in module.nodes for name in _named(node)}
    return sorted(name for name in names if name.partition(".")[0] in foreign)


def _named(node: ast.AST) -> list[str]:
    if isinstance(node, ast.ImportFrom):
        return [node.module] if node.module and not node.level else []
    return [each.name for each in node.names] if isinstance(node, ast.Import) else []


def _read(done: tools.Completed, mutants: Sequence[Mutant]) -> list[Tried]:
    try:
        answers: list[dict[str, Any]] = json.loads(done.output)
        return [
            Tried(
                mutant=mutant,
                code=int(answer["code"]),
                failed=str(answer["failed"]),
                passed=int(answer["passed"]),
            )
            for mutant, answer in zip(mutants, answers, strict=True)
        ]
    except (ValueError, KeyError, TypeError) as fault:
        said = done.fault or done.last_line or "they say nothing"
        message = f"The tests cannot be run with planted faults: {said}."
        raise CannotRunError(message, "Try `python -m pytest` by hand.") from fault


_TOOTHLESS: Final = """

@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport():
    report = yield
    report.outcome = "passed"
    return report
"""


GATE: Final = TreeGate(
    name="mutation",
    title="the tests notice planted faults",
    looked_for="faults that can be planted",
    judge=_judge,
    paths=lambda tree: tree.paths,
    plants=(edit("toothless", "tests/conftest.py", lambda text: text + _TOOTHLESS),),
    executed=True,
    turn=Turn.FIRST,
)

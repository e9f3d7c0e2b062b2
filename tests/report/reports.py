"""Reports for tests: TaskHub's spec with planted requirements and evidence."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Final

from tests.ci.composite import ROOT
from tospec import pipeline
from tospec.evidence import (
    Case,
    Coverage,
    GateResult,
    Outcome,
    Replay,
    TestResult,
    TestRun,
    ToolVersion,
    Verification,
    Violation,
)
from tospec.model.system import Block, RequirementText, System
from tospec.report.report import Report, report_of
from tospec.report.trace import Executed, SourceFile
from tospec.source import Span

HERE: Final = Span("spec.md", 1, 1)
TREE: Final = "tree-of-now"
LATE: Final = "tree-of-yesterday"


@cache
def taskhub() -> System:
    """Return TaskHub."""
    system = pipeline.read(str(ROOT / "examples" / "taskhub")).system
    assert system is not None
    return system


def planted(*ids: str, serving: Sequence[str] | None = None) -> System:
    """Return a system of requirements only; each, or each of `serving`, has a block `entity`."""
    blocks = [
        Block(kind="entity", name=f"E{each}", requirements=(each,), span=HERE)
        for each in (ids if serving is None else serving)
    ]
    return replace(
        taskhub(),
        requirements=tuple(
            RequirementText(id=each, title=f"Title of {each}", prose="Why.", span=HERE)
            for each in ids
        ),
        blocks=tuple(blocks),
        entities=(),
        operations=(),
        views=(),
        errors=(),
        events=(),
    )


def file_of(*origins: str, path: str = "app/a.py") -> SourceFile:
    """Return a file that comes from these items."""
    return SourceFile(path=path, origins=origins, symbols=("One", "two"))


def ran(*tests: tuple[str, Outcome], tree: str = TREE) -> TestRun:
    """Return a run of tests, each of one requirement."""
    results = tuple(
        TestResult(id=f"tests/test_a.py::test_{at}", outcome=o, seconds=0.1, requirements=(r,))
        for at, (r, o) in enumerate(tests)
    )
    return TestRun(tree=tree, database="sqlite", seconds=1.0, tests=results)


def put(*cases: tuple[str, Outcome], tree: str = TREE) -> Verification:
    """Return a verification with cases, each of one requirement."""
    made = tuple(
        Case(
            id=f"role-matrix/{at}",
            kind="role-matrix",
            element="operation StartTask",
            rule="Nobody else may",
            outcome=o,
            requirements=(r,),
            expected="403",
            got="200",
            control="role-matrix/own",
            reference="spec.md:1",
            replay=Replay(lines=("curl http://127.0.0.1:8000/v1",)),
            detail="It did not.",
        )
        for at, (r, o) in enumerate(cases)
    )
    return Verification(
        spec="s",
        system="TaskHub",
        target="http://127.0.0.1:8000",
        seed=1,
        complete=True,
        requests=3,
        seconds=2.0,
        outcome=Outcome.FAILED,
        cases=made,
        coverage=(
            Coverage(
                element="operation StartTask",
                kind="role-matrix",
                passed=1,
                failed=0,
                inconclusive=0,
                skipped=0,
            ),
        ),
        uncovered=("field Task.title: nobody may write it",),
        reason="It failed.",
        tree=tree,
        leftovers=("task 1",),
    )


def gated(outcome: Outcome = Outcome.FAILED) -> GateResult:
    """Return what a gate saw."""
    violation = Violation(rule="stub", message="A stub.", fix="Write it.", path="app/a.py", line=3)
    return GateResult(
        gate="no-stubs",
        title="no function only pretends",
        outcome=outcome,
        looked_for="functions",
        candidates=3,
        checked=3,
        tree="x",
        seconds=0.5,
        command="tospec gate . --only no-stubs",
        reason="One is a stub.",
        violations=(violation,),
        versions=(ToolVersion(name="python", version="3.13"),),
    )


def reported(system: System, executed: Executed, *files: SourceFile) -> Report:
    """Return a report."""
    return report_of(
        system, tool="1", spec="hash", files=files, executed=executed, gates=(gated(),)
    )

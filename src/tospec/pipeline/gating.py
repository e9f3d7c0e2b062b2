"""Quality gates on a tree: which, how, and what came of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tospec import __version__
from tospec.diagnostics import nearest
from tospec.errors import UsageError
from tospec.evidence import GateResult, Outcome
from tospec.gate.base import Gate
from tospec.gate.canary import try_canaries
from tospec.gate.gates import GATES
from tospec.gate.run import RunOptions, evidence_folder, run_gates
from tospec.gate.tree import TreeUnderTest
from tospec.report import gates as gates_report
from tospec.report import junit, sarif


@dataclass(frozen=True, slots=True, kw_only=True)
class GateRequest:
    """What to judge, and how.

    Attributes:
        folder: A backend's folder.
        only: The gates to run; all of them when empty.
        skipped: The reason of each gate to skip.
        python: The interpreter of the tree; its own `.venv` or else the running one if None.
        database_url: The PostgreSQL database that gates may use beside SQLite.
        evidence: Where evidence is kept; in the tree if tospec built it and this is None.
        reuse: Whether evidence on unchanged inputs is used again.
        jobs: How many gates run at once; 0 for two more than there are processors.
        canaries: Whether to plant, in copies, what each gate must reject.
    """

    folder: Path
    only: tuple[str, ...] = ()
    skipped: Mapping[str, str] = field(default_factory=dict)
    python: Path | None = None
    database_url: str | None = None
    evidence: Path | None = None
    reuse: bool = True
    jobs: int = 0
    canaries: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GateRun:
    """What came of some gates.

    Attributes:
        results: The gates in their order, then the canaries if they were asked for.
        verdict: `passed` if nothing failed and something passed.
    """

    results: tuple[GateResult, ...]
    verdict: Outcome

    @property
    def exit_code(self) -> int:
        """What the process answers with."""
        return 0 if self.verdict is Outcome.PASSED else 1

    def as_text(self) -> str:
        """Return it for people, on one screen."""
        return gates_report.as_text(self.results)

    def as_data(self) -> dict[str, Any]:
        """Return it for programs."""
        return gates_report.as_data(self.results)

    def as_sarif(self) -> dict[str, Any]:
        """Return it as SARIF 2.1.0."""
        return sarif.of_gates(self.results, tool_version=__version__)

    def as_junit(self) -> str:
        """Return it as JUnit's XML."""
        return junit.of_gates(self.results)


def gates() -> tuple[Gate, ...]:
    """Return all gates in the order in which they are told."""
    return GATES


def gate(
    request: GateRequest,
    *,
    progress: Callable[[str, int, int], None] = lambda what, done, total: None,
) -> GateRun:
    """Run quality gates on a tree. Whatever cannot be judged fails.

    Args:
        request: What to judge, and how.
        progress: Is told what was done last, how much is done, and how much there is.

    Raises:
        UsageError: If there is no such folder, gate or interpreter.
        TargetError: If the tree's manifest is damaged.
    """
    chosen = _chosen(request)
    wanted = evidence_folder(TreeUnderTest(request.folder), request.evidence)
    cache = wanted / "cache" if wanted and request.reuse else None
    tree = TreeUnderTest(
        request.folder, python=request.python, database_url=request.database_url, cache=cache
    )
    options = RunOptions(
        skipped=request.skipped, evidence=wanted, reuse=request.reuse, jobs=request.jobs
    )
    told = _Told(progress, len(chosen) * (2 if request.canaries else 1))
    results = list(run_gates(tree, chosen, options, told.one))
    if request.canaries:
        for each, control in zip(chosen, tuple(results), strict=True):
            if each.name not in request.skipped:
                results.append(try_canaries(tree, each, control))
                told.one(results[-1])
    return GateRun(results=tuple(results), verdict=gates_report.verdict(results))


@dataclass(slots=True)
class _Told:
    """Counts results, and tells how far the work has come."""

    progress: Callable[[str, int, int], None]
    total: int
    done: int = 0

    def one(self, result: GateResult) -> None:
        """Tell of one more result."""
        self.done += 1
        self.progress(f"{result.gate} {result.outcome}", self.done, self.total)


def _chosen(request: GateRequest) -> tuple[Gate, ...]:
    known = [each.name for each in GATES]
    for name in (*request.only, *request.skipped):
        if name not in known:
            message = f"There is no gate '{name}'."
            raise UsageError(message, nearest(name, known) or "'tospec gate --list' lists them.")
    for name in request.only:
        if name in request.skipped:
            message = f"The gate '{name}' is asked for and skipped at once."
            raise UsageError(message, "Leave out --only or --skip.")
    return tuple(each for each in GATES if not request.only or each.name in request.only)

"""Everything that a report tells, put together once for all notations."""

from collections.abc import Sequence
from dataclasses import dataclass

from tospec.diagnostics import Escalation
from tospec.evidence import GateResult, Outcome
from tospec.model.system import System
from tospec.report.implementation import (
    FieldRow,
    OperationRow,
    RuleRow,
    field_rows,
    operation_rows,
    rule_rows,
)
from tospec.report.trace import Executed, SourceFile, State, Trace, trace_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A backend, its spec and the evidence about it.

    Attributes:
        tool: Version of tospec.
        spec: Hash of the spec.
        files: The files of the tree, in order of path.
        gates: The gates' results that are there.
        stale: Why evidence that is there does not count, in words.
    """

    tool: str
    spec: str
    system: System
    files: tuple[SourceFile, ...]
    executed: Executed
    gates: tuple[GateResult, ...]
    escalations: tuple[Escalation, ...]
    trace: Trace
    operations: tuple[OperationRow, ...]
    rules: tuple[RuleRow, ...]
    fields: tuple[FieldRow, ...]
    stale: tuple[str, ...]

    @property
    def verdict(self) -> str:
        """One line that says how far the backend is."""
        total = len(self.trace.requirements)
        counts = ", ".join(f"{self.trace.count(state)} {state}" for state in State)
        return f"{self.trace.count(State.PROVEN)} of {total} requirements are proven ({counts})."


def report_of(
    system: System,
    *,
    tool: str,
    spec: str,
    files: Sequence[SourceFile],
    executed: Executed,
    gates: Sequence[GateResult] = (),
    outdated: Sequence[str] = (),
    escalations: Sequence[Escalation] = (),
) -> Report:
    """Put a report together.

    Args:
        system: The spec.
        tool: Version of tospec.
        spec: Hash of the spec.
        files: The files of the tree, in order of path.
        executed: Tests and cases that ran, and the hash of the tree as it is now.
        gates: Results of gates about this tree, in their order.
        outdated: Names of gates whose results are about another state of it.
        escalations: What the spec leaves open, and what it was advised.
    """
    return Report(
        tool=tool,
        spec=spec,
        system=system,
        files=tuple(files),
        executed=executed,
        gates=tuple(gates),
        escalations=tuple(escalations),
        trace=trace_of(system, files, executed),
        operations=operation_rows(system),
        rules=rule_rows(system),
        fields=field_rows(system),
        stale=_stale(executed, gates, outdated),
    )


def _stale(
    executed: Executed, gates: Sequence[GateResult], outdated: Sequence[str]
) -> tuple[str, ...]:
    said = []
    if executed.tests is None:
        said.append("The tests have not run here: `tospec gate` runs them.")
    elif executed.tests.tree != executed.tree:
        said.append("The tests ran on another state of the tree: run `tospec gate` again.")
    if executed.verification is None:
        said.append("No running backend was verified: `tospec verify … --evidence DIR` does it.")
    elif not executed.is_verified:
        said.append("Another state of tree or spec was verified: run `tospec verify` again.")
    if outdated:
        said.append(f"Gates ran on another state of the tree: {', '.join(outdated)}.")
    elif not gates:
        said.append("No gate has run: `tospec gate` runs them.")
    return tuple(said)


def passed(gates: Sequence[GateResult]) -> int:
    """Return how many gates passed."""
    return sum(gate.outcome is Outcome.PASSED for gate in gates)

"""Canaries: each gate is shown that it would notice what it exists for."""

import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

from tospec.evidence import GateResult, Outcome, Violation
from tospec.gate.base import Canary, Gate
from tospec.gate.run import RunOptions, run_gate
from tospec.gate.tree import TreeUnderTest

_FRESH: Final = RunOptions(reuse=False)
_FIX: Final = "Do not trust this gate's passes, and report it: it is a fault of tospec."


def try_canaries(tree: TreeUnderTest, gate: Gate, control: GateResult) -> GateResult:
    """Plant what a gate must reject, each in a copy of its own, and return whether it did.

    A canary counts only if the gate then finds something that it did not find before.

    Args:
        tree: The tree to copy.
        gate: The gate to prove.
        control: What the gate says of the tree without a plant.

    Returns:
        A result named `canary-<gate>` whose candidates are the canaries, and whose violations are
        those that the gate missed; skipped if the gate does not judge this tree.
    """
    started = time.monotonic()
    canaries = gate.canaries()
    blank = replace(
        control,
        gate=f"canary-{gate.name}",
        title=f"{gate.name} rejects what is planted for it",
        looked_for="planted violations",
        candidates=len(canaries),
        violations=(),
        command=f"{control.command} --canary",
    )
    if control.outcome is Outcome.SKIPPED:
        return replace(blank, candidates=0)
    missed = [_missed(tree, gate, canary, control) for canary in canaries]
    return _result(blank, canaries, missed, time.monotonic() - started)


def _result(
    blank: GateResult, canaries: Sequence[Canary], missed: Sequence[str], seconds: float
) -> GateResult:
    violations = tuple(
        Violation(rule="missed-canary", message=f"{canary.name}: {message}", fix=_FIX)
        for canary, message in zip(canaries, missed, strict=True)
        if message
    )
    good = bool(canaries) and not violations
    return replace(
        blank,
        outcome=Outcome.PASSED if good else Outcome.FAILED,
        reason="" if canaries else "the gate has no canary",
        checked=len(canaries),
        violations=violations,
        seconds=round(seconds, 3),
    )


def _missed(tree: TreeUnderTest, gate: Gate, canary: Canary, control: GateResult) -> str:
    """Return why a canary proves nothing; empty if the gate rejected it."""
    with _copied(tree) as copy:
        try:
            canary.plant(copy.root)
        except (OSError, LookupError, ValueError) as fault:
            return f"it could not be planted in this tree: {fault}"
        planted = run_gate(tree.at(copy.root), gate, _FRESH)
    if _said(planted) - _said(control):
        return ""
    if control.outcome is Outcome.PASSED and planted.outcome is Outcome.FAILED:
        return ""
    return f"the gate did not notice it ({planted.outcome}; {planted.reason or 'no new violation'})"


def _said(result: GateResult) -> set[tuple[str, str, str]]:
    return {(found.rule, found.path, found.message) for found in result.violations}


@contextmanager
def _copied(tree: TreeUnderTest) -> Iterator[TreeUnderTest]:
    with tempfile.TemporaryDirectory(prefix="tospec-canary-", ignore_cleanup_errors=True) as name:
        root = tree.copy_to(Path(name) / tree.root.name)
        yield tree.at(root)

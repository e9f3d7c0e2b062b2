"""The verdict on a run: passed, failed, or not known, and why."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tospec.evidence import Case, Outcome
from tospec.verify.coverage import Gap


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a run comes to. `reason` says why, where the cases alone do not."""

    outcome: Outcome
    reason: str


def verdict_of(
    cases: Sequence[Case],
    *,
    planned: int,
    ended: str,
    gaps: Sequence[Gap],
    refused: int,
    only: Sequence[str],
) -> Verdict:
    """Return the verdict.

    Args:
        cases: What came of the cases that ran to their end.
        planned: How many cases there should have been.
        ended: Why the run ended early; empty if it did not.
        gaps: Elements that were not judged; those that cannot be do not matter.
        refused: How many cases needed what this run must not send.
        only: What the run was restricted to.
    """
    doubts = "; ".join(_doubts(cases, planned, ended, gaps, refused))
    if any(case.outcome is Outcome.FAILED for case in cases):
        return Verdict(outcome=Outcome.FAILED, reason=doubts)
    if doubts:
        return Verdict(outcome=Outcome.INCONCLUSIVE, reason=doubts)
    said = f"only {', '.join(only)} was asked for" if only else ""
    return Verdict(outcome=Outcome.PASSED, reason=said)


def _doubts(
    cases: Sequence[Case], planned: int, ended: str, gaps: Sequence[Gap], refused: int
) -> Iterator[str]:
    left = planned - len(cases)
    counts = Counter(case.outcome for case in cases)
    open_gaps = sum(not gap.excused for gap in gaps)
    if left:
        yield f"{left} of {planned} cases did not run: {ended or 'the run ended'}"
    if counts[Outcome.INCONCLUSIVE]:
        yield f"{counts[Outcome.INCONCLUSIVE]} cases are inconclusive"
    if refused:
        yield f"{refused} cases needed requests that this run does not send"
    if not counts[Outcome.PASSED] and not left:
        yield "no case passed"
    if open_gaps:
        yield f"{open_gaps} elements of the spec were not judged"

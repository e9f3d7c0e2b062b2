"""Runs a case, and judges what it has left behind."""

from pathlib import Path

from tests.faults.case import Case, Outcome
from tests.faults.invariants import breaches
from tests.faults.judging import Judged
from tests.faults.site import site


def run(case: Case, size: int, folder: Path | None = None) -> tuple[Outcome, Judged]:
    """Run a case in a place of its own; return what it shows, and how that is judged.

    Args:
        case: What is done.
        size: How much of it.
        folder: Where history and logs stay; nowhere if None.

    Raises:
        AssertionError: If the fault did not come about, or shows something else.
        MissingProgramError: If something that it needs is not installed.
    """
    with site(folder, broker=case.broker, **case.database) as place:
        outcome = case.act(place, size)
        found = place.remains()
        broken = breaches(place.history, found)
        refused = sum((each.status or 0) >= 500 for each in place.history.operations)
        return outcome, Judged(place.verdict(), broken, refused)

"""TS1305."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS1305", Domain.JOBS, Blocker.UNDEFINED_BEHAVIOUR, convention="jobs-1")
def overlap_unsaid(system: System) -> Iterator[Finding]:
    """A schedule does not say what happens when the run before is not finished.

    Why:
        Two runs at a time do the same rows twice or wait for each other; runs that queue up never
        catch up again where each takes longer than the time between two.

    Fix:
        Say it: `overlap: skip`, or `queue`.
    """
    for schedule in system.schedules:
        if "overlap" not in schedule.given:
            yield Finding(
                subject=schedule.name,
                span=schedule.span,
                problem=f"Nothing says what {schedule.name} does while a run of it goes on.",
                questions=("What happens to a firing during the run before?",),
                options=("overlap: skip", "overlap: queue", "adopt jobs-1 (skip)"),
                impact="Slow runs would pile up, or run into each other.",
            )

"""TS1303."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS1303", Domain.JOBS, Blocker.AMBIGUITY, convention="jobs-1")
def schedule_without_zone(system: System) -> Iterator[Finding]:
    """A schedule does not say in which time zone its hours are.

    Why:
        Three in the morning is another instant in each zone, and clocks are put forward in some
        of them and not in others.

    Fix:
        Name the zone: `zone: UTC`, or `zone: Europe/Berlin`.
    """
    for schedule in system.schedules:
        if "zone" not in schedule.given:
            yield Finding(
                subject=schedule.name,
                span=schedule.span,
                problem=f"The hours of {schedule.name} are of no time zone.",
                questions=("In which time zone does it fire?",),
                options=("zone: UTC", "zone: Europe/Berlin", "adopt jobs-1 (UTC)"),
                impact="It would fire at other hours on other machines.",
            )

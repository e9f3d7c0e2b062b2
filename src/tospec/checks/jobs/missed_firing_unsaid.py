"""TS1304."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS1304", Domain.JOBS, Blocker.UNDEFINED_BEHAVIOUR, convention="jobs-1")
def missed_firing_unsaid(system: System) -> Iterator[Finding]:
    """A schedule does not say what becomes of firings that were missed.

    Why:
        After a night without power there is one of each, or ninety-six. To make up for all may be
        a flood, to make up for none may lose what nobody does later.

    Fix:
        Say it: `catch_up: once` for one run in place of all, `all`, or `skip`.
    """
    for schedule in system.schedules:
        if "catch_up" not in schedule.given:
            yield Finding(
                subject=schedule.name,
                span=schedule.span,
                problem=f"Nothing says what {schedule.name} does about firings while nothing ran.",
                questions=("What happens to firings that were missed?",),
                options=(
                    "catch_up: once",
                    "catch_up: all",
                    "catch_up: skip",
                    "adopt jobs-1 (once)",
                ),
                impact="What happens after an outage would be chance.",
            )

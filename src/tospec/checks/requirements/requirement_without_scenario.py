"""TS1103."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS1103", Domain.REQUIREMENTS, Blocker.MISSING_DETAIL, blocking=False)
def requirement_without_scenario(system: System) -> Iterator[Finding]:
    """A requirement has rules that can refuse, but no scenario shows one.

    Why:
        An example tells more than a rule whether both sides mean the same.

    Fix:
        Write a `scenario` below its heading.
    """
    shown = {name for scenario in system.scenarios for name in scenario.requirements}
    ruled = {name for error in system.errors for name in error.requirements}
    for requirement in system.requirements:
        if requirement.id in ruled and requirement.id not in shown:
            yield Finding(
                subject=requirement.id,
                span=requirement.span,
                problem=f"{requirement.id} has error cases and no scenario.",
                questions=("What is a typical case, step by step?",),
                options=("a scenario below its heading",),
                impact="Its tests come from the rules alone.",
            )

"""TS1001."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS1001", Domain.OPERATIONS, Blocker.MISSING_DETAIL)
def setting_without_description(system: System) -> Iterator[Finding]:
    """A setting does not say what it is for.

    Why:
        Somebody sets it at three in the morning.

    Fix:
        Write `description`.
    """
    for setting in system.settings:
        if not setting.description:
            yield Finding(
                subject=setting.name,
                span=setting.span,
                problem=f"{setting.name} has no description.",
                questions=(f"What does {setting.name} change, and in which unit?",),
                options=("description: one line for whoever runs the service",),
                impact="The table of settings and .env.example cannot be built.",
            )

"""TS0460."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS0460", Domain.OPERATIONS, Blocker.MISSING_DETAIL, convention="operations-1")
def admin_enabled_unsaid(system: System) -> Iterator[Finding]:
    """There is an admin page, but whether a new installation serves it is not said.

    Why:
        Some want the page wherever the service runs, others only where an operator turns it on.

    Fix:
        Write `enabled`, or adopt operations-1: it is served unless `ADMIN_ENABLED` is false.
    """
    if system.admin and not system.admin.given:
        yield Finding(
            subject="admin.enabled",
            span=system.admin.span,
            problem="Nothing says whether an installation serves the admin page by itself.",
            questions=("Is the page there unless `ADMIN_ENABLED` says otherwise?",),
            options=("enabled: true", "enabled: false"),
            impact="The setting `ADMIN_ENABLED` has no default.",
        )

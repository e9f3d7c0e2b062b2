"""TS1005."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS1005", Domain.OPERATIONS, Blocker.MISSING_DETAIL)
def database_unsaid(system: System) -> Iterator[Finding]:
    """The spec does not say which databases it runs on.

    Why:
        Types, locks and row-level security differ.

    Fix:
        Write `databases: [postgresql, sqlite]`.
    """
    if not system.databases:
        yield Finding(
            subject="system.databases",
            span=system.span,
            problem="No database is named.",
            questions=("On which databases must the service run?",),
            options=("databases: [postgresql, sqlite]", "databases: [postgresql]"),
            impact="No migration can be built.",
        )

"""TS0701."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.checks.facts import permissions_used
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS0701", Domain.POLICY, Blocker.AMBIGUITY, answerable=True)
def permission_without_use(system: System) -> Iterator[Finding]:
    """A permission is declared that no operation or policy asks for.

    Why:
        Somebody believes that it protects something.

    Fix:
        Name it on an operation, remove it, or decide that it is kept for later.
    """
    used = permissions_used(system)
    for permission in system.permissions:
        if permission.name not in used:
            yield Finding(
                subject=permission.name,
                span=permission.span,
                problem=f"Nothing asks for {permission.name}.",
                questions=(f"Which operation does {permission.name} protect?",),
                options=("name it on an operation", "remove it", "decide that it is reserved"),
                impact="A role would hold a permission without any effect.",
            )

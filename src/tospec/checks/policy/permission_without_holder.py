"""TS0702."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS0702", Domain.POLICY, Blocker.MISSING_DETAIL)
def permission_without_holder(system: System) -> Iterator[Finding]:
    """A permission is held by no role.

    Why:
        Whatever it protects can be used by nobody.

    Fix:
        List the roles that hold it.
    """
    for permission in system.permissions:
        if not permission.roles:
            yield Finding(
                subject=permission.name,
                span=permission.span,
                problem=f"No role holds {permission.name}.",
                questions=(f"Which roles hold {permission.name}?",),
                options=tuple(f"roles: [{role}]" for role in system.roles[:3]) or ("roles: […]",),
                impact="The operations that ask for it would refuse everybody.",
            )

"""TS0703."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS0703", Domain.POLICY, Blocker.AMBIGUITY, answerable=True)
def role_without_permission(system: System) -> Iterator[Finding]:
    """A role holds no permission at all.

    Why:
        Whoever has it can sign in and do nothing.

    Fix:
        Give it a permission, remove it, or decide that it is meant so.
    """
    holders = {role for permission in system.permissions for role in permission.roles}
    span = system.permissions[0].span if system.permissions else system.span
    for role in system.roles:
        if role not in holders:
            yield Finding(
                subject=role,
                span=span,
                problem=f"The role {role} holds no permission.",
                questions=(f"What may a {role} do?",),
                options=("give it a permission", "remove the role", "decide that it is meant so"),
                impact="People with that role are locked out of everything.",
            )

"""TS0907."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS0907", Domain.ACCOUNTS, Blocker.CONTRADICTION)
def first_person_cannot_invite(system: System) -> Iterator[Finding]:
    """Whoever signs up may not manage people, so a tenant stays a tenant of one.

    Why:
        Nobody else could give them the permission.

    Fix:
        Give the role of sign-up the permission to manage users.
    """
    auth = system.auth
    managing = next((p for p in system.permissions if auth and p.name == auth.manage_users), None)
    if auth and managing and auth.sign_up_role not in managing.roles:
        yield Finding(
            subject="auth.sign_up",
            span=auth.span,
            problem=f"A new tenant's {auth.sign_up_role} does not hold {managing.name}.",
            questions=("Who invites the second person of a tenant?",),
            options=(f"give {auth.sign_up_role} the permission {managing.name}", "another role"),
            impact="Nobody could ever be invited.",
        )

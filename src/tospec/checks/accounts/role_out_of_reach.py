"""TS0908."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import Permission, System


@check("TS0908", Domain.ACCOUNTS, Blocker.CONTRADICTION)
def role_out_of_reach(system: System) -> Iterator[Finding]:
    """A role that nobody can ever be given.

    Why:
        Nobody grants more than they may do themselves, and a tenant begins with one person, who
        has the role of sign-up. A role that may do more stays without people.

    Fix:
        Give the role of sign-up all permissions of that role, or let another role sign up.
    """
    for role in system.roles:
        lacking = _lacking(system, role)
        if lacking and system.auth:
            yield _finding(role, system.auth.sign_up_role, lacking)


def _lacking(system: System, role: str) -> tuple[Permission, ...]:
    """Return the permissions of `role` that who signs up has not."""
    first = system.auth.sign_up_role if system.auth else ""
    return tuple(p for p in system.permissions if role in p.roles and first not in p.roles)


def _finding(role: str, first: str, lacking: tuple[Permission, ...]) -> Finding:
    names = ", ".join(permission.name for permission in lacking)
    return Finding(
        subject=role,
        span=lacking[0].span,
        problem=f"{role} may do what {first}, the role of sign-up, may not: {names}.",
        questions=(f"Who gives the first person of a tenant the role {role}?",),
        options=(
            f"give {first} too: {names}",
            f"sign_up: {{role: {role}}}",
            f"take from {role}: {names}",
        ),
        impact=f"Nobody could ever be given the role {role}.",
    )

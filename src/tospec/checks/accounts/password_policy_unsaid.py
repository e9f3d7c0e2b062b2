"""TS0904."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS0904", Domain.ACCOUNTS, Blocker.MISSING_DETAIL, convention="accounts-1")
def password_policy_unsaid(system: System) -> Iterator[Finding]:
    """The spec does not say how short and how long a password may be.

    Why:
        Short ones are guessed; endless ones keep the hash function busy.

    Fix:
        Write `password: {length: [12, 128]}`, or adopt accounts-1.
    """
    if system.auth and "password" not in system.auth.given:
        yield Finding(
            subject="auth.password",
            span=system.auth.span,
            problem="A password may be of any length.",
            questions=("How short and how long may a password be?",),
            options=("password: {length: [12, 128]}",),
            impact="Sign-up cannot be built.",
        )

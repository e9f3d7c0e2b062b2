"""TS0903."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS0903", Domain.ACCOUNTS, Blocker.MISSING_DETAIL, convention="accounts-1")
def lockout_unsaid(system: System) -> Iterator[Finding]:
    """The spec does not say what many failed sign-ins lead to.

    Why:
        Without a limit a password can be guessed.

    Fix:
        Write `lockout`, or adopt accounts-1: five in 15 minutes lock for 15 minutes.
    """
    if system.auth and "lockout" not in system.auth.given:
        yield Finding(
            subject="auth.lockout",
            span=system.auth.span,
            problem="Somebody may try passwords for ever.",
            questions=("After how many failures is an account locked, and for how long?",),
            options=("lockout: {failures: 5, within: 15m, for: 15m}",),
            impact="Sign-in cannot be built safely.",
        )

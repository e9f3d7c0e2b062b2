"""TS0901."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS0901", Domain.ACCOUNTS, Blocker.MISSING_DETAIL)
def sign_in_unsaid(system: System) -> Iterator[Finding]:
    """Operations need permissions, but the spec does not say how people sign in.

    Why:
        A permission belongs to somebody.

    Fix:
        Write an `auth` block.
    """
    if system.auth is None and any(operation.permission for operation in system.operations):
        yield Finding(
            subject="auth",
            span=system.span,
            problem="Nothing says how the service knows who is calling.",
            questions=("Do people have local accounts, or who vouches for them?",),
            options=("auth: local, with tokens of this service",),
            impact="No operation that needs a permission can be built.",
        )

"""TS0909."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS0909", Domain.ACCOUNTS, Blocker.AMBIGUITY, answerable=True)
def lockout_shorter_than_window(system: System) -> Iterator[Finding]:
    """A locked account opens again while the failures that locked it still count.

    Why:
        One more failure then locks it at once, so `failures` holds only the first time.

    Fix:
        Let `for` be at least as long as `within`, or decide that it is meant so.
    """
    auth = system.auth
    if auth and auth.lockout_for < auth.lockout_within:
        yield Finding(
            subject="auth.lockout",
            span=auth.span,
            problem=(
                f"Failures count for {auth.lockout_within} seconds, but lock an account "
                f"for {auth.lockout_for} only."
            ),
            questions=("Does one failure lock an account again that has just been opened?",),
            options=("`for` as long as `within`", "decide that it is meant so"),
            impact="Fewer failures than the spec says would lock an account.",
        )

"""TS0910."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS0910", Domain.ACCOUNTS, Blocker.CONTRADICTION)
def refresh_shorter_than_access(system: System) -> Iterator[Finding]:
    """A refresh token expires no later than the access token that it came with.

    Why:
        It is for getting the next access token; when one is needed, it is void.

    Fix:
        Let `refresh_token` be longer than `access_token`.
    """
    auth = system.auth
    if auth and auth.refresh_token <= auth.access_token:
        yield Finding(
            subject="auth.refresh_token",
            span=auth.span,
            problem=(
                f"A refresh token lives for {auth.refresh_token} seconds, the access token that "
                f"it replaces for {auth.access_token}."
            ),
            questions=("How long does a person stay signed in?",),
            options=("refresh_token: 30d", "access_token: 15m"),
            impact="Nobody could ever refresh; everybody would have to sign in again.",
        )

"""TS0906."""

from collections.abc import Iterator
from typing import Final

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import System

ONE_DAY: Final = 86_400


@check("TS0906", Domain.ACCOUNTS, Blocker.AMBIGUITY, answerable=True)
def long_access_token(system: System) -> Iterator[Finding]:
    """An access token is valid for longer than a day.

    Why:
        It cannot be called back, so a stolen one works until it expires.

    Fix:
        Shorten it and rely on the refresh token, or decide that it is meant so.
    """
    if system.auth and system.auth.access_token > ONE_DAY:
        yield Finding(
            subject="auth.access_token",
            span=system.auth.span,
            problem="An access token is valid for more than a day.",
            questions=("Is it meant to live that long?",),
            options=("access_token: 15m", "decide that it is meant so"),
            impact="A stolen token works for all that time.",
        )

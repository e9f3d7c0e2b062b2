"""TS0461."""

from collections.abc import Iterator
from typing import Final

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import System

_LOCAL: Final = "local"


@check("TS0461", Domain.OPERATIONS, Blocker.CONTRADICTION)
def admin_without_sign_in(system: System) -> Iterator[Finding]:
    """There is an admin page, but nobody can sign in to it.

    Why:
        The page asks the operations of the API as the person in front of it, and signs that
        person in by the accounts of the service.

    Fix:
        Write `auth: local`, or leave the page out.
    """
    if system.admin and (system.auth is None or system.auth.kind != _LOCAL):
        yield Finding(
            subject="admin",
            span=system.admin.span,
            problem="The admin page signs people in, and the service has no accounts of its own.",
            questions=("How do people sign in to the page?",),
            options=("auth: local", "remove the `admin` block"),
            impact="The page would end at its first step.",
        )

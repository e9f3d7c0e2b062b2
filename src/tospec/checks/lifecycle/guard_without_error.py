"""TS0606."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.checks.facts import requirements_with_owner
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS0606", Domain.LIFECYCLE, Blocker.MISSING_DETAIL)
def guard_without_error(system: System) -> Iterator[Finding]:
    """A guard or rule does not say what a client is told when it fails.

    Why:
        A client can only react to an error that has a name.

    Fix:
        Write `else` with an error case.
    """
    for owner, requirement in requirements_with_owner(system):
        if not requirement.error:
            yield Finding(
                subject=owner,
                span=requirement.span,
                problem="The condition has no `else`.",
                questions=("Which error does a client get when the condition does not hold?",),
                options=("else: AN_ERROR_CASE, declared under `errors`",),
                impact="The answer to a request that breaks the rule cannot be built.",
            )

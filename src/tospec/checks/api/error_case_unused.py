"""TS0404."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.checks.facts import error_codes_used
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS0404", Domain.API, Blocker.AMBIGUITY, blocking=False)
def error_case_unused(system: System) -> Iterator[Finding]:
    """An error case is declared that no rule, guard or operation answers with.

    Why:
        Either the error is left over, or the rule that should raise it is missing.

    Fix:
        Name it in the `else` of a rule, or remove it.
    """
    used = error_codes_used(system)
    for error in system.errors:
        if error.code not in used:
            yield Finding(
                subject=error.code,
                span=error.span,
                problem=f"Nothing answers with {error.code}.",
                questions=(f"Which rule or guard fails with {error.code}?",),
                options=("name it in the `else` of a rule", "remove the error case"),
                impact="Clients are told of an answer that never comes.",
            )

"""TS0705."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.checks.facts import conditions_with_owner
from tospec.diagnostics import Blocker, Domain
from tospec.expression import is_constant
from tospec.model import System


@check("TS0705", Domain.POLICY, Blocker.CONTRADICTION)
def condition_never_true(system: System) -> Iterator[Finding]:
    """A policy, rule, guard or choice of rows can never be true.

    Why:
        What it allows is allowed to nobody, and the rows that it chooses are none.

    Fix:
        Correct the condition, or remove what it guards.
    """
    for owner, condition in conditions_with_owner(system):
        if is_constant(condition.tree) is False:
            yield Finding(
                subject=owner,
                span=condition.span,
                problem=f"`{condition.text}` is never true.",
                questions=("What was the condition meant to say?",),
                options=("correct the condition", "remove what it guards"),
                impact="The operation would refuse everybody, always.",
            )

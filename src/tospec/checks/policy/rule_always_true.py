"""TS0706."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.checks.facts import requirements_with_owner
from tospec.diagnostics import Blocker, Domain
from tospec.expression import is_constant
from tospec.model import System


@check("TS0706", Domain.POLICY, Blocker.CONTRADICTION)
def rule_always_true(system: System) -> Iterator[Finding]:
    """A rule or guard is always true, so it forbids nothing.

    Why:
        Its error case would never be seen, yet clients are told of it.

    Fix:
        Correct the condition, or remove the rule.
    """
    for owner, requirement in requirements_with_owner(system):
        if is_constant(requirement.that.tree) is True:
            yield Finding(
                subject=owner,
                span=requirement.span,
                problem=f"`{requirement.that.text}` is always true.",
                questions=("What was the rule meant to forbid?",),
                options=("correct the condition", "remove the rule"),
                impact="A rule that somebody relies on does nothing.",
            )

"""TS0444."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.expression import And, is_constant
from tospec.model import System
from tospec.model.measures import entities_read


@check("TS0444", Domain.POLICY, Blocker.AMBIGUITY, answerable=True)
def measures_of_hidden_rows(system: System) -> Iterator[Finding]:
    """Measures count rows that not everybody who asks may see.

    Why:
        Whoever sees the row of the path is told the measures. Where some rows below it are
        hidden from them, the numbers tell of these all the same.

    Fix:
        Let the rows inherit who sees them, or decide that numbers may tell of hidden rows.
    """
    for operation in system.operations:
        for name in entities_read(system, operation):
            if name != operation.entity and not _follows(system, name, operation.entity):
                yield Finding(
                    subject=f"{operation.name}.{name}",
                    span=operation.span,
                    problem=f"{operation.name} counts each {name}, seen or hidden.",
                    questions=(f"May it tell of a {name} that the one who asks does not see?",),
                    options=(f"policy of {name} inherits", "decide that numbers may tell"),
                    impact="Numbers give away rows that are hidden.",
                )


def _follows(system: System, name: str, owner: str) -> bool:
    """Whether whoever sees a row of `owner` sees the rows of `name` that belong to it."""
    entity = system.entity(name)
    policy = entity.policy
    if policy is None or policy.visible is None or is_constant(policy.visible.tree) is True:
        return True
    above = entity.relation(policy.inherit) if policy.inherit else None
    # A condition of its own beside the inherited one makes both an And.
    if above is None or above.to != owner:
        return False
    return not isinstance(policy.visible.tree.root, And)

"""TS0531."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.checks.facts import own_entities
from tospec.diagnostics import Blocker, Domain
from tospec.model import Moment, System


@check("TS0531", Domain.DATA, Blocker.AMBIGUITY, answerable=True)
def restored_past_rules(system: System) -> Iterator[Finding]:
    """A rule holds for new rows, and nothing says whether for rows that come back.

    Why:
        While a row is deleted, what is around it changes: what could not be made today could
        come back.

    Fix:
        Add `restore` to the rule's `on`, or decide that it does not matter.
    """
    for entity in own_entities(system):
        for rule in entity.rules if entity.restores else ():
            if Moment.CREATE in rule.on and Moment.RESTORE not in rule.on:
                yield Finding(
                    subject=f"{entity.name}.{rule.requirement.error}",
                    span=rule.span,
                    problem=f"A deleted {entity.name} can come back where none can be made.",
                    questions=(f"Does {rule.requirement.error} hold for what is restored?",),
                    options=("on: [create, restore]", "decide that it does not"),
                    impact="Restoring would be a way around the rule, or would not.",
                )

"""TS0417."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.checks.facts import own_entities
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS0417", Domain.API, Blocker.MISSING_DETAIL, answerable=True)
def entity_without_operations(system: System) -> Iterator[Finding]:
    """No operation creates, shows or changes an entity.

    Why:
        A table that nothing writes is either forgotten or filled by somebody unnamed.

    Fix:
        Give the entity `crud`, or a command.
    """
    for entity in own_entities(system):
        if not system.operations_of(entity.name):
            yield Finding(
                subject=entity.name,
                span=entity.span,
                problem=f"No operation is about {entity.name}.",
                questions=(f"Who creates, reads, changes and deletes a {entity.name}?",),
                options=("crud: {create: …, read: …, list: …}", "a command that creates it"),
                impact="The entity would be a table without any use.",
            )

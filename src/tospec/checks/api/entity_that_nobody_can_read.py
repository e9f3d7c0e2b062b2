"""TS0416."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.checks.facts import own_entities
from tospec.diagnostics import Blocker, Domain
from tospec.model import Kind, System


@check("TS0416", Domain.API, Blocker.MISSING_DETAIL, answerable=True)
def entity_that_nobody_can_read(system: System) -> Iterator[Finding]:
    """Rows of an entity can be created, but no operation shows them.

    Why:
        The Location of a created row leads nowhere.

    Fix:
        Add `read` to its `crud`, or a query that returns it.
    """
    for entity in own_entities(system):
        kinds = {operation.kind for operation in system.operations_of(entity.name)}
        if Kind.CREATE in kinds and not kinds & {Kind.READ, Kind.LIST}:
            yield Finding(
                subject=entity.name,
                span=entity.span,
                problem=f"Clients can create a {entity.name} but never see one.",
                questions=(f"Who may read a {entity.name}, one by one or as a list?",),
                options=("add `read` and `list` to its crud", "decide that it is write-only"),
                impact="The answer of the create operation cannot name where the row lives.",
            )

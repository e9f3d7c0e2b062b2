"""TS0407."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.checks.facts import own_entities
from tospec.diagnostics import Blocker, Domain
from tospec.model import Kind, System


@check("TS0407", Domain.API, Blocker.UNDEFINED_BEHAVIOUR, answerable=True)
def lost_update(system: System) -> Iterator[Finding]:
    """Two clients may change the same row, and the spec does not say who wins.

    Why:
        The second writer silently undoes the first.

    Fix:
        Write `concurrency: optimistic`, or decide that the last write wins.
    """
    for entity in own_entities(system):
        kinds = {operation.kind for operation in system.operations_of(entity.name)}
        if Kind.UPDATE in kinds and not entity.optimistic:
            yield Finding(
                subject=entity.name,
                span=entity.span,
                problem=f"Nothing says what happens when two clients update one {entity.name}.",
                questions=("May a client overwrite a change that it has not seen?",),
                options=("concurrency: optimistic", "decide that the last write wins"),
                impact="Whether updates need If-Match, and rows a version, stays open.",
            )

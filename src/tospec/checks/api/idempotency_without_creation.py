"""TS0431."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS0431", Domain.API, Blocker.CONTRADICTION)
def idempotency_without_creation(system: System) -> Iterator[Finding]:
    """Creations are to take an `Idempotency-Key`, but nothing is created.

    Why:
        A promise that no operation keeps misleads whoever reads it.

    Fix:
        Add `create` to the `crud` of an entity, or remove the block.
    """
    if system.idempotency and not any(map(system.takes_key, system.operations)):
        yield Finding(
            subject="idempotency",
            span=system.idempotency.span,
            problem="No operation creates anything, so that none takes an `Idempotency-Key`.",
            questions=("Which rows do clients create?",),
            options=('crud: {create: "note:write"}', "remove the `idempotency` block"),
            impact="The block has no effect.",
        )

"""TS1101."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS1101", Domain.REQUIREMENTS, Blocker.MISSING_DETAIL)
def requirement_without_block(system: System) -> Iterator[Finding]:
    """A requirement stands in the prose, but no block serves it.

    Why:
        Prose is never interpreted: the requirement would not be built.

    Fix:
        Write a block below its heading, or name it in `requirements` of another.
    """
    served = {name for block in system.blocks for name in block.requirements}
    for requirement in system.requirements:
        if requirement.id not in served:
            yield Finding(
                subject=requirement.id,
                span=requirement.span,
                problem=f"No block serves {requirement.id}.",
                questions=(f"Which entity, operation or rule makes {requirement.id} true?",),
                options=(
                    "a block below its heading",
                    f"requirements: [{requirement.id}] in a block",
                ),
                impact="The requirement would be neither built nor tested.",
            )

"""TS1102."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS1102", Domain.REQUIREMENTS, Blocker.AMBIGUITY, blocking=False)
def block_without_requirement(system: System) -> Iterator[Finding]:
    """A block serves no requirement.

    Why:
        Nobody can say why it is there, nor which test proves it.

    Fix:
        Put it below the heading of a requirement, or write `requirements`.
    """
    for block in system.blocks if system.requirements else ():
        if not block.requirements and block.kind not in ("system", "decision"):
            yield Finding(
                subject=f"{block.kind} {block.name}".strip(),
                span=block.span,
                problem=f"The block {block.kind} {block.name} names no requirement.",
                questions=("Which requirement does it serve?",),
                options=("move it below the requirement's heading", "requirements: […]"),
                impact="It would be missing from the trace.",
            )

"""TS0432."""

from collections.abc import Iterator
from typing import Final

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import System

_MOST: Final = 100


@check("TS0432", Domain.API, Blocker.AMBIGUITY, answerable=True)
def bulk_too_large(system: System) -> Iterator[Finding]:
    """A bulk takes more items than one transaction should carry.

    Why:
        All rows of a request stay locked until its last item is done, so that everybody else
        waits for it; and a problem document tells of a hundred items at most.

    Fix:
        Lower `max` to 100 at most, or decide that so many are wanted.
    """
    for bulk in system.bulks:
        if bulk.most is not None and bulk.most > _MOST:
            yield Finding(
                subject=bulk.name,
                span=bulk.span,
                problem=f"{bulk.name} changes up to {bulk.most} rows in one transaction.",
                questions=("May others wait as long as that takes?",),
                options=(f"max: {_MOST}", "decide that so many are wanted"),
                impact="Requests about the same rows time out while a large one runs.",
            )

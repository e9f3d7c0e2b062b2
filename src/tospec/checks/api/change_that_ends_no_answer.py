"""TS0442."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import System
from tospec.model.measures import entities_read


@check("TS0442", Domain.API, Blocker.AMBIGUITY, answerable=True)
def change_that_ends_no_answer(system: System) -> Iterator[Finding]:
    """Measures read rows whose change does not end the answers that are kept.

    Why:
        Until an answer's time is up it tells what was so before the change.

    Fix:
        Add the entity to `until`, or decide that answers may be that old.
    """
    for operation in system.operations:
        keeping = operation.keeping
        until = keeping.until if keeping else None
        for name in entities_read(system, operation) if until is not None else ():
            if name not in (until or ()):
                yield Finding(
                    subject=f"{operation.name}.{name}",
                    span=operation.span,
                    problem=f"{operation.name} reads rows of {name}, whose changes do not end it.",
                    questions=(f"May it tell for a while what a {name} was like before?",),
                    options=(f"add {name} to until", "decide that it may"),
                    impact="It differs from what the rows say, as long as it is kept.",
                )

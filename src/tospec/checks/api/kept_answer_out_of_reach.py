"""TS0443."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import Operation, System
from tospec.model.measures import entities_read, ties


@check("TS0443", Domain.API, Blocker.UNDEFINED_BEHAVIOUR)
def kept_answer_out_of_reach(system: System) -> Iterator[Finding]:
    """A row does not say which kept answers it is part of.

    Why:
        An answer ends when a row changes that it counts. The measured row itself, and rows that
        refer to it, say whose answer that is; rows behind further relations, or behind links
        between many and many, do not.

    Fix:
        Measure rows that refer to the row of the path, leave the entity out of `until`, or
        leave `keep` out.
    """
    for operation in system.operations:
        keeping = operation.keeping
        read = entities_read(system, operation)
        for name in (keeping.until or ()) if keeping else ():
            if name in read and _is_lost(system, operation, name):
                yield Finding(
                    subject=f"{operation.name}.{name}",
                    span=operation.span,
                    problem=f"A {name} does not say which {operation.entity} counts it.",
                    questions=("What ends the answers that such a row is part of?",),
                    options=(f"measures without {name}", f"until without {name}"),
                    impact="Answers stay although what they tell has changed.",
                )


def _is_lost(system: System, operation: Operation, name: str) -> bool:
    return system.entity(name).built_in or ties(system, operation, name) is None

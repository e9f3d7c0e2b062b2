"""TS0441."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import System
from tospec.model.measures import entities_read


@check("TS0441", Domain.API, Blocker.CONTRADICTION)
def until_of_what_is_not_read(system: System) -> Iterator[Finding]:
    """A change ends an answer that is not made of it.

    Why:
        Answers end for nothing, and somebody expected the measures to tell of such rows.

    Fix:
        Leave the entity out of `until`, or measure something of it.
    """
    for operation in system.operations:
        keeping = operation.keeping
        read = entities_read(system, operation)
        for name in (keeping.until or ()) if keeping else ():
            if name not in read:
                yield Finding(
                    subject=f"{operation.name}.{name}",
                    span=operation.span,
                    problem=f"{operation.name} is kept until a {name} changes, and reads none.",
                    questions=(f"Is something of {name} to be measured?",),
                    options=(f"until without {name}", f"a measure over rows of {name}"),
                    impact="Answers end for changes that they do not tell of.",
                )

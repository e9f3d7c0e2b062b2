"""TS0440."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import System
from tospec.model.measures import entities_read


@check("TS0440", Domain.API, Blocker.MISSING_DETAIL)
def kept_answer_without_end(system: System) -> Iterator[Finding]:
    """Measures are kept, and no change ends what is kept.

    Why:
        Somebody who finishes a task and asks again is told that it is open, for as long as an
        answer is kept. Whether that may be is a decision.

    Fix:
        Name the entities whose changes end an answer: `keep: {for: 60s, until: [Task]}`.
    """
    for operation in system.operations:
        keeping = operation.keeping
        if keeping and keeping.until is None:
            read = ", ".join(entities_read(system, operation))
            yield Finding(
                subject=operation.name,
                span=keeping.span,
                problem=f"{operation.name} is kept, and no change ends it.",
                questions=(f"How long may it tell what is no longer so of {read}?",),
                options=(f"keep: {{…, until: [{read}]}}", "leave `keep` out"),
                impact="Clients are told what they have just changed.",
            )

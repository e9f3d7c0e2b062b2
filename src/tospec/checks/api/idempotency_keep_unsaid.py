"""TS0430."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS0430", Domain.API, Blocker.MISSING_DETAIL, convention="rest-1")
def idempotency_keep_unsaid(system: System) -> Iterator[Finding]:
    """Creations take an `Idempotency-Key`, but for how long is not said.

    Why:
        A client that repeats a request later than its answer is kept makes a second row.

    Fix:
        Write `keep`, or adopt rest-1: 24 hours.
    """
    if system.idempotency and not system.idempotency.given:
        yield Finding(
            subject="idempotency.keep",
            span=system.idempotency.span,
            problem="Nothing says for how long the answer to an `Idempotency-Key` is kept.",
            questions=("How long after the first request may a client repeat it?",),
            options=("keep: 24h",),
            impact="Answers can be neither kept nor cleared away.",
        )

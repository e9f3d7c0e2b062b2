"""TS1407."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS1407", Domain.INTEGRATIONS, Blocker.CONTRADICTION)
def call_that_may_be_done_twice(system: System) -> Iterator[Finding]:
    """A job may ask again for what must not be done twice.

    Why:
        A worker may die after the service has done it and before that is known. The next attempt
        asks once more; without a key the service cannot know that it is the same.

    Fix:
        Say `idempotency: true` if the service takes an `Idempotency-Key`; otherwise let the job
        have one attempt, and a person look at its dead letters.
    """
    for job in system.jobs:
        if job.ask and not system.call(job.ask).is_repeatable and job.retry.attempts > 1:
            name = f"{job.ask.integration}.{job.ask.call}"
            yield Finding(
                subject=job.name,
                span=job.ask.span,
                problem=f"{job.name} is attempted again, and {name} may be done twice then.",
                questions=(f"How does the service know that {job.name} asks for the same again?",),
                options=(f"idempotency: true, at {name}", "retry: {attempts: 1}, at the job"),
                impact="After a crash the same would be done twice.",
            )

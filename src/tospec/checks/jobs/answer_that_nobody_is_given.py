"""TS1316."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.expression import paths
from tospec.model import Job, System

_RESULT = "result"


@check("TS1316", Domain.JOBS, Blocker.AMBIGUITY, answerable=True)
def answer_that_nobody_is_given(system: System) -> Iterator[Finding]:
    """A job is answered something, and the one that follows it makes no use of that.

    Why:
        Jobs that only have to come one after the other are as well done by one event each; a chain
        is for what the next one needs.

    Fix:
        Use the answer: `result.id`. Or decide that only the order matters.
    """
    by_name = {job.name: job for job in system.jobs}
    for job in system.jobs:
        following = by_name.get(job.then or "")
        if following and _is_answered(system, job) and not _asks(following):
            yield Finding(
                subject=f"{job.name}.then",
                span=job.span,
                problem=f"{following.name} follows {job.name}, and does not use its answer.",
                questions=(f"What of the answer does {following.name} need?",),
                options=(
                    f"use `result` in {following.name}",
                    "decide that only the order matters",
                ),
                impact="What another service has answered would be lost.",
            )


def _is_answered(system: System, job: Job) -> bool:
    return job.ask is not None and bool(system.call(job.ask).returns)


def _asks(job: Job) -> bool:
    """Whether an expression of a job reads what the one before was answered."""
    found = (path for expression in job.expressions for path in paths(expression.tree))
    return any(path.root.name == _RESULT and not path.is_stored for path in found)

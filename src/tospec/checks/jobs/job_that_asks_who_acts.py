"""TS1311."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import Expression, Job, Moment, System
from tospec.model.dependence import asks_who_acts


@check("TS1311", Domain.JOBS, Blocker.CONTRADICTION)
def job_that_asks_who_acts(system: System) -> Iterator[Finding]:
    """What a job does depends on who does it, and a job is nobody.

    Why:
        A rule on `update` holds for a job's change as for anybody's. One that asks for the role of
        who acts has no answer there, and neither has a value that follows from it.

    Fix:
        Ask about the row alone, or move what is about people into the policy.
    """
    for job in system.jobs:
        for said in _said(system, job):
            if asks_who_acts(system, said):
                yield Finding(
                    subject=job.name,
                    span=job.span,
                    problem=f"{job.name} depends on who acts, by `{said.text}`, and nobody does.",
                    questions=("What holds when nobody in particular acts?",),
                    options=("ask about the row alone", "a policy in place of the rule"),
                    impact="The job could neither change the rows nor leave them.",
                )


def _said(system: System, job: Job) -> Iterator[Expression]:
    yield from job.expressions
    rules = system.entity(job.entity).rules if job.entity and job.updates else ()
    yield from (each.requirement.that for each in rules if Moment.UPDATE in each.on)

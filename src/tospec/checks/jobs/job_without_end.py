"""TS1307."""

from collections.abc import Iterator
from typing import Final

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import Job, System
from tospec.model.dependence import members_read

_ALWAYS_CHANGED: Final = "updated_at"


@check("TS1307", Domain.JOBS, Blocker.CONTRADICTION, answerable=True)
def job_without_end(system: System) -> Iterator[Finding]:
    """A job changes nothing that its `where` reads, so it finds the same rows in each run.

    Why:
        An event that should be announced once is announced in each run, and the rows to do never
        become fewer.

    Fix:
        Set a field in `do` that `where` asks about, such as the time when it was done. Or decide
        that each run does every row again.
    """
    for job in system.jobs:
        if job.entity and not job.on and not job.ask and not _moves_on(system, job):
            yield Finding(
                subject=job.name,
                span=job.span,
                problem=f"{job.name} leaves each row as its `where` wants it, and finds it again.",
                questions=("By what is a row known for which it was done?",),
                options=(
                    "where: done_at == null, and set: {done_at: now()}",
                    "decide that each run does every row again",
                ),
                impact="Each run would do everything that was done before once more.",
            )


def _moves_on(system: System, job: Job) -> bool:
    if job.entity is None or job.where is None:
        return False
    changed = {each.target for update in job.updates for each in update.set}
    if job.updates:
        changed.add(_ALWAYS_CHANGED)
    return bool(changed & members_read(system.entity(job.entity), job.where))

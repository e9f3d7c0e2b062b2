"""TS1317."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import Job, System
from tospec.model.dependence import members_read

_PEOPLE = "User"
_STANDING = "disabled"


@check("TS1317", Domain.JOBS, Blocker.MISSING_DETAIL, answerable=True)
def people_who_may_not_sign_in(system: System) -> Iterator[Finding]:
    """A job asks about all people of a tenant, and does not say whether those who left are meant.

    Why:
        People whose account was disabled stay, since what they did refers to them. A digest would
        go on telling them what their former colleagues do.

    Fix:
        Leave them out: `where: "!disabled"`. Or decide that they are meant.
    """
    for job in system.jobs:
        if job.entity == _PEOPLE and not _knows(system, job):
            yield Finding(
                subject=job.name,
                span=job.span,
                problem=f"{job.name} is about all people, those whose account is disabled as well.",
                questions=("Are people meant who may not sign in any more?",),
                options=('where: "!disabled"', "decide that they are meant"),
                impact="Whoever has left would still be told of what happens.",
            )


def _knows(system: System, job: Job) -> bool:
    if job.where is None:
        return False
    return _STANDING in members_read(system.entity(_PEOPLE), job.where)

"""TS1408."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS1408", Domain.INTEGRATIONS, Blocker.CONTRADICTION)
def job_shorter_than_its_call(system: System) -> Iterator[Finding]:
    """A job may take less time than the call that it makes.

    Why:
        It is broken off while the call is tried again, and that counts as a failed attempt; the
        retries of the call never come to an end.

    Fix:
        Let the job take longer than all attempts of its call with the waits in between.
    """
    for job in system.jobs:
        if job.ask is None:
            continue
        integration = system.integration(job.ask.integration)
        if job.timeout * 1000 <= integration.longest_call:
            whole = f"{integration.longest_call / 1000:g}s"
            yield Finding(
                subject=job.name,
                span=job.span,
                problem=f"{job.name} may take {job.timeout}s, and its call {whole}.",
                questions=(f"How long may {job.name} take?",),
                options=(f"a `timeout` above {whole}", f"fewer attempts of {integration.name}"),
                impact="The job would be broken off before its call is.",
            )

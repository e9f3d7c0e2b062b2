"""TS1313."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS1313", Domain.JOBS, Blocker.CONTRADICTION)
def purge_of_what_is_not_kept(system: System) -> Iterator[Finding]:
    """A job purges rows that this service never has.

    Why:
        Either what it should clear away is missing from the spec, or the step does nothing.

    Fix:
        Write the block that brings such rows (`idempotency`, `auth`, `sends` of an integration),
        or leave the step out.
    """
    missing = set()
    if system.idempotency is None:
        missing.add("idempotency_records")
    if system.auth is None or system.auth.kind != "local":
        missing |= {"sessions", "invitations", "sign_in_attempts"}
    if not system.senders:
        missing.add("received_messages")
    for job in system.jobs:
        for what in job.purges:
            if what in missing:
                yield Finding(
                    subject=f"{job.name}.{what}",
                    span=job.span,
                    problem=f"{job.name} purges {what}, of which there are none.",
                    questions=(f"Where do {what} come from?",),
                    options=("the block that brings them", "leave the step out"),
                    impact="The step would do nothing.",
                )

"""TS1416."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS1416", Domain.INTEGRATIONS, Blocker.CONTRADICTION)
def message_ids_never_purged(system: System) -> Iterator[Finding]:
    """Ids of messages are to be remembered for a while, and nothing removes them.

    Why:
        `keep` says how long; a job does it. Without one they pile up for ever.

    Fix:
        Let a job that a schedule starts say `purge: received_messages`.
    """
    purged = {what for job in system.jobs for what in job.purges}
    for each in system.senders[:1]:
        if "received_messages" not in purged:
            yield Finding(
                subject="received_messages",
                span=each.span,
                problem=f"No job removes the ids of messages of {each.name} that have expired.",
                questions=("Which job removes what has expired?",),
                options=("purge: received_messages",),
                impact="They would never be removed.",
            )

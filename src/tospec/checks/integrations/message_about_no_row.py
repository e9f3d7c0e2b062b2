"""TS1415."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS1415", Domain.INTEGRATIONS, Blocker.MISSING_DETAIL)
def message_about_no_row(system: System) -> Iterator[Finding]:
    """Nothing in a message says of whom it is.

    Why:
        An event happens in a tenant. The message itself has none; it is about a row of ours, and
        of the tenant that has it.

    Fix:
        Let the service say again what was sent to it: `about: {ref: Order}` in `data`.
    """
    for each in system.senders:
        for message in each.sends.messages if each.sends else ():
            if message.about is None:
                yield Finding(
                    subject=message.event,
                    span=message.span,
                    problem=f"Nothing says which row, and which tenant, {message.event} is about.",
                    questions=(f"Which value of '{message.type}' is the id of a row of ours?",),
                    options=("data: {about: {ref: …}}",),
                    impact=f"Nobody would know in which tenant {message.event} has happened.",
                )

"""TS1412."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS1412", Domain.INTEGRATIONS, Blocker.CONTRADICTION)
def message_ids_forgotten_too_early(system: System) -> Iterator[Finding]:
    """Ids of messages are forgotten while the messages would still be believed.

    Why:
        A message that comes ahead of its time by the tolerance is believed for twice as long. If
        its id is forgotten before, whoever has seen it can have it count again.

    Fix:
        Keep ids for longer than twice the tolerance; days are usual.
    """
    for each in system.senders:
        if each.sends and each.sends.keep <= 2 * each.sends.tolerance:
            yield Finding(
                subject=f"{each.name}.sends.keep",
                span=each.sends.span,
                problem=f"Messages of {each.name} are believed for longer than they are known.",
                questions=(f"How long are ids of messages of {each.name} remembered?",),
                options=("keep: 30d", "tolerance: 5m"),
                impact="A message could be replayed.",
            )

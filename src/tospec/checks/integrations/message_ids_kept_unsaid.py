"""TS1411."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS1411", Domain.INTEGRATIONS, Blocker.MISSING_DETAIL, convention="integrations-1")
def message_ids_kept_unsaid(system: System) -> Iterator[Finding]:
    """An integration does not say for how long ids of its messages are remembered.

    Why:
        Services send a message again until it is acknowledged, some for days. Once its id is
        forgotten, it counts again.

    Fix:
        Say `keep`, longer than the service goes on trying: `keep: 30d`.
    """
    for each in system.senders:
        if each.sends and "keep" not in each.sends.given:
            yield Finding(
                subject=f"{each.name}.sends",
                span=each.sends.span,
                problem=f"Nothing says how long ids of messages of {each.name} are remembered.",
                questions=(f"For how long may {each.name} send the same message again?",),
                options=("keep: 30d", "adopt integrations-1 (30d)"),
                impact="Nobody would have decided when a message counts a second time.",
            )

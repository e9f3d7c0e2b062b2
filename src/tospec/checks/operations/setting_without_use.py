"""TS1003."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.checks.facts import settings_used
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS1003", Domain.OPERATIONS, Blocker.CONTRADICTION)
def setting_without_use(system: System) -> Iterator[Finding]:
    """A setting is declared that nothing reads.

    Why:
        Somebody sets it and nothing happens.

    Fix:
        Use it in a rule as `settings.<name>`, or remove it.
    """
    used = settings_used(system)
    for setting in system.settings:
        if setting.name.lower() not in used:
            yield Finding(
                subject=setting.name,
                span=setting.span,
                problem=f"Nothing reads {setting.name}.",
                questions=(f"What depends on {setting.name}?",),
                options=(f"use settings.{setting.name.lower()} in a rule", "remove the setting"),
                impact="A setting without effect misleads whoever runs the service.",
            )

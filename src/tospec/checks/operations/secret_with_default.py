"""TS1002."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS1002", Domain.OPERATIONS, Blocker.CONTRADICTION)
def secret_with_default(system: System) -> Iterator[Finding]:
    """A secret setting has a default value.

    Why:
        A value that stands in a spec is known to everybody who reads it.

    Fix:
        Remove the default; the service then refuses to start without a value.
    """
    for setting in system.settings:
        if setting.secret and setting.has_default:
            yield Finding(
                subject=setting.name,
                span=setting.span,
                problem=f"{setting.name} is secret, and its default stands in the spec.",
                questions=(f"Who gives {setting.name} its value?",),
                options=("remove the default", "remove `secret: true`"),
                impact="The service would run with a secret that is public.",
            )

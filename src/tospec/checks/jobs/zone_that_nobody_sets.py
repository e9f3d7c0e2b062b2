"""TS1315."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS1315", Domain.JOBS, Blocker.CONTRADICTION, answerable=True)
def zone_that_nobody_sets(system: System) -> Iterator[Finding]:
    """A schedule goes by the clocks of tenants, and nobody may set a tenant's time zone.

    Why:
        A tenant that named no zone when it signed up would have its hours in UTC for good, and one
        that moves would keep those of the place that it has left.

    Fix:
        Say who manages the tenant: `manage_tenant` in `auth`. Or name a zone for all tenants.
    """
    if system.auth is None or system.auth.manage_tenant is not None:
        return
    for schedule in system.schedules:
        if schedule.is_local:
            yield Finding(
                subject=schedule.name,
                span=schedule.span,
                problem=f"{schedule.name} fires by the tenant's clock, which nobody may set.",
                questions=("Who sets the time zone of a tenant?",),
                options=(
                    'auth: manage_tenant: "tenant:manage"',
                    "zone: UTC, the same for all tenants",
                    "decide that the zone of the sign-up stays",
                ),
                impact="A wrong zone could not be put right.",
            )

"""TS1105."""

from collections.abc import Iterator
from typing import Final

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import Authority, System

CONVENTION_OF: Final = {
    Domain.API: "rest-1",
    Domain.DATA: "data-1",
    Domain.LIFECYCLE: "lifecycle-1",
    Domain.EVENTS: "events-1",
    Domain.ACCOUNTS: "accounts-1",
    Domain.OPERATIONS: "operations-1",
    Domain.JOBS: "jobs-1",
    Domain.INTEGRATIONS: "integrations-1",
    Domain.WEBHOOKS: "webhooks-1",
}


@check("TS1105", Domain.REQUIREMENTS, Blocker.CONTRADICTION)
def authority_without_convention(system: System) -> Iterator[Finding]:
    """Conventions may decide in a domain, but none that could was adopted.

    Why:
        The spec hands a decision to nobody.

    Fix:
        Adopt the domain's convention, or write `spec`.
    """
    given = dict(system.authority)
    for domain, convention in CONVENTION_OF.items():
        if given.get(domain) is Authority.FULL and not system.has(convention):
            yield Finding(
                subject=f"authority.{domain}",
                span=system.span,
                problem=f"`{domain}: full` lets {convention} decide, which is not adopted.",
                questions=(f"Does {convention} decide what the spec leaves open?",),
                options=(f"conventions: [{convention}]", f"{domain}: spec"),
                impact="Gaps in that domain stay open all the same.",
            )

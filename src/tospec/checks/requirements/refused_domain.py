"""TS1106."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.diagnostics import Blocker, Domain
from tospec.model import Authority, System


@check("TS1106", Domain.REQUIREMENTS, Blocker.MISSING_DETAIL, answerable=True)
def refused_domain(system: System) -> Iterator[Finding]:
    """A domain's authority is `escalate`, and no decision names a contract for it.

    Why:
        `escalate` means: only with an explicit contract.

    Fix:
        Write a decision that names the contract, or another authority.
    """
    for name, authority in system.authority:
        if authority in (Authority.ESCALATE, Authority.REFUSE):
            yield Finding(
                subject=f"authority.{name}",
                span=system.span,
                problem=f"`{name}: {authority}` asks for a contract outside this spec.",
                questions=(f"Which contract settles the domain {name}?",),
                options=(f'decision: answers: "TS1106 authority.{name}"', f"{name}: spec"),
                impact="Nothing of that domain may be built.",
            )

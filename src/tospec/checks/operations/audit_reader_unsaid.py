"""TS1007."""

from collections.abc import Iterator

from tospec.checks.base import Finding, check
from tospec.checks.facts import own_entities
from tospec.diagnostics import Blocker, Domain
from tospec.model import System


@check("TS1007", Domain.OPERATIONS, Blocker.MISSING_DETAIL)
def audit_reader_unsaid(system: System) -> Iterator[Finding]:
    """Changes leave an audit trail, but nobody is named who may read it.

    Why:
        A trail that nobody reads proves nothing; one that everybody reads is a leak.

    Fix:
        Write an `audit` block with the permission to read it.
    """
    audited = next((entity for entity in own_entities(system) if entity.audit), None)
    if audited and system.audit is None:
        yield Finding(
            subject="audit",
            span=audited.span,
            problem=f"Changes of {audited.name} are recorded, and nobody may read the record.",
            questions=("Who may read the audit trail, and how long is it kept?",),
            options=('audit: trail, read: "audit:read", keep: forever', "remove `audit: true`"),
            impact="The list of audit entries cannot be built.",
        )

"""Data access for audit entries."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import ColumnElement

from app.core.ids import TenantId
from app.db.filters import at_least, before, equal
from app.models.audit_entry import AuditEntry, audit_entries
from app.repositories.entities import EntityRepository
from app.schemas.page import Page, PageRequest

_FILTERS: Final[Mapping[str, ColumnElement[bool]]] = {
    "entity_type": equal(audit_entries.c.entity_type, "entity_type"),
    "entity_id": equal(audit_entries.c.entity_id, "entity_id"),
    "actor_id": equal(audit_entries.c.actor_id, "actor_id"),
    "occurred_at_from": at_least(audit_entries.c.occurred_at, "occurred_at_from"),
    "occurred_at_before": before(audit_entries.c.occurred_at, "occurred_at_before"),
}


class AuditEntryRepository(EntityRepository[AuditEntry]):
    """Audit entries of one tenant at a time; they are added and read, nothing else."""

    table = audit_entries
    model = AuditEntry

    async def matching(
        self, filters: Mapping[str, object], request: PageRequest, *, tenant_id: TenantId
    ) -> Page[AuditEntry]:
        """Return a part of the entries for which all `filters` hold."""
        return await self.filtered(request, _FILTERS, filters, tenant_id=tenant_id)

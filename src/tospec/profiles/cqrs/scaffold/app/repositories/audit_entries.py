"""Data access for audit entries."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import ColumnElement

from app.core.ids import TenantId
from app.db.filters import at_least, before, equal
from app.db.parameters import given
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

    def add(self, values: Mapping[str, object], *, tenant_id: TenantId) -> None:
        """Store a new entry of `tenant_id` before the transaction ends."""
        columns = {**self._generated(), **values}
        self._transaction.later(self._added(tuple(columns)), given(tenant_id, None, columns))

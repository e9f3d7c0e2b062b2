"""Data access for audit entries."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement

from app.core.ids import TenantId
from app.models.audit_entry import AuditEntry, audit_entries
from app.repositories.entities import EntityRepository
from app.schemas.page import Page, PageRequest

type FilterValue = str | UUID | datetime


class AuditEntryRepository(EntityRepository[AuditEntry]):
    """Audit entries of one tenant at a time; they are added and read, nothing else."""

    table = audit_entries
    model = AuditEntry

    async def matching(
        self, filters: dict[str, FilterValue], request: PageRequest, *, tenant_id: TenantId
    ) -> Page[AuditEntry]:
        """Return a part of the entries for which all `filters` hold."""
        conditions = [_condition(name, value) for name, value in filters.items()]
        return await self.page(request, *conditions, tenant_id=tenant_id)


def _condition(name: str, value: FilterValue) -> ColumnElement[bool]:
    if name == "occurred_at_from":
        return audit_entries.c.occurred_at >= value
    if name == "occurred_at_before":
        return audit_entries.c.occurred_at < value
    return audit_entries.c[name] == value

"""Data access for the tenant that a transaction acts for."""

from collections.abc import Mapping

from sqlalchemy import insert, select, update

from app.core.ids import TenantId
from app.db.transactions import Transaction
from app.models.base import hydrate
from app.models.tenant import Tenant, tenants


class OwnTenantRepository:
    """The one tenant of a transaction; there is no way to another."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def insert(self, name: str, time_zone: str, *, tenant_id: TenantId) -> Tenant:
        """Store the tenant and return it."""
        now = self._transaction.now
        stored = insert(tenants).values(
            id=tenant_id,
            name=name,
            time_zone=time_zone,
            created_at=now,
            updated_at=now,
            version=1,
        )
        return hydrate(Tenant, await self._transaction.one(stored.returning(*tenants.c)))

    async def get(self, *, tenant_id: TenantId) -> Tenant:
        """Return the tenant."""
        found = select(tenants).where(tenants.c.id == tenant_id)
        return hydrate(Tenant, await self._transaction.one(found))

    async def get_for_update(self, *, tenant_id: TenantId) -> Tenant:
        """Return the tenant, locked until the transaction ends."""
        found = select(tenants).where(tenants.c.id == tenant_id).with_for_update(key_share=True)
        return hydrate(Tenant, await self._transaction.one(found))

    async def update(
        self, tenant: Tenant, values: Mapping[str, object], *, tenant_id: TenantId
    ) -> Tenant:
        """Change a tenant that is locked, and return it as it is then."""
        row = update(tenants).where(tenants.c.id == tenant_id)
        changed = row.values(**values, updated_at=self._transaction.now, version=tenant.version + 1)
        return hydrate(Tenant, await self._transaction.one(changed.returning(*tenants.c)))

    async def lock(self, *, tenant_id: TenantId) -> None:
        """Wait for other changes to who belongs to the tenant, and keep them waiting."""
        found = select(tenants.c.id).where(tenants.c.id == tenant_id)
        # Every row refers to the tenant: a stronger lock would hold up all other writers.
        await self._transaction.one(found.with_for_update(key_share=True))

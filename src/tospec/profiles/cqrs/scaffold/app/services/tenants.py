"""Business rules of tenants."""

from app.authorization.actor import Actor
from app.core.preconditions import Precondition
from app.db.transactions import Transaction
from app.models.tenant import Tenant
from app.repositories.tenants import OwnTenantRepository
from app.schemas.base import sent
from app.schemas.tenants import TenantUpdate
from app.services.audit import AuditTrail


class TenantService:
    """What may happen to the tenant of an actor."""

    def __init__(self, transaction: Transaction, actor: Actor) -> None:
        self._tenant_id = actor.tenant_id
        self._tenants = OwnTenantRepository(transaction)
        self._audit = AuditTrail(transaction, actor)

    async def update(self, changes: TenantUpdate, condition: Precondition) -> Tenant:
        """Change what the tenant is called, or whose hours it goes by.

        Raises:
            PreconditionFailedError: If it is no longer as the client has seen it.
        """
        tenant = await self._tenants.get_for_update(tenant_id=self._tenant_id)
        condition.check(tenant)
        updated = await self._tenants.update(tenant, sent(changes), tenant_id=self._tenant_id)
        await self._audit.record("tenant.update", "tenant", tenant.id, before=tenant, after=updated)
        return updated

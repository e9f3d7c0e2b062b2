"""Read the tenant of who is signed in."""

from dataclasses import dataclass
from typing import ClassVar

from app.authorization.actor import Actor
from app.authorization.dispatch import Message
from app.db.engine import Database
from app.models.tenant import Tenant
from app.repositories.tenants import OwnTenantRepository


@dataclass(frozen=True, slots=True, kw_only=True)
class GetTenant(Message[Tenant]):
    """Read the actor's tenant."""

    permission: ClassVar = None


class GetTenantHandler:
    """Answers `GetTenant`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def __call__(self, _: GetTenant, *, actor: Actor) -> Tenant:
        """Answer on behalf of `actor`."""
        async with self._database.read(actor.tenant_id) as transaction:
            return await OwnTenantRepository(transaction).get(tenant_id=actor.tenant_id)

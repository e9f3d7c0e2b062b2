"""Rename the tenant, or change its time zone."""

from dataclasses import dataclass
from typing import ClassVar

from app.authorization.actor import Actor
from app.authorization.dispatch import Message
from app.authorization.permissions import MANAGE_TENANT
from app.core.inputs import Payload
from app.core.preconditions import Precondition
from app.db.engine import Database
from app.models.tenant import Tenant
from app.schemas.tenants import TenantUpdate
from app.services.tenants import TenantService


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateTenant(Message[Tenant]):
    """Change the actor's tenant."""

    permission: ClassVar = MANAGE_TENANT
    changes: Payload[TenantUpdate]
    condition: Precondition


class UpdateTenantHandler:
    """Carries out `UpdateTenant` in one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def __call__(self, command: UpdateTenant, *, actor: Actor) -> Tenant:
        """Run `command` on behalf of `actor`."""
        changes = command.changes.value
        async with self._database.begin(actor.tenant_id, caller=actor) as transaction:
            return await TenantService(transaction, actor).update(changes, command.condition)

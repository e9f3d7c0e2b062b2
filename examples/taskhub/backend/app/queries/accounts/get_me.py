"""Read who is signed in."""

from dataclasses import dataclass
from typing import ClassVar

from app.authorization.actor import Actor
from app.authorization.dispatch import Message
from app.authorization.permissions import ROLE_PERMISSIONS, Permission
from app.db.engine import Database
from app.models.tenant import Tenant
from app.models.user import User
from app.repositories.tenants import OwnTenantRepository
from app.repositories.users import UserRepository


@dataclass(frozen=True, slots=True, kw_only=True)
class Me:
    """The person who is signed in."""

    user: User
    tenant: Tenant
    permissions: list[Permission]


@dataclass(frozen=True, slots=True, kw_only=True)
class GetMe(Message[Me]):
    """Read the actor."""

    permission: ClassVar = None


class GetMeHandler:
    """Answers `GetMe`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def __call__(self, query: GetMe, *, actor: Actor) -> Me:
        """Answer `query` on behalf of `actor`."""
        tenant_id = actor.tenant_id
        async with self._database.read(tenant_id) as transaction:
            return Me(
                user=await UserRepository(transaction).get(actor.user_id, tenant_id=tenant_id),
                tenant=await OwnTenantRepository(transaction).get(tenant_id=tenant_id),
                permissions=sorted(ROLE_PERMISSIONS[actor.role]),
            )

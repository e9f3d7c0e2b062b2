"""Business rules of users."""

from typing import Any
from uuid import UUID

from loguru import logger

from app.authorization.actor import Actor
from app.authorization.decisions import require_object
from app.authorization.permissions import FOUNDER, MANAGE_USERS
from app.authorization.policies.users import may_grant
from app.core.account_errors import LastOwnerError
from app.db.transactions import Transaction
from app.models.user import User
from app.repositories.refresh_tokens import RefreshTokenRepository
from app.repositories.tenants import OwnTenantRepository
from app.repositories.users import UserRepository
from app.schemas.base import sent
from app.schemas.users import UserUpdate
from app.services.audit import AuditTrail


class UserService:
    """What may happen to the people of a tenant."""

    def __init__(self, transaction: Transaction, actor: Actor) -> None:
        self._now = transaction.now
        self._actor = actor
        self._tenant_id = actor.tenant_id
        self._tenants = OwnTenantRepository(transaction)
        self._users = UserRepository(transaction)
        self._refresh_tokens = RefreshTokenRepository(transaction)
        self._audit = AuditTrail(transaction, actor)

    async def get_for_update(self, user_id: UUID) -> User:
        """Return the user, locked until the transaction ends, as is who else belongs here.

        Raises:
            NotFoundError: If the tenant has no such user.
        """
        # Two founders who demote each other at the same time must not both succeed.
        await self._tenants.lock(tenant_id=self._tenant_id)
        return await self._users.get_for_update(user_id, tenant_id=self._tenant_id)

    def require_grantable(self, user: User, changes: UserUpdate) -> None:
        """Let pass changes that give no role above the actor's own.

        Raises:
            PermissionDeniedError: If they do.
        """
        role = sent(changes).get("role", user.role)
        require_object(
            may_grant(self._actor, role),
            actor=self._actor,
            action=f"{MANAGE_USERS} {role}",
            resource="user",
            resource_id=user.id,
        )

    async def update(self, user: User, changes: UserUpdate) -> User:
        """Change role and standing; who is disabled is signed out everywhere at once.

        Raises:
            LastOwnerError: If nobody else could do everything.
        """
        values = self._values(user, changes)
        await self._keep_a_founder(user, values)
        updated = await self._users.update(user, values, tenant_id=self._tenant_id)
        if updated.disabled:
            await self._refresh_tokens.revoke_user(user.id, tenant_id=self._tenant_id)
        await self._audit.record("user.update", "user", user.id, before=user, after=updated)
        _log(updated)
        return updated

    def _values(self, user: User, changes: UserUpdate) -> dict[str, Any]:
        values = sent(changes)
        if "disabled" in values:
            disabled = values.pop("disabled")
            values["disabled_at"] = (user.disabled_at or self._now) if disabled else None
        return values

    async def _keep_a_founder(self, user: User, values: dict[str, Any]) -> None:
        stays = values.get("role", user.role) is FOUNDER and not values.get("disabled_at")
        if stays or user.role is not FOUNDER or user.disabled:
            return
        others = await self._users.count_others(FOUNDER, than=user.id, tenant_id=self._tenant_id)
        if others == 0:
            raise LastOwnerError


def _log(user: User) -> None:
    logger.bind(
        event="membership_change",
        account_id=str(user.id),
        role=str(user.role),
        disabled=user.disabled,
    ).info("user changed")

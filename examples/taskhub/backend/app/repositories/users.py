"""Data access for users."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import ColumnElement, func, select, update

from app.core.ids import TenantId, UserId
from app.db.filters import equal, truth
from app.db.parameters import given
from app.models.role import Role
from app.models.user import User, handle_root, users
from app.repositories.entities import EntityRepository
from app.schemas.page import Page, PageRequest

_FILTERS: Final[Mapping[str, ColumnElement[bool]]] = {
    "role": equal(users.c.role, "role"),
    "disabled": truth(users.c.disabled_at.is_not(None), "disabled"),
}


class UserRepository(EntityRepository[User]):
    """Users of one tenant at a time."""

    table = users
    model = User

    async def matching(
        self,
        request: PageRequest,
        *,
        role: Role | None,
        disabled: bool | None,
        tenant_id: TenantId,
    ) -> Page[User]:
        """Return a part of the users who have `role` and are `disabled`; None: any."""
        values = {"role": role, "disabled": disabled}
        return await self.filtered(request, _FILTERS, values, tenant_id=tenant_id)

    async def has_email(self, email_key: str, *, tenant_id: TenantId) -> bool:
        """Return whether somebody in the tenant has the address."""
        found = select(users.c.id).where(
            users.c.tenant_id == tenant_id, users.c.email_key == email_key
        )
        return await self._transaction.scalar(found) is not None

    async def free_handle(self, name: str, *, tenant_id: TenantId) -> str:
        """Return a handle for `name` that nobody in the tenant has."""
        root = handle_root(name)
        similar = users.c.handle.startswith(root, autoescape=True)
        found = select(users.c.handle).where(users.c.tenant_id == tenant_id, similar)
        taken = {row.handle for row in await self._transaction.all(found)}
        number = 1
        handle = root
        while handle in taken:
            number += 1
            handle = f"{root}-{number}"
        return handle

    async def count_others(self, role: Role, *, than: UserId, tenant_id: TenantId) -> int:
        """Return how many people other than `than` have `role` and are not disabled."""
        found = select(func.count()).where(
            users.c.tenant_id == tenant_id,
            users.c.role == role,
            users.c.disabled_at.is_(None),
            users.c.id != than,
        )
        return int(await self._transaction.scalar(found))

    async def renew_password_hash(
        self, user_id: UserId, password_hash: str, *, tenant_id: TenantId
    ) -> None:
        """Store a stronger hash of the same password; nothing that a client sees changes."""
        renewed = update(users).where(self._row()).values(password_hash=password_hash)
        await self._transaction.execute(renewed, given(tenant_id, user_id))

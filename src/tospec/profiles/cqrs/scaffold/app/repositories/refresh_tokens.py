"""Data access for refresh tokens, and for the sign-ins they keep alive."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Column, exists, select, update

from app.core.ids import TenantId, UserId
from app.db.parameters import NOW, TENANT, given, parameter
from app.db.statements import Fixed
from app.models.refresh_token import RefreshToken, refresh_tokens
from app.models.role import Role
from app.models.tenant import tenants
from app.models.user import users
from app.repositories.entities import EntityRepository


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionHolder:
    """Who is signed in.

    Attributes:
        suspended: Whether the person's tenant is.
    """

    role: Role
    suspended: bool


_SIGN_IN: Final = exists().where(
    refresh_tokens.c.tenant_id == TENANT,
    refresh_tokens.c.family_id == parameter("session", refresh_tokens.c.family_id),
    refresh_tokens.c.user_id == parameter("user", refresh_tokens.c.user_id),
    refresh_tokens.c.revoked_at.is_(None),
)
_HOLDER: Final = Fixed(
    select(users.c.role, tenants.c.suspended_at)
    .join_from(users, tenants, users.c.tenant_id == tenants.c.id)
    .where(users.c.tenant_id == TENANT, users.c.id == parameter("user", users.c.id))
    .where(users.c.disabled_at.is_(None), _SIGN_IN)
)
CHECKED: Final = frozenset(_HOLDER.touch.tables)
"""The tables on which it depends whether somebody is signed in, and with which role."""


class RefreshTokenRepository(EntityRepository[RefreshToken]):
    """Refresh tokens of one tenant at a time."""

    table = refresh_tokens
    model = RefreshToken

    async def by_hash(self, token_hash: str, *, tenant_id: TenantId) -> RefreshToken | None:
        """Return the token with that digest, locked, or None."""
        found = self._scoped().where(refresh_tokens.c.token_hash == token_hash)
        return await self._optional(found.with_for_update(), given(tenant_id))

    async def mark_used(self, token: RefreshToken, *, tenant_id: TenantId) -> None:
        """Record that `token` was exchanged."""
        used = update(refresh_tokens).where(self._row()).values(used_at=NOW)
        await self._transaction.execute(used, given(tenant_id, token.id))

    async def revoke_family(self, family_id: UUID, *, tenant_id: TenantId) -> None:
        """End one sign-in."""
        await self._revoke(refresh_tokens.c.family_id, family_id, tenant_id)

    async def revoke_user(self, user_id: UserId, *, tenant_id: TenantId) -> None:
        """End every sign-in of a person."""
        await self._revoke(refresh_tokens.c.user_id, user_id, tenant_id)

    async def holder(
        self, session_id: UUID, user_id: UserId, *, tenant_id: TenantId
    ) -> SessionHolder | None:
        """Return who holds the sign-in; None if it has ended or the person is disabled."""
        values = given(tenant_id, None, {"session": session_id, "user": user_id})
        row = await self._transaction.one_or_none(_HOLDER, values)
        if row is None:
            return None
        return SessionHolder(role=row.role, suspended=row.suspended_at is not None)

    async def _revoke(self, column: Column[Any], value: UUID, tenant_id: TenantId) -> None:
        rows = update(refresh_tokens).where(
            refresh_tokens.c.tenant_id == tenant_id,
            column == value,
            refresh_tokens.c.revoked_at.is_(None),
        )
        await self._transaction.execute(rows.values(revoked_at=NOW))

"""Finds what leads to a tenant, before any tenant is known.

For transactions of `Database.begin_accounts` only. What is found is no more than what
says where to go on; all else is read again in a transaction of the tenant.
"""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from app.core.ids import TenantId, UserId
from app.db.transactions import Transaction
from app.models.invitation import invitations
from app.models.refresh_token import refresh_tokens
from app.models.user import users


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What a password is held against."""

    user_id: UserId
    tenant_id: TenantId
    password_hash: str = field(repr=False)
    disabled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundToken:
    """Where a refresh token belongs.

    Attributes:
        used_at: When it was exchanged, as far as that was known when it was looked up.
    """

    tenant_id: TenantId
    used_at: datetime | None


class AccountLookup:
    """Looks accounts up over all tenants."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def credentials(self, email_key: str) -> Credentials | None:
        """Return the credentials of the account with the address, or None."""
        columns = (users.c.id, users.c.tenant_id, users.c.password_hash, users.c.disabled_at)
        found = select(*columns).where(users.c.email_key == email_key)
        row = await self._transaction.one_or_none(found)
        if row is None:
            return None
        return Credentials(
            user_id=row.id,
            tenant_id=row.tenant_id,
            password_hash=row.password_hash,
            disabled=row.disabled_at is not None,
        )

    async def refresh_token(self, token_hash: str) -> FoundToken | None:
        """Return where the refresh token with that digest belongs, or None."""
        columns = (refresh_tokens.c.tenant_id, refresh_tokens.c.used_at)
        found = select(*columns).where(refresh_tokens.c.token_hash == token_hash)
        row = await self._transaction.one_or_none(found)
        if row is None:
            return None
        return FoundToken(tenant_id=row.tenant_id, used_at=row.used_at)

    async def invitation(self, token_hash: str) -> TenantId | None:
        """Return the tenant that the invitation with that digest leads to, or None."""
        found = select(invitations.c.tenant_id).where(invitations.c.token_hash == token_hash)
        row = await self._transaction.one_or_none(found)
        return None if row is None else row.tenant_id

"""Data access for invitations."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import ColumnElement, and_

from app.core.ids import TenantId
from app.db.parameters import NOW, given
from app.models.invitation import Invitation, invitations
from app.repositories.entities import EntityRepository

OPEN: Final[ColumnElement[bool]] = and_(
    invitations.c.accepted_at.is_(None), invitations.c.revoked_at.is_(None)
)
"""Holds for invitations that were neither accepted nor revoked; they may have expired."""


class InvitationRepository(EntityRepository[Invitation]):
    """Invitations of one tenant at a time."""

    table = invitations
    model = Invitation

    async def acceptable(self, token_hash: str, *, tenant_id: TenantId) -> Invitation | None:
        """Return the invitation with that secret, locked, if it can still be accepted."""
        found = self._scoped().where(
            invitations.c.token_hash == token_hash,
            OPEN,
            invitations.c.expires_at > NOW,
        )
        return await self._optional(found.with_for_update(), given(tenant_id))

    async def open_for(self, email_key: str, *, tenant_id: TenantId) -> Sequence[Invitation]:
        """Return what is open for the address, locked."""
        found = self._scoped().where(invitations.c.email_key == email_key, OPEN)
        rows = await self._transaction.all(found.with_for_update(), given(tenant_id))
        return [self._entity(row) for row in rows]

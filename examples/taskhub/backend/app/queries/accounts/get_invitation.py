"""Read one open invitation."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.authorization.actor import Actor
from app.authorization.dispatch import Message
from app.authorization.permissions import MANAGE_USERS
from app.db.engine import Database
from app.models.invitation import Invitation
from app.repositories.invitations import OPEN, InvitationRepository


@dataclass(frozen=True, slots=True, kw_only=True)
class GetInvitation(Message[Invitation]):
    """Read an open invitation."""

    permission: ClassVar = MANAGE_USERS
    invitation_id: UUID


class GetInvitationHandler:
    """Answers `GetInvitation`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def __call__(self, query: GetInvitation, *, actor: Actor) -> Invitation:
        """Answer `query` on behalf of `actor`."""
        async with self._database.read(actor.tenant_id, caller=actor) as transaction:
            return await InvitationRepository(transaction).get(
                query.invitation_id, tenant_id=actor.tenant_id, visible=OPEN
            )

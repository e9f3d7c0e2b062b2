"""Take an open invitation back."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.authorization.actor import Actor
from app.authorization.decisions import require_object
from app.authorization.dispatch import Message
from app.authorization.permissions import MANAGE_USERS
from app.authorization.policies.users import may_grant
from app.core.preconditions import Precondition
from app.db.engine import Database
from app.services.invitations import InvitationService


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeInvitation(Message[None]):
    """Revoke an invitation."""

    permission: ClassVar = MANAGE_USERS
    invitation_id: UUID
    condition: Precondition


class RevokeInvitationHandler:
    """Carries out `RevokeInvitation` in one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def __call__(self, command: RevokeInvitation, *, actor: Actor) -> None:
        """Run `command` on behalf of `actor`."""
        async with self._database.begin(actor.tenant_id, caller=actor) as transaction:
            service = InvitationService(transaction, actor)
            invitation = await service.get_for_update(command.invitation_id)
            require_object(
                may_grant(actor, invitation.role),
                actor=actor,
                action=MANAGE_USERS,
                resource="invitation",
                resource_id=invitation.id,
            )
            command.condition.check(invitation)
            await service.revoke(invitation)

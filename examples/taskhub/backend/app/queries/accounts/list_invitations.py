"""List open invitations."""

from dataclasses import dataclass
from typing import ClassVar

from app.authorization.actor import Actor
from app.authorization.dispatch import Message
from app.authorization.permissions import MANAGE_USERS
from app.core.inputs import Payload
from app.db.engine import Database
from app.models.invitation import Invitation
from app.repositories.invitations import OPEN, InvitationRepository
from app.schemas.invitations import InvitationListParameters
from app.schemas.page import ListRequest, Page


@dataclass(frozen=True, slots=True, kw_only=True)
class ListInvitations(Message[Page[Invitation]]):
    """List the invitations that were neither accepted nor revoked."""

    permission: ClassVar = MANAGE_USERS
    listing: Payload[ListRequest[InvitationListParameters]]


class ListInvitationsHandler:
    """Answers `ListInvitations`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def __call__(self, query: ListInvitations, *, actor: Actor) -> Page[Invitation]:
        """Answer `query` on behalf of `actor`."""
        listing = query.listing.value
        async with self._database.read(actor.tenant_id, caller=actor) as transaction:
            return await InvitationRepository(transaction).page(
                listing.page, OPEN, tenant_id=actor.tenant_id
            )

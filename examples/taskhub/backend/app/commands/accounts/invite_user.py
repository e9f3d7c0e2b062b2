"""Invite somebody by e-mail."""

from dataclasses import dataclass
from typing import ClassVar

from app.authorization.actor import Actor
from app.authorization.dispatch import Message
from app.authorization.permissions import MANAGE_USERS
from app.core.inputs import Payload
from app.db.engine import Database
from app.schemas.invitations import InvitationInput
from app.services.invitations import InvitationRules, InvitationService, IssuedInvitation


@dataclass(frozen=True, slots=True, kw_only=True)
class InviteUser(Message[IssuedInvitation]):
    """Invite somebody to the actor's tenant."""

    permission: ClassVar = MANAGE_USERS
    body: Payload[InvitationInput]


class InviteUserHandler:
    """Carries out `InviteUser` in one transaction."""

    def __init__(self, database: Database, rules: InvitationRules) -> None:
        self._database = database
        self._rules = rules

    async def __call__(self, command: InviteUser, *, actor: Actor) -> IssuedInvitation:
        """Run `command` on behalf of `actor`."""
        body = command.body.value
        async with self._database.begin(actor.tenant_id, caller=actor) as transaction:
            return await InvitationService(transaction, actor).invite(body, self._rules)

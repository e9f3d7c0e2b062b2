"""Sign out: end the sign-in that the credential belongs to."""

from dataclasses import dataclass
from typing import ClassVar

from loguru import logger

from app.authorization.actor import Actor
from app.authorization.dispatch import Message
from app.db.engine import Database
from app.services.sessions import SessionRules, SessionService


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOut(Message[None]):
    """End the actor's sign-in."""

    permission: ClassVar = None


class SignOutHandler:
    """Carries out `SignOut` in one transaction."""

    def __init__(self, database: Database, sessions: SessionRules) -> None:
        self._database = database
        self._sessions = sessions

    async def __call__(self, command: SignOut, *, actor: Actor) -> None:
        """Run `command` on behalf of `actor`."""
        if actor.session_id is None:
            return
        async with self._database.begin(actor.tenant_id, caller=actor) as transaction:
            service = SessionService(transaction, self._sessions, actor.tenant_id)
            await service.end(actor.session_id)
        logger.bind(event="sign_out").info("signed out")

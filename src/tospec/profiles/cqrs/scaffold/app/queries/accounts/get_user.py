"""Read one user."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.authorization.actor import Actor
from app.authorization.dispatch import Message
from app.db.engine import Database
from app.models.user import User
from app.repositories.users import UserRepository


@dataclass(frozen=True, slots=True, kw_only=True)
class GetUser(Message[User]):
    """Read a user; colleagues see each other."""

    permission: ClassVar = None
    user_id: UUID


class GetUserHandler:
    """Answers `GetUser`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def __call__(self, query: GetUser, *, actor: Actor) -> User:
        """Answer `query` on behalf of `actor`."""
        async with self._database.read(actor.tenant_id, caller=actor) as transaction:
            return await UserRepository(transaction).get(query.user_id, tenant_id=actor.tenant_id)

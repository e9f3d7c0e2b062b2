"""List users."""

from dataclasses import dataclass
from typing import ClassVar

from app.authorization.actor import Actor
from app.authorization.dispatch import Message
from app.core.inputs import Payload
from app.db.engine import Database
from app.models.user import User
from app.repositories.users import UserRepository
from app.schemas.page import ListRequest, Page
from app.schemas.users import UserListParameters


@dataclass(frozen=True, slots=True, kw_only=True)
class ListUsers(Message[Page[User]]):
    """List users; colleagues see each other."""

    permission: ClassVar = None
    listing: Payload[ListRequest[UserListParameters]]


class ListUsersHandler:
    """Answers `ListUsers`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def __call__(self, query: ListUsers, *, actor: Actor) -> Page[User]:
        """Answer `query` on behalf of `actor`."""
        listing = query.listing.value
        async with self._database.read(actor.tenant_id, caller=actor) as transaction:
            return await UserRepository(transaction).matching(
                listing.page,
                role=listing.parameters.role,
                disabled=listing.parameters.disabled,
                tenant_id=actor.tenant_id,
            )

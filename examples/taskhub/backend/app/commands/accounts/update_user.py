"""Change a person's role, or disable their account."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.authorization.actor import Actor
from app.authorization.decisions import require_object
from app.authorization.dispatch import Message
from app.authorization.permissions import MANAGE_USERS
from app.authorization.policies.users import may_manage
from app.core.inputs import Payload
from app.core.preconditions import Precondition
from app.db.engine import Database
from app.models.user import User
from app.schemas.users import UserUpdate
from app.services.users import UserService


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateUser(Message[User]):
    """Change a user."""

    permission: ClassVar = MANAGE_USERS
    user_id: UUID
    changes: Payload[UserUpdate]
    condition: Precondition


class UpdateUserHandler:
    """Carries out `UpdateUser` in one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def __call__(self, command: UpdateUser, *, actor: Actor) -> User:
        """Run `command` on behalf of `actor`."""
        async with self._database.begin(actor.tenant_id, caller=actor) as transaction:
            service = UserService(transaction, actor)
            user = await service.get_for_update(command.user_id)
            require_object(
                may_manage(actor, user),
                actor=actor,
                action=MANAGE_USERS,
                resource="user",
                resource_id=user.id,
            )
            changes = command.changes.value
            service.require_grantable(user, changes)
            command.condition.check(user)
            return await service.update(user, changes)

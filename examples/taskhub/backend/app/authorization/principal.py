"""A principal as SQL: one known actor, or each row of a table of users."""

from dataclasses import dataclass
from typing import Self
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, String, Uuid, literal

from app.authorization.actor import Actor
from app.authorization.permissions import ROLE_PERMISSIONS, Permission


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """Somebody whom policies ask about within a statement."""

    user_id: ColumnElement[UUID]
    role: ColumnElement[str]

    @classmethod
    def of(cls, actor: Actor) -> Self:
        """Return the principal that is `actor`."""
        return cls(user_id=literal(actor.user_id, Uuid()), role=literal(actor.role.value, String()))

    @classmethod
    def row(cls, user: FromClause) -> Self:
        """Return the principal that is the row `user`."""
        return cls(user_id=user.c.id, role=user.c.role)

    def has(self, permission: Permission) -> ColumnElement[bool]:
        """Hold where the principal's role has `permission`."""
        roles = [role for role, held in ROLE_PERMISSIONS.items() if permission in held]
        return self.role.in_(sorted(roles))

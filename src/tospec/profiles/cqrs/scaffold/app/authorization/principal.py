"""A principal as SQL: who acts in a transaction, or each row of a table of users."""

from dataclasses import dataclass
from typing import Final, Self
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause

from app.authorization.permissions import ROLE_PERMISSIONS, Permission
from app.db.parameters import CALLER_ID, CALLER_ROLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """Somebody whom policies ask about within a statement."""

    user_id: ColumnElement[UUID]
    role: ColumnElement[str]

    @classmethod
    def row(cls, user: FromClause) -> Self:
        """Return the principal that is the row `user`."""
        return cls(user_id=user.c.id, role=user.c.role)

    def has(self, permission: Permission) -> ColumnElement[bool]:
        """Hold where the principal's role has `permission`."""
        roles = [role for role, held in ROLE_PERMISSIONS.items() if permission in held]
        return self.role.in_(sorted(roles))


CALLER: Final = Principal(user_id=CALLER_ID, role=CALLER_ROLE)
"""Whoever the transaction was opened for."""

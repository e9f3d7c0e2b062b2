"""On whose behalf something is done."""

from dataclasses import dataclass
from uuid import UUID

from app.authorization.permissions import ROLE_PERMISSIONS, Permission, Role
from app.core.ids import TenantId, UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A verified person in one tenant, with one role.

    Attributes:
        session_id: The sign-in the credential belongs to; None for work without one.
    """

    user_id: UserId
    tenant_id: TenantId
    role: Role
    session_id: UUID | None = None

    def has(self, permission: Permission) -> bool:
        """Return whether the actor's role holds `permission`."""
        return permission in ROLE_PERMISSIONS[self.role]

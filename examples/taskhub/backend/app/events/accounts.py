"""Events about accounts."""

from dataclasses import dataclass
from typing import ClassVar, Self
from uuid import UUID

from app.events.base import Event
from app.models.invitation import Invitation
from app.models.role import Role
from app.models.tenant import Tenant
from app.models.user import User


@dataclass(frozen=True, slots=True, kw_only=True)
class TenantCreated(Event):
    """Tenant created."""

    NAME: ClassVar[str] = "TenantCreated"
    id: UUID
    name: str

    @classmethod
    def of(cls, tenant: Tenant) -> Self:
        """Return the event about `tenant`."""
        return cls(
            tenant_id=tenant.id,
            id=tenant.id,
            name=tenant.name,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class UserInvited(Event):
    """User invited."""

    NAME: ClassVar[str] = "UserInvited"
    id: UUID
    email: str
    role: Role

    @classmethod
    def of(cls, invitation: Invitation) -> Self:
        """Return the event about `invitation`."""
        return cls(
            tenant_id=invitation.tenant_id,
            id=invitation.id,
            email=invitation.email,
            role=invitation.role,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class UserJoined(Event):
    """User joined."""

    NAME: ClassVar[str] = "UserJoined"
    id: UUID
    role: Role

    @classmethod
    def of(cls, user: User) -> Self:
        """Return the event about `user`."""
        return cls(
            tenant_id=user.tenant_id,
            id=user.id,
            role=user.role,
        )

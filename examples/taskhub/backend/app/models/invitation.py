"""Invitations: how people join a tenant."""

from datetime import datetime
from typing import ClassVar, Final
from uuid import UUID

from sqlalchemy import Column, Index, String, UniqueConstraint, Uuid, text

from app.core.ids import TenantId, UserId
from app.db.metadata import (
    FIELDS,
    enum_type,
    reference,
    tenant_table,
    timestamps,
    version_column,
)
from app.db.types import UtcDateTime
from app.models.base import Entity
from app.models.role import Role
from app.models.user import MAX_EMAIL

_OPEN: Final = text("accepted_at IS NULL AND revoked_at IS NULL")


class Invitation(Entity, frozen=True):
    """An offer to somebody with an e-mail address to join with a role, once.

    Attributes:
        token_hash: Digest of the secret that whoever accepts must show.
    """

    SECRETS: ClassVar[frozenset[str]] = frozenset({"token_hash"})

    id: UUID
    tenant_id: TenantId
    email: str
    email_key: str
    role: Role
    token_hash: str
    invited_by_id: UserId
    expires_at: datetime
    accepted_at: datetime | None
    revoked_at: datetime | None
    created_at: datetime
    updated_at: datetime
    version: int


invitations: Final = tenant_table(
    "invitations",
    Column("email", String(MAX_EMAIL), nullable=False),
    Column("email_key", String(MAX_EMAIL), nullable=False),
    Column("role", enum_type(Role, name="role"), nullable=False),
    Column("token_hash", String(64), nullable=False),
    Column("invited_by_id", Uuid(), nullable=False),
    Column("expires_at", UtcDateTime(), nullable=False),
    Column("accepted_at", UtcDateTime(), nullable=True),
    Column("revoked_at", UtcDateTime(), nullable=True),
    *timestamps(),
    version_column(),
    UniqueConstraint("token_hash"),
    reference("invited_by_id", "users"),
    Index(
        "uq_invitations_open",
        "tenant_id",
        "email_key",
        unique=True,
        postgresql_where=_OPEN,
        sqlite_where=_OPEN,
        info={FIELDS: ("email",)},
    ),
    Index("ix_invitations_sorted_by_created_at", "tenant_id", "created_at", "id"),
)

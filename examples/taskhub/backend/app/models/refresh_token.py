"""Refresh tokens: what keeps a person signed in."""

from datetime import datetime
from typing import ClassVar, Final
from uuid import UUID

from sqlalchemy import Column, Index, String, UniqueConstraint, Uuid

from app.core.ids import TenantId, UserId
from app.db.metadata import reference, tenant_table
from app.db.types import UtcDateTime
from app.models.base import Entity


class RefreshToken(Entity, frozen=True):
    """One link in the chain of tokens that began with a sign-in.

    Attributes:
        family_id: The sign-in; the `sid` of the access tokens that belong to it.
        token_hash: Digest of the token; the token itself is not kept.
        used_at: When it was exchanged for the next one.
        revoked_at: When the whole family was revoked.
    """

    SECRETS: ClassVar[frozenset[str]] = frozenset({"token_hash"})

    id: UUID
    tenant_id: TenantId
    user_id: UserId
    family_id: UUID
    token_hash: str
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None


refresh_tokens: Final = tenant_table(
    "refresh_tokens",
    Column("user_id", Uuid(), nullable=False),
    Column("family_id", Uuid(), nullable=False),
    Column("token_hash", String(64), nullable=False),
    Column("created_at", UtcDateTime(), nullable=False),
    Column("expires_at", UtcDateTime(), nullable=False),
    Column("used_at", UtcDateTime(), nullable=True),
    Column("revoked_at", UtcDateTime(), nullable=True),
    UniqueConstraint("token_hash"),
    reference("user_id", "users", ondelete="CASCADE"),
    Index("ix_refresh_tokens_family_id", "tenant_id", "family_id"),
    Index("ix_refresh_tokens_user_id", "tenant_id", "user_id"),
    Index("ix_refresh_tokens_expires_at", "expires_at"),
)

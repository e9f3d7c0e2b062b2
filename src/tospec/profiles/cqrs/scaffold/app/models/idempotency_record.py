"""Idempotency records: what requests with an `Idempotency-Key` were answered."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Column, Index, Integer, LargeBinary, String, Uuid

from app.core.ids import TenantId, UserId
from app.db.metadata import reference, tenant_table, unique
from app.db.types import Json, UtcDateTime
from app.models.base import Entity


class IdempotencyRecord(Entity, frozen=True):
    """The first answer to a key, stored in the transaction that carried the request out.

    Attributes:
        route: The template of the path.
        fingerprint: Digest of the request.
        expires_at: From then on the key is new.
    """

    id: UUID
    tenant_id: TenantId
    user_id: UserId
    method: str
    route: str
    key: str
    fingerprint: str
    status: int
    headers: dict[str, str]
    body: bytes
    expires_at: datetime


idempotency_records: Final = tenant_table(
    "idempotency_records",
    Column("user_id", Uuid(), nullable=False),
    Column("method", String(16), nullable=False),
    Column("route", String(255), nullable=False),
    Column("key", String(255), nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("status", Integer(), nullable=False),
    Column("headers", Json, nullable=False),
    Column("body", LargeBinary(), nullable=False),
    Column("expires_at", UtcDateTime(), nullable=False),
    reference("user_id", "users"),
    unique("user_id", "method", "route", "key"),
    Index("ix_idempotency_records_expires_at", "tenant_id", "expires_at"),
)

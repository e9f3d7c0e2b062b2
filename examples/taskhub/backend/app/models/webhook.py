"""Webhooks: where a tenant hears of events, and what proves that they come from here."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Final
from uuid import UUID

from sqlalchemy import Boolean, Column, Index, Integer, String, Uuid

from app.core.ids import TenantId, UserId
from app.db.metadata import enum_type, reference, tenant_table, timestamps, version_column
from app.db.types import Json, UtcDateTime
from app.models.base import Entity

MAX_URL: Final = 2048


class WebhookDisabledBecause(StrEnum):
    """Why the service no longer delivers to a webhook that nobody has switched off."""

    FAILURES = "failures"
    """Too many deliveries in a row came to nothing."""
    GONE = "gone"
    """Its receiver says that it will never be there again."""


class Webhook(Entity, frozen=True):
    """An address that hears of some events of a tenant.

    Attributes:
        events: Names of the events that it hears of.
        active: Whether anything is delivered.
        disabled_because: Why the service switched it off; None if it did not.
        failures: How many deliveries in a row came to nothing.
        salt: What its signing secret is made from, together with the secret of the service.
        earlier_salt: That of the secret before, which signs as well until `earlier_until`.
    """

    SECRETS: ClassVar[frozenset[str]] = frozenset({"failures", "salt", "earlier_salt"})

    id: UUID
    tenant_id: TenantId
    url: str
    events: list[str]
    active: bool
    disabled_because: WebhookDisabledBecause | None
    failures: int
    salt: str
    earlier_salt: str | None
    earlier_until: datetime | None
    owner_id: UserId
    created_at: datetime
    updated_at: datetime
    version: int


webhooks: Final = tenant_table(
    "webhooks",
    Column("url", String(MAX_URL), nullable=False),
    Column("events", Json, nullable=False),
    Column("active", Boolean(), nullable=False, default=True),
    Column(
        "disabled_because",
        enum_type(WebhookDisabledBecause, name="disabled_because"),
        nullable=True,
    ),
    Column("failures", Integer(), nullable=False, default=0),
    Column("salt", String(64), nullable=False),
    Column("earlier_salt", String(64), nullable=True),
    Column("earlier_until", UtcDateTime(), nullable=True),
    Column("owner_id", Uuid(), nullable=False),
    *timestamps(),
    version_column(),
    reference("owner_id", "users"),
    Index("ix_webhooks_created_at", "tenant_id", "created_at", "id"),
    Index("ix_webhooks_owner_id", "tenant_id", "owner_id"),
)

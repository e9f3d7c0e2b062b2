"""Tenants: the organisations that everything else belongs to."""

from datetime import datetime
from typing import Final

from sqlalchemy import Column, String, Table, Uuid

from app.core.ids import TenantId
from app.core.zones import MAX_ZONE, UTC_NAME
from app.db.metadata import TENANT_OWNED, metadata, text_length, timestamps, version_column
from app.db.types import UtcDateTime
from app.models.base import Entity

MAX_TENANT_NAME: Final = 120


class Tenant(Entity, frozen=True):
    """An organisation with its own people and its own data.

    Attributes:
        time_zone: Whose hours it goes by: an IANA name.
        suspended_at: Since when its people are turned away; None if they are not.
    """

    id: TenantId
    name: str
    time_zone: str
    suspended_at: datetime | None
    created_at: datetime
    updated_at: datetime
    version: int


tenants: Final = Table(
    "tenants",
    metadata,
    Column("id", Uuid(), primary_key=True),
    Column("name", String(MAX_TENANT_NAME), nullable=False),
    Column("time_zone", String(MAX_ZONE), nullable=False, server_default=UTC_NAME),
    Column("suspended_at", UtcDateTime(), nullable=True),
    *timestamps(),
    version_column(),
    text_length("name", 1, MAX_TENANT_NAME),
    info={TENANT_OWNED: True},
)

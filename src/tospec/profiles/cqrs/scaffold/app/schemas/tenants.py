"""Wire format of the tenant."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.models.tenant import MAX_TENANT_NAME
from app.schemas.base import Changes, View, absent
from app.schemas.fields import Instant, TimeZone


class TenantUpdate(Changes):
    """What a client may change of its tenant; what is left out stays as it is."""

    name: Annotated[str, Field(min_length=1, max_length=MAX_TENANT_NAME)] = absent()
    time_zone: TimeZone = absent()


class TenantDetail(View):
    """A tenant, as its people see it."""

    id: UUID
    name: str
    time_zone: str
    created_at: Instant
    updated_at: Instant
    version: int

"""Wire format of audit entries."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from app.schemas.base import View
from app.schemas.fields import Id, Instant
from app.schemas.page import ListParameters


class AuditEntryListParameters(ListParameters):
    """How the audit trail is filtered and sorted."""

    entity_type: Annotated[str, Field(min_length=1, max_length=100)] | None = None
    entity_id: Id | None = None
    actor_id: Id | None = None
    occurred_at_from: Instant | None = None
    occurred_at_before: Instant | None = None
    sort: Literal["occurred_at", "-occurred_at"] = "-occurred_at"


class AuditEntryView(View):
    """One change."""

    id: UUID
    actor_id: UUID | None
    action: str
    entity_type: str
    entity_id: UUID
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    request_id: Annotated[str | None, Field(validation_alias="correlation_id")]
    occurred_at: Instant

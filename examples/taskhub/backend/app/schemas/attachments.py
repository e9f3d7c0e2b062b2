"""Wire format of attachments."""

from typing import Annotated, Final, Literal
from uuid import UUID

from pydantic import Field

from app.schemas.base import Input, View
from app.schemas.fields import Instant
from app.schemas.page import ListParameters

ATTACHMENT_MAX_SIZE: Final = 26_214_400
"""Greatest number of bytes that a file may have."""
ATTACHMENT_MEDIA_TYPES: Final = (
    "image/png",
    "image/jpeg",
    "application/pdf",
    "text/plain",
    "application/zip",
)
"""What a file may be, unless an installation chooses others."""


class AttachmentCreate(Input):
    """What a client sends to create an attachment."""

    name: Annotated[
        str,
        Field(
            min_length=1,
            max_length=255,
            pattern="^(?:[^/\\\\\x00-\x1f\x7f]+)$",
            description="What the file is called; no path.",
        ),
    ]


class AttachmentListParameters(ListParameters):
    """How the attachments are sorted."""

    sort: Literal["created_at", "-created_at", "name", "-name", "size", "-size"] = "created_at"


class AttachmentDetail(View):
    """An attachment."""

    id: UUID
    name: str
    media_type: str
    size: int
    sha256: str
    task_id: UUID
    created_by_id: UUID
    created_at: Instant

"""Wire format of labels."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.schemas.base import Changes, Input, View, absent
from app.schemas.fields import Instant
from app.schemas.page import ListParameters


class LabelCreate(Input):
    """What a client sends to create a label."""

    name: Annotated[str, Field(min_length=1, max_length=50)]
    color: Annotated[str, Field(max_length=255, pattern="^(?:#[0-9A-F]{6})$")] = "#808080"


class LabelUpdate(Changes):
    """What a client may change of a label; what is left out stays as it is."""

    name: Annotated[str, Field(min_length=1, max_length=50)] = absent()
    color: Annotated[str, Field(max_length=255, pattern="^(?:#[0-9A-F]{6})$")] = absent()


class LabelListParameters(ListParameters):
    """How the labels are sorted."""

    sort: Literal["name", "-name", "created_at", "-created_at"] = "name"


class LabelView(View):
    """A label."""

    id: UUID
    name: str
    color: str
    created_at: Instant
    updated_at: Instant
    version: int

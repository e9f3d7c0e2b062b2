"""Wire format of comments."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.schemas.base import Changes, Input, View, absent
from app.schemas.fields import Instant
from app.schemas.page import ListParameters


class CommentCreate(Input):
    """What a client sends to create a comment."""

    body: Annotated[str, Field(min_length=1, max_length=5000)]


class CommentUpdate(Changes):
    """What a client may change of a comment; what is left out stays as it is."""

    body: Annotated[str, Field(min_length=1, max_length=5000)] = absent()


class CommentListParameters(ListParameters):
    """How the comments are sorted."""

    sort: Literal["created_at", "-created_at"] = "created_at"


class ListDeletedCommentsParameters(ListParameters):
    """Which part of the deleted comments is wanted."""


class CommentView(View):
    """A comment."""

    id: UUID
    body: str
    task_id: UUID
    author_id: UUID
    created_at: Instant
    updated_at: Instant
    version: int

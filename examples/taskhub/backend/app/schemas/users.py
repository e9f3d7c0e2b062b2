"""Wire format of users."""

from typing import Literal
from uuid import UUID

from app.models.role import Role
from app.schemas.base import Changes, View, absent
from app.schemas.fields import Instant, QueryBool
from app.schemas.page import ListParameters


class UserUpdate(Changes):
    """What a client may change of a user; what is left out stays as it is."""

    role: Role = absent()
    disabled: bool = absent()


class UserListParameters(ListParameters):
    """How the users are filtered and sorted."""

    role: Role | None = None
    disabled: QueryBool | None = None
    sort: Literal["name", "-name", "created_at", "-created_at"] = "name"


class UserView(View):
    """A user."""

    id: UUID
    email: str
    name: str
    handle: str
    role: Role
    disabled: bool
    created_at: Instant
    updated_at: Instant
    version: int

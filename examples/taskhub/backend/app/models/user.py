"""Users: the people of a tenant."""

import re
import unicodedata
from datetime import datetime
from typing import ClassVar, Final

from sqlalchemy import Column, Index, String, UniqueConstraint

from app.core.ids import TenantId, UserId
from app.db.metadata import (
    FIELDS,
    enum_type,
    tenant_table,
    text_length,
    timestamps,
    unique,
    version_column,
)
from app.db.types import UtcDateTime
from app.models.base import Entity
from app.models.role import Role

MAX_EMAIL: Final = 254
MAX_USER_NAME: Final = 120
MAX_HANDLE: Final = 64
_HANDLE_ROOT: Final = 50
_NO_HANDLE: Final = re.compile(r"[^a-z0-9]+")


class User(Entity, frozen=True):
    """A person with an account, in one tenant and with one role.

    Attributes:
        email_key: The address as sign-in compares it; unique over the installation.
        handle: What follows an `@` to mention the person; unique in the tenant.
        disabled_at: Since when the account is refused; None if it is not.
    """

    SECRETS: ClassVar[frozenset[str]] = frozenset({"password_hash"})

    id: UserId
    tenant_id: TenantId
    email: str
    email_key: str
    name: str
    handle: str
    role: Role
    password_hash: str
    disabled_at: datetime | None
    created_at: datetime
    updated_at: datetime
    version: int

    @property
    def disabled(self) -> bool:
        """Return whether the account is refused."""
        return self.disabled_at is not None


users: Final = tenant_table(
    "users",
    Column("email", String(MAX_EMAIL), nullable=False),
    Column("email_key", String(MAX_EMAIL), nullable=False),
    Column("name", String(MAX_USER_NAME), nullable=False),
    Column("handle", String(MAX_HANDLE), nullable=False),
    Column("role", enum_type(Role, name="role"), nullable=False),
    Column("password_hash", String(255), nullable=False),
    Column("disabled_at", UtcDateTime(), nullable=True),
    *timestamps(),
    version_column(),
    UniqueConstraint("email_key", info={FIELDS: ("email",)}),
    unique("handle"),
    text_length("name", 1, MAX_USER_NAME),
    Index("ix_users_sorted_by_name", "tenant_id", "name", "id"),
    Index("ix_users_sorted_by_created_at", "tenant_id", "created_at", "id"),
)


def handle_root(name: str) -> str:
    """Return the handle that suits `name`: lower-case ASCII words joined by `-`."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return _NO_HANDLE.sub("-", plain)[:_HANDLE_ROOT].strip("-") or "user"

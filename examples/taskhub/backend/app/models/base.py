"""What entities have in common."""

from typing import Any, ClassVar, Protocol
from uuid import UUID

from sqlalchemy import Row

from app.core.ids import TenantId


class TenantOwned(Protocol):
    """A row that belongs to one tenant; a frozen dataclass whose fields are its columns."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def id(self) -> UUID:
        """Return the row's identifier."""
        ...

    @property
    def tenant_id(self) -> TenantId:
        """Return the tenant that owns the row."""
        ...


def hydrate[M](model: type[M], row: Row[Any]) -> M:
    """Return the entity that `row` holds; columns are named as the fields are."""
    return model(**row._mapping)  # the public name of a row's mapping

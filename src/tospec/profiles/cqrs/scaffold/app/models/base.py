"""What entities have in common."""

from typing import Any, ClassVar, Protocol, override
from uuid import UUID

from msgspec import Struct
from sqlalchemy import Row

from app.core.ids import TenantId


class Entity(Struct, frozen=True, gc=False):
    """A row as a value: first the columns of its table, in their order, then what is derived.

    Attributes:
        SECRETS: Names of fields that are neither shown nor recorded.
    """

    SECRETS: ClassVar[frozenset[str]] = frozenset()

    @override
    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in open_fields(self))
        return f"{type(self).__name__}({shown})"


class TenantOwned(Protocol):
    """An entity that belongs to one tenant."""

    __struct_fields__: ClassVar[tuple[str, ...]]

    @property
    def id(self) -> UUID:
        """Return the row's identifier."""
        ...

    @property
    def tenant_id(self) -> TenantId:
        """Return the tenant that owns the row."""
        ...


def open_fields(entity: Entity | type[Entity]) -> tuple[str, ...]:
    """Return the names of the fields of `entity`, or of a kind of them, that are no secrets."""
    return tuple(name for name in entity.__struct_fields__ if name not in entity.SECRETS)


def hydrate[M](model: type[M], row: Row[Any]) -> M:
    """Return the entity that `row` holds; columns are named as the fields are."""
    return model(**row._mapping)  # the public name of a row's mapping

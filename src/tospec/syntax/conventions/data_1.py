"""data-1: fields that every entity has."""

from dataclasses import replace
from typing import Final

from tospec.model import Field, FieldType, Generated
from tospec.source import Span

NAME: Final = "data-1"
_NOWHERE: Final = Span("", 1, 1)
_ID: Final = Field(
    name="id",
    type=FieldType.UUID,
    span=_NOWHERE,
    generated=Generated.ID,
    immutable=True,
    description="Identifies the row; UUIDv7.",
    origin=NAME,
)
_CREATED_AT: Final = Field(
    name="created_at",
    type=FieldType.TIMESTAMP,
    span=_NOWHERE,
    generated=Generated.NOW,
    immutable=True,
    description="When the row was created.",
    origin=NAME,
)
_UPDATED_AT: Final = Field(
    name="updated_at",
    type=FieldType.TIMESTAMP,
    span=_NOWHERE,
    generated=Generated.CHANGED,
    description="When the row was last changed.",
    origin=NAME,
)
_VERSION: Final = Field(
    name="version",
    type=FieldType.INT,
    span=_NOWHERE,
    generated=Generated.VERSION,
    description="Counts the changes; the entity tag of the row.",
    origin=NAME,
)


def added_fields(span: Span, *, optimistic: bool) -> tuple[tuple[Field, ...], tuple[Field, ...]]:
    """Return the fields that stand before and after those of the spec, placed at `span`."""
    last = (_CREATED_AT, _UPDATED_AT, *((_VERSION,) if optimistic else ()))
    return (replace(_ID, span=span),), tuple(replace(field, span=span) for field in last)


def managed_field(
    name: str,
    type_: FieldType,
    span: Span,
    description: str,
    *,
    origin: str,
    values: tuple[str, ...] = (),
    optional: bool = False,
    immutable: bool = False,
) -> Field:
    """Return a field that the service alone writes, brought by the convention `origin`."""
    return Field(
        name=name,
        type=type_,
        span=span,
        optional=optional,
        values=values,
        immutable=immutable,
        managed=True,
        description=description,
        origin=origin,
    )

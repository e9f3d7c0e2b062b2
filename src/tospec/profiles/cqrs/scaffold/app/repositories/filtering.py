"""What lists are narrowed down to."""

from dataclasses import fields
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def members(filters: "DataclassInstance") -> dict[str, object]:
    """Return the filters that a list was given, by name."""
    return {field.name: getattr(filters, field.name) for field in fields(filters)}

"""Reads events that were announced, as whoever acts on them knows them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter, ValidationError

from app.core.ids import TenantId
from app.events.base import Event


class UnreadableEventError(Exception):
    """A payload is not that of its event, as this version of the service knows it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """An event as it was announced.

    Attributes:
        type: Its name on the wire.
    """

    id: UUID
    type: str
    payload: Mapping[str, Any]


def read[E: Event](event_type: type[E], announced: Announced, tenant_id: TenantId) -> E:
    """Return the event that `announced` tells of.

    Raises:
        UnreadableEventError: If its payload is that of no such event.
    """
    if not isinstance(announced.payload, Mapping):
        raise UnreadableEventError(event_type.NAME)
    reader = _reader(event_type)  # type: ignore[arg-type]  # mypy takes the instance's hash
    try:
        found: E = reader.validate_python({**announced.payload, "tenant_id": tenant_id})
    except ValidationError as error:
        raise UnreadableEventError(event_type.NAME) from error
    return found


@cache
def _reader(event_type: type[Event]) -> TypeAdapter[Any]:
    return TypeAdapter(event_type)

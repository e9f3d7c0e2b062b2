"""Bases of everything that comes in or goes out."""

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from app.core.inputs import Payload
from app.schemas.wire import Wire, layout_of


class Input(BaseModel):
    """A body that a client sends: exact types, no unknown members."""

    model_config = ConfigDict(
        strict=True, extra="forbid", frozen=True, hide_input_in_errors=True, allow_inf_nan=False
    )


class Changes(Input):
    """A body that changes an object: a member that is left out stays as it is."""


def sent(body: Input) -> dict[str, Any]:
    """Return the members that the client sent, null or not, by name."""
    return {name: getattr(body, name) for name in sorted(body.model_fields_set)}


def names(body: Payload[Any], *members: str) -> bool:
    """Return whether a body without faults has one of `members`."""
    return body.fault is None and not body.value.model_fields_set.isdisjoint(members)


def absent() -> Any:
    """Return the default of a member of `Changes`, which nobody may read."""
    return Field(default_factory=lambda: None)


class Parameters(BaseModel):
    """The query parameters of an operation: exact forms, no unknown names."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, hide_input_in_errors=True, allow_inf_nan=False
    )


class View(BaseModel):
    """A representation that a client receives; made of values that are known to fit."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    @classmethod
    def of(cls, entity: object) -> Wire:
        """Return the representation of `entity`, whose attributes have the members' names."""
        show = layout_of(cls) or cls.model_validate
        return show(entity)

    @classmethod
    def each(cls, entities: Iterable[object]) -> list[Wire]:
        """Return the representations of `entities`."""
        show = layout_of(cls) or cls.model_validate
        return [show(entity) for entity in entities]

"""What is known of services that send messages, and of the messages."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from pydantic import SecretStr
from sqlalchemy import Table

from app.core.ids import TenantId
from app.core.settings import Settings
from app.events.base import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A type of message.

    Attributes:
        name: What the sender calls it.
        model: What it looks like.
        table: Where the row is that it is about, whose tenant it is about.
        about: Returns the id of that row; None if a message is about no row of ours.
        event: Returns what it announces in that tenant.
    """

    name: str
    model: type[Any]
    table: Table
    about: Callable[[Any], UUID | None]
    event: Callable[[Any, UUID, TenantId], Event]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """A service that sends messages.

    Attributes:
        path: Where it sends them to.
        secrets: Returns what signs them, as far as an installation has it.
        tolerance: How far the time of a message may be from ours.
        keep: How long the id of a message is remembered.
        refuses_unknown: Whether messages of other types are refused rather than acknowledged.
    """

    name: str
    path: str
    secrets: Callable[[Settings], tuple[SecretStr | None, SecretStr | None]]
    tolerance: timedelta
    keep: timedelta
    refuses_unknown: bool
    kinds: Sequence[Kind]

    def kind(self, name: str) -> Kind | None:
        """Return the kind of messages that the sender calls so; None if nobody here asks for it."""
        return next((each for each in self.kinds if each.name == name), None)

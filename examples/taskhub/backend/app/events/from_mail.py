"""What `mail` tells of its own accord."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.events.base import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class MailBounced(Event):
    """A mail came back."""

    NAME: ClassVar[str] = "MailBounced"
    about_id: UUID
    reason: str | None

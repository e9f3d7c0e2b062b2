"""Other services that tell something of their own accord."""

from dataclasses import dataclass

from tospec.ir.events import Event
from tospec.ir.schemas import Member


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A type of message, and the event that it becomes.

    Attributes:
        type: What the sender calls it.
        about: Name of the value that is the id of a row, among `members`.
        members: What it tells, as far as anybody asks.
    """

    type: str
    event: Event
    about: str
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """A service that sends messages; times in seconds.

    Attributes:
        name: What people and the code know it by: `mail`.
        secrets: Attributes of the settings that hold what signs, and what signed before.
        refuses_unknown: Whether messages of other types are refused rather than acknowledged.
    """

    name: str
    path: str
    secrets: tuple[str, str]
    tolerance: int
    keep: int
    refuses_unknown: bool
    messages: tuple[Message, ...]
    requirements: tuple[str, ...]

    @property
    def origins(self) -> tuple[str, ...]:
        """Spec items that files about it come from."""
        events = (f"event:{each.event.name}" for each in self.messages)
        return (*self.requirements, f"integration:{self.name}", *events)

"""Messages as another service sends them, about rows that tests have made."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx

from app.core.settings import Settings
from app.inbox.base import Sender
from tests.inbox.signing import signed
from tests.world import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A type of message.

    Attributes:
        about: Name of the value that is the id of a row.
        optional: Whether that value may be missing.
        data: All else that it may tell.
        make: Makes such a row.
    """

    sender: Sender
    type: str
    event: str
    about: str
    optional: bool
    data: Mapping[str, Any]
    make: Callable[[Person], Awaitable[Any]]

    def body(self, row_id: UUID | None) -> bytes:
        """Return a message about the row."""
        about = {} if row_id is None else {self.about: str(row_id)}
        return written(type=self.type, data={**self.data, **about})


def written(**message: Any) -> bytes:
    """Return a message as it is sent and signed."""
    return json.dumps(message).encode()


def secret_of(sender: Sender, settings: Settings) -> str:
    """Return what signs the messages of `sender` in tests."""
    secret, _ = sender.secrets(settings)
    assert secret is not None
    return secret.get_secret_value()


async def themselves(person: Person) -> Person:
    """Return a person, whom a message may be about as well as any other row."""
    return person


@dataclass(frozen=True, slots=True, kw_only=True)
class Mouth:
    """Sends what a service says."""

    client: httpx.AsyncClient
    sender: Sender
    secret: str

    async def say(self, body: bytes, **head: Any) -> httpx.Response:
        """Send a message that is signed; `head` as `signed` has it."""
        return await self.send(body, signed(body, self.secret, **head))

    async def send(self, body: bytes, headers: Mapping[str, str]) -> httpx.Response:
        """Send a message with a head of any kind."""
        return await self.client.post(self.sender.path, content=body, headers=dict(headers))

"""Take in what another service tells."""

from dataclasses import dataclass
from typing import Any

from loguru import logger

from app.authorization.dispatch import PublicMessage
from app.db.engine import Database
from app.inbox.base import Kind, Sender
from app.inbox.metrics import MESSAGES
from app.inbox.taking import Outcome, taken_in


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveMessage(PublicMessage[Outcome]):
    """Take in a message that its sender has signed, once.

    Attributes:
        message_id: What the sender knows it by, however often it is sent.
        kind: What it is; None if nobody here asks for such messages.
        content: What it says; None with no `kind`.
    """

    sender: Sender
    message_id: str
    kind: Kind | None
    content: Any


class ReceiveMessageHandler:
    """Carries out `ReceiveMessage`: no more than to remember it, and announce what it tells."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def __call__(self, command: ReceiveMessage) -> Outcome:
        """Run `command`."""
        outcome = await self._taken_in(command)
        MESSAGES.labels(command.sender.name, outcome).inc()
        told = logger.bind(
            event="message_received",
            sender=command.sender.name,
            message_id=command.message_id,
            outcome=outcome,
        )
        told.info("a message came")
        return outcome

    async def _taken_in(self, command: ReceiveMessage) -> Outcome:
        if command.kind is None:
            return Outcome.UNKNOWN
        return await taken_in(
            self._database,
            command.sender,
            command.kind,
            command.content,
            message_id=command.message_id,
        )

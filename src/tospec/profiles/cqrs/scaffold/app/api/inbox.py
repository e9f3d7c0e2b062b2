"""Messages of other services: who sent them is judged before anything in them is read."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any, Final

from fastapi import FastAPI, Request
from loguru import logger
from pydantic import ValidationError as SchemaError

from app.api.faults import field_errors
from app.api.payload import raw_body, require_json
from app.commands.inbox.receive_message import ReceiveMessage
from app.core import errors
from app.core.clock import Clock
from app.core.errors import AppError, FieldError, ValidationError
from app.core.jsonio import check_json
from app.core.message_errors import UnverifiedMessageError
from app.core.settings import Settings
from app.inbox.base import Kind, Sender
from app.inbox.metrics import MESSAGES
from app.schemas.told import Envelope
from app.security.message_signatures import Claim, MessageSignatures

type Admission = Callable[[str], Awaitable[AppError | None]]

_HEADERS: Final = {
    "webhook-id": "What the sender knows the message by, however often it is sent.",
    "webhook-timestamp": "When it was signed, in seconds since 1970.",
    "webhook-signature": "`v1,` and the HMAC-SHA256 of id, time and body; several with blanks.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reception:
    """By what messages are judged; hung on `app.state.reception`.

    Attributes:
        signatures: By the name of a sender.
        admit: Counts a message from an address, and returns what refuses it; None where nothing
            is counted.
    """

    signatures: Mapping[str, MessageSignatures]
    clock: Clock
    admit: Admission | None


def receive_messages(
    app: FastAPI,
    senders: Iterable[Sender],
    settings: Settings,
    clock: Clock,
    *,
    admit: Admission | None = None,
) -> None:
    """Let `app` take in what `senders` have signed with what `settings` say."""
    signatures = {each.name: _signatures(each, settings) for each in senders}
    app.state.reception = Reception(signatures=signatures, clock=clock, admit=admit)


def _signatures(sender: Sender, settings: Settings) -> MessageSignatures:
    secrets = (each.get_secret_value() for each in sender.secrets(settings) if each)
    return MessageSignatures(secrets, tolerance=sender.tolerance)


class MessageReader:
    """The dependency of a route that takes in messages of one service.

    Raises:
        AppError: If the message is one too many, is not its sender's, or is not of its form.
    """

    raises: Final = (
        UnverifiedMessageError,
        errors.MalformedJsonError,
        errors.ContentTooLargeError,
        errors.RequestTimeoutError,
        errors.UnsupportedMediaTypeError,
    )
    parameters: Final = tuple(
        {
            "name": name.title(),
            "in": "header",
            "required": True,
            "description": about,
            "schema": {"type": "string"},
        }
        for name, about in _HEADERS.items()
    )

    def __init__(self, sender: Sender) -> None:
        self.sender = sender
        self.body_model: Any = reduce(or_, (kind.model for kind in sender.kinds))

    async def __call__(self, request: Request) -> ReceiveMessage:
        """Return the command to take in what `request` brings."""
        reception: Reception = request.app.state.reception
        await _require_admission(request, reception)
        body = await raw_body(request)
        claim = _claim(request)
        self._require_proof(reception, claim, body)
        require_json(request)
        kind = self._kind(body)
        return ReceiveMessage(
            sender=self.sender,
            message_id=claim.message_id,
            kind=kind,
            content=_read(kind.model, body) if kind else None,
        )

    def _require_proof(self, reception: Reception, claim: Claim, body: bytes) -> None:
        signatures = reception.signatures[self.sender.name]
        fault = signatures.fault(claim, body, now=reception.clock.now())
        if fault is not None:
            MESSAGES.labels(self.sender.name, "refused").inc()
            told = logger.bind(event="message_refused", sender=self.sender.name, reason=fault)
            told.warning("a message was refused")
            raise UnverifiedMessageError

    def _kind(self, body: bytes) -> Kind | None:
        """Return what a message is; None if nobody here asks for such ones."""
        check_json(body)
        kind = self.sender.kind(_read(Envelope, body).type)
        if kind is None and self.sender.refuses_unknown:
            known = ", ".join(sorted(each.name for each in self.sender.kinds))
            detail = f"Must be one of: {known}."
            raise ValidationError([FieldError(pointer="#/type", code="unknown", detail=detail)])
        return kind


async def _require_admission(request: Request, reception: Reception) -> None:
    if reception.admit is not None:
        refusal = await reception.admit(request.client.host if request.client else "")
        if refusal is not None:
            raise refusal


def _claim(request: Request) -> Claim:
    """Return what the head says; of a header that comes twice no value is believed."""
    found = (request.headers.getlist(name) for name in _HEADERS)
    message_id, timestamp, signatures = (values[0] if len(values) == 1 else "" for values in found)
    return Claim(message_id=message_id, timestamp=timestamp, signatures=signatures)


def _read[T](model: type[T], body: bytes) -> T:
    try:
        read: T = model.model_validate_json(body)  # type: ignore[attr-defined]  # all are models
    except SchemaError as error:
        raise ValidationError(field_errors(error, model)) from None
    return read

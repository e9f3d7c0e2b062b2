"""Errors of messages that other services send."""

from typing import ClassVar

from app.core.errors import UnauthenticatedError


class UnverifiedMessageError(UnauthenticatedError):
    """Nothing proves that the service sent the message, or that it did so lately."""

    slug = "message-not-verified"
    title = "The message is not signed by its sender, or too old."
    scheme: ClassVar[str] = "Standard-Webhooks"

    def __init__(self) -> None:
        super().__init__(presented=False)

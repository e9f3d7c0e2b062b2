"""Form of the messages of `mail`."""

from typing import Annotated, Literal

from pydantic import Field

from app.schemas.fields import Id
from app.schemas.told import Told


class MailBouncedData(Told):
    """What `message.bounced` tells."""

    about: Annotated[Id | None, Field(description="The task that the mail was about.")] = None
    reason: Annotated[
        str | None, Field(max_length=500, description="What the receiving side says.")
    ] = None


class MailBouncedMessage(Told):
    """A mail came back."""

    type: Literal["message.bounced"]
    data: MailBouncedData

"""Base of what other services tell."""

from pydantic import BaseModel, ConfigDict


class Told(BaseModel):
    """A part of a message: exact types; members that nobody asks for are passed over."""

    model_config = ConfigDict(
        strict=True, extra="ignore", frozen=True, hide_input_in_errors=True, allow_inf_nan=False
    )


class Envelope(Told):
    """What all messages have in common."""

    type: str

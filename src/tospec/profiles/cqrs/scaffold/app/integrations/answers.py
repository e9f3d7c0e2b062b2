"""Answers of other services: read up to a size, and believed only if they are what was agreed."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from types import NoneType
from typing import Final

import httpx
from msgspec import DecodeError
from msgspec.json import decode

MAX_ANSWER: Final = 1024 * 1024
_LONGEST_AFTER: Final = timedelta(days=1)
_MAX_EXCERPT: Final = 200


class BadAnswerError(Exception):
    """The answer is not what was agreed. Its text is ours."""


async def read(response: httpx.Response) -> bytes:
    """Return the body of an answer.

    Raises:
        BadAnswerError: If it is too large, or encoded although nobody asked for that.
    """
    if response.headers.get("content-encoding", "identity") != "identity":
        msg = "an encoded answer"
        raise BadAnswerError(msg)
    content = bytearray()
    async for part in response.aiter_raw():
        content += part
        if len(content) > MAX_ANSWER:
            msg = "an answer that is too large"
            raise BadAnswerError(msg)
    return bytes(content)


def understood[A](content: bytes, answer: type[A]) -> A:
    """Return what an answer says; NoneType if that does not matter.

    Raises:
        BadAnswerError: If it is not of the form that was agreed.
    """
    try:
        return decode(b"null" if answer is NoneType else content, type=answer)
    except (DecodeError, UnicodeDecodeError):
        msg = "an answer of another form"
        raise BadAnswerError(msg) from None


def retry_after(response: httpx.Response) -> timedelta:
    """Return how long the service asks to be left alone: `Retry-After` in either form."""
    told = response.headers.get("retry-after", "")
    if told.isascii() and told.isdecimal() and len(told) < len("1000000"):
        return min(timedelta(seconds=int(told)), _LONGEST_AFTER)
    try:
        left = parsedate_to_datetime(told) - datetime.now(UTC)
    except (ValueError, TypeError):
        return timedelta()
    return min(max(left, timedelta()), _LONGEST_AFTER)


def excerpt(content: bytes, *, without: list[str]) -> str:
    """Return the beginning of what a service said, on one line, without what was sent to it."""
    text = content[: 4 * _MAX_EXCERPT].decode(errors="replace")
    for sent in sorted(without, key=len, reverse=True):
        text = text.replace(sent, "…")
    return ascii(text)[1:-1][:_MAX_EXCERPT]

"""What an answer's bytes mean: bounded decompression, strict JSON."""

import json
import math
import zlib
from typing import Any, Final

from tospec.verify.base import NOTHING

_WINDOWS: Final = {"gzip": 31, "x-gzip": 31, "deflate": 15}


class BadEncodingError(Exception):
    """A body that is not compressed as its headers say."""


class TooLargeError(Exception):
    """A body that exceeds the limit, perhaps only once it is decompressed."""


def decompressed(body: bytes, encoding: str, limit: int) -> bytes:
    """Undo the content encoding of a body without ever holding more than `limit` bytes.

    Raises:
        BadEncodingError: If it is not encoded so, or the encoding is unknown.
        TooLargeError: If there is more.
    """
    name = encoding.strip().lower()
    if name in ("", "identity") or not body:
        return body
    if name not in _WINDOWS:
        message = f"content-encoding {name[:40]!r}, which was not asked for"
        raise BadEncodingError(message)
    machine = zlib.decompressobj(_WINDOWS[name])
    try:
        plain = machine.decompress(body, limit + 1)
    except zlib.error as fault:
        message = f"not {name}: {fault}"
        raise BadEncodingError(message) from fault
    if len(plain) > limit:
        raise TooLargeError
    if not machine.eof:
        message = f"{name} that breaks off"
        raise BadEncodingError(message)
    return plain


def json_of(body: bytes) -> Any:
    """Return the JSON value of a body, or `NOTHING` if it is not strict JSON.

    Strict: UTF-8 without byte order mark, no repeated member, no NaN, no number beyond a float.
    """
    try:
        return json.loads(
            body.decode("utf-8"),
            object_pairs_hook=_object,
            parse_constant=_no_constant,
            parse_float=_number,
        )
    except (ValueError, RecursionError):
        return NOTHING


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        message = "repeated member"
        raise ValueError(message)
    return found


def _no_constant(name: str) -> Any:
    message = f"{name} is not JSON"
    raise ValueError(message)


def _number(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        message = f"{digits[:40]} is beyond a float"
        raise ValueError(message)
    return number

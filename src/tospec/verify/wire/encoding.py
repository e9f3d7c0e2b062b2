"""From a request in words to the bytes that go out."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote, urlencode

from tospec.verify.base import NOTHING, Request
from tospec.verify.wire.client import Outgoing

_AGENT: Final = "tospec-verify"


def outgoing_of(request: Request, credentials: Mapping[str, str]) -> Outgoing:
    """Return what goes out for a request.

    A JSON value goes with `content-type: application/json`; bytes go with the headers that the
    request gives and no others. Headers of the request replace those of the credentials.

    Raises:
        ValueError: If the path does not begin with `/`.
    """
    if not request.path.startswith("/"):
        message = f"a path begins with '/', and {request.path[:80]!r} does not"
        raise ValueError(message)
    body = body_bytes(request.body)
    is_json = body is not None and not isinstance(request.body, bytes)
    defaults = {"accept": "application/json", "user-agent": _AGENT}
    defaults |= {"content-type": "application/json"} if is_json else {}
    defaults |= {name.lower(): value for name, value in credentials.items()}
    given = {name.lower() for name, _ in request.headers}
    kept = tuple((name, value) for name, value in defaults.items() if name not in given)
    return Outgoing(
        method=request.method,
        target=target_of(request),
        headers=(*kept, *request.headers),
        body=body,
    )


def target_of(request: Request) -> str:
    """Return path and query as they stand in the request line."""
    if not request.query:
        return request.path
    query = urlencode(request.query, quote_via=quote, errors="surrogateescape")
    return f"{request.path}{'&' if '?' in request.path else '?'}{query}"


def body_bytes(body: Any) -> bytes | None:
    """Return the bytes of a body; None if there is none."""
    if body is NOTHING:
        return None
    if isinstance(body, bytes):
        return body
    # A lone surrogate has no bytes in UTF-8; as an escape it reaches the target.
    try:
        return json.dumps(body, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        return json.dumps(body).encode("ascii")


def pairs_of(given: Mapping[str, str] | Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Return names and values, in order."""
    return tuple(given.items()) if isinstance(given, Mapping) else tuple(given)

"""Gives each request an id and a place in a trace, and says so in the answer."""

import os
import re
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.context import WorkContext, entered
from app.core.ids import new_id

_REQUEST_ID: Final = re.compile(rb"[A-Za-z0-9_-]{8,128}")
_TRACEPARENT: Final = re.compile(
    rb"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?"
)
_ZERO_TRACE: Final = b"0" * 32
_ZERO_SPAN: Final = b"0" * 16


class RequestContextMiddleware:
    """Opens the WorkContext of each request."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        context = _context(scope)
        flags = f"00-{context.trace_id}-{context.span_id}-01"

        async def send_identified(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["x-request-id"] = context.correlation_id
                headers["traceparent"] = flags
                headers.setdefault("cache-control", "no-store")
                headers["x-content-type-options"] = "nosniff"
            await send(message)

        with entered(context):
            await self._app(scope, receive, send_identified)


def _context(scope: Scope) -> WorkContext:
    ids: list[bytes] = []
    parents: list[bytes] = []
    for name, value in scope["headers"]:
        if name == b"x-request-id":
            ids.append(value)
        elif name == b"traceparent":
            parents.append(value)
    known = len(ids) == 1 and _REQUEST_ID.fullmatch(ids[0])
    return WorkContext(
        correlation_id=ids[0].decode("ascii") if known else str(new_id()),
        trace_id=_trace_id(parents),
        span_id=os.urandom(8).hex(),
    )


def _trace_id(parents: list[bytes]) -> str:
    found = _TRACEPARENT.fullmatch(parents[0].strip()) if len(parents) == 1 else None
    if found is None:
        return os.urandom(16).hex()
    version, trace, span, _, more = found.groups()
    # A later version may append fields; version 00 may not, and ff is no version.
    if (
        version == b"ff"
        or trace == _ZERO_TRACE
        or span == _ZERO_SPAN
        or (more and version == b"00")
    ):
        return os.urandom(16).hex()
    return str(trace.decode("ascii"))

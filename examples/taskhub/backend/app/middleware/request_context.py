"""Gives each request an id and a place in a trace, and says so in the answer."""

import re
from random import getrandbits
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.context import WorkContext, entered
from app.core.ids import new_request_id

_REQUEST_ID: Final = re.compile(rb"[A-Za-z0-9_-]{8,128}")
_TRACEPARENT: Final = re.compile(
    rb"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?"
)
_ZERO_TRACE: Final = b"0" * 32
_ZERO_SPAN: Final = b"0" * 16
_SAMPLED: Final = 1
_NO_SNIFFING: Final = (b"x-content-type-options", b"nosniff")

type _Fields = list[tuple[bytes, bytes]]


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

        async def send_identified(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = _identified(message["headers"], context)
            await send(message)

        with entered(context):
            await self._app(scope, receive, send_identified)


def _identified(headers: _Fields, context: WorkContext) -> _Fields:
    """Return `headers` with what every answer has."""
    told = [(name, value) for name, value in headers if name != _NO_SNIFFING[0]]
    told.append((b"x-request-id", context.correlation_id.encode()))
    told.append((b"traceparent", _traceparent(context).encode()))
    if all(name != b"cache-control" for name, _ in headers):
        told.append((b"cache-control", b"no-store"))
    told.append(_NO_SNIFFING)
    return told


def _traceparent(context: WorkContext) -> str:
    return f"00-{context.trace_id}-{context.span_id}-{'01' if context.sampled else '00'}"


def _context(scope: Scope) -> WorkContext:
    ids: list[bytes] = []
    parents: list[bytes] = []
    for name, value in scope["headers"]:
        if name == b"x-request-id":
            ids.append(value)
        elif name == b"traceparent":
            parents.append(value)
    known = len(ids) == 1 and _REQUEST_ID.fullmatch(ids[0])
    context = WorkContext(
        correlation_id=ids[0].decode("ascii") if known else new_request_id(),
        span_id=f"{getrandbits(64):016x}",
    )
    if len(parents) == 1:
        _continue(context, parents[0].strip())
    context.trace_id = context.trace_id or f"{getrandbits(128):032x}"
    return context


def _continue(context: WorkContext, parent: bytes) -> None:
    """Let `context` belong to the trace of its caller, if `parent` names one."""
    found = _TRACEPARENT.fullmatch(parent)
    if found is None:
        return
    version, trace, span, flags, more = found.groups()
    # A later version may append fields; version 00 may not, and ff is no version.
    if version == b"ff" or trace == _ZERO_TRACE or span == _ZERO_SPAN:
        return
    if more and version == b"00":
        return
    context.trace_id = trace.decode("ascii")
    context.sampled = bool(int(flags, 16) & _SAMPLED)

"""Refuses messages that are too large or unclear about whom they are for."""

import re
from collections.abc import Callable, Sequence
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from app.core.errors import AppError, BadRequestError, HeadersTooLargeError, UriTooLongError

MAX_URI: Final = 8 * 1024
MAX_HEADER_BYTES: Final = 32 * 1024
MAX_HEADERS: Final = 100
REFUSAL: Final = "refusal"
"""What the server already found wrong with a message, in the state of its scope."""
_HOST: Final = re.compile(rb"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(:[0-9]{1,5})?")

type Render = Callable[[AppError], ASGIApp]


class LimitsMiddleware:
    """Checks the request line, the headers and `Host` before anything is done."""

    def __init__(self, app: ASGIApp, *, render: Render, hosts: Sequence[str]) -> None:
        self._app = app
        self._render = render
        self._hosts = None if "*" in hosts else frozenset(host.lower() for host in hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(scope)
        if refusal is None:
            await self._app(scope, receive, send)
        else:
            await self._render(refusal)(scope, receive, send)

    def _refusal(self, scope: Scope) -> AppError | None:
        if (found := scope.get("state", {}).get(REFUSAL)) is not None:
            refusal: AppError = found
            return refusal
        if len(scope["raw_path"] or b"") + len(scope["query_string"]) > MAX_URI:
            return UriTooLongError()
        headers: list[tuple[bytes, bytes]] = scope["headers"]
        if len(headers) > MAX_HEADERS or _size(headers) > MAX_HEADER_BYTES:
            return HeadersTooLargeError()
        if not self._known_host([value for name, value in headers if name == b"host"]):
            return BadRequestError("Exactly one known Host is required.")
        return None

    def _known_host(self, hosts: list[bytes]) -> bool:
        if len(hosts) != 1 or (found := _HOST.fullmatch(hosts[0])) is None:
            return False
        return self._hosts is None or found.group(1).decode("ascii").lower() in self._hosts


def _size(headers: list[tuple[bytes, bytes]]) -> int:
    return sum(len(name) + len(value) for name, value in headers)

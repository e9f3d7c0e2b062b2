"""Refuses what is more than the process can bear, and ends connections while it stops."""

from collections.abc import Callable
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.errors import AppError, ServiceUnavailableError
from app.core.metrics import REQUESTS_IN_FLIGHT, REQUESTS_REFUSED

WATCHED: Final = frozenset({"/health", "/livez", "/readyz", "/metrics"})
"""Paths that answer however busy the process is."""

type Render = Callable[[AppError], ASGIApp]


class AdmissionMiddleware:
    """Lets at most so many requests in at once; the others are refused before they wait.

    Args:
        app: What is behind it.
        render: Turns a refusal into an answer.
        limit: How many requests are served at once.
        is_draining: Whether the process is about to stop.
    """

    def __init__(
        self, app: ASGIApp, *, render: Render, limit: int, is_draining: Callable[[], bool]
    ) -> None:
        self._app = app
        self._render = render
        self._limit = limit
        self._is_draining = is_draining
        self._running = 0
        REQUESTS_IN_FLIGHT.set_function(lambda: self._running)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if self._running >= self._limit and scope["path"] not in WATCHED:
            REQUESTS_REFUSED.inc()
            busy = ServiceUnavailableError("Too many requests are being served.")
            await self._render(busy)(scope, receive, self._closing_at_the_end(send))
        else:
            await self._serve(scope, receive, self._closing_at_the_end(send))

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._running += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._running -= 1

    def _closing_at_the_end(self, send: Send) -> Send:
        async def send_last(message: Message) -> None:
            if message["type"] == "http.response.start" and self._is_draining():
                message = {**message, "headers": [*message["headers"], (b"connection", b"close")]}
            await send(message)

        return send_last

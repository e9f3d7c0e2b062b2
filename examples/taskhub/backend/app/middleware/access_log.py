"""One log line and one measurement for each request."""

import time
from datetime import UTC, datetime
from typing import Any, Final, Protocol

from prometheus_client import Counter, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.context import current_context
from app.core.metrics import REQUEST_SECONDS, REQUESTS

UNMATCHED: Final = "unmatched"
_METHODS: Final = frozenset(
    {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"}
)


class AccessLines(Protocol):
    """Where access lines go."""

    def access(self, moment: datetime, fields: dict[str, Any]) -> None:
        """Write the line of one request."""
        ...


class AccessLogMiddleware:
    """Logs and measures each request when its answer is complete or given up."""

    def __init__(self, app: ASGIApp, *, lines: AccessLines) -> None:
        self._app = app
        self._lines = lines
        self._meters: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 0
        started = time.perf_counter()

        async def send_noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, send_noted)
        finally:
            self._note(scope, status, time.perf_counter() - started)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        method = scope["method"] if scope["method"] in _METHODS else "OTHER"
        route = getattr(scope.get("route"), "path", UNMATCHED)
        self._measure(method, route, status, seconds)
        fields: dict[str, Any] = {
            "event": "request",
            "status": status,
            "duration_ms": round(seconds * 1000, 3),
        }
        if (context := current_context()) is not None:
            context.endpoint = context.endpoint or f"{method} {route}"
            if context.decisions:
                fields["decisions"] = context.decisions
        self._lines.access(datetime.now(UTC), fields)

    def _measure(self, method: str, route: str, status: int, seconds: float) -> None:
        # Methods, templates and statuses are few; finding their meters is what takes time.
        key = (method, route, status)
        if (meters := self._meters.get(key)) is None:
            counter = REQUESTS.labels(method, route, str(status))
            histogram = REQUEST_SECONDS.labels(method, route, f"{status // 100}xx")
            meters = self._meters[key] = (counter, histogram)
        meters[0].inc()
        meters[1].observe(seconds)

"""Turns a defect into an answer that says nothing about it, and a log that says all."""

import asyncio
from collections.abc import Callable

from loguru import logger
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.errors import AppError, InternalError, ServiceUnavailableError

type Render = Callable[[AppError], ASGIApp]


class FailureMiddleware:
    """Answers 500 for whatever nobody expected, and 503 for what is cut off by a stop."""

    def __init__(self, app: ASGIApp, *, render: Render) -> None:
        self._app = app
        self._render = render

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def send_noted(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, send_noted)
        except asyncio.CancelledError:
            if not started:
                stopping = ServiceUnavailableError("The process is stopping.")
                await self._render(stopping)(scope, receive, send)
            raise
        except AppError as error:
            logger.bind(error=type(error).__name__).error("refused outside of the routes")
            await self._answer(error, scope, receive, send, started=started)
        except Exception as error:  # noqa: BLE001  # the last resort is for everything
            logger.opt(exception=error).bind(event="internal_error").error("internal error")
            await self._answer(InternalError(), scope, receive, send, started=started)

    async def _answer(
        self, error: AppError, scope: Scope, receive: Receive, send: Send, *, started: bool
    ) -> None:
        if started:
            # Half an answer is out; only a broken connection tells that it is half.
            raise error
        await self._render(error)(scope, receive, send)

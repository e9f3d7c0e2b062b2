"""Runs the application under uvicorn."""

import secrets
import signal
import time
from types import FrameType
from typing import Any, Final, NoReturn, override

import uvicorn
from fastapi import FastAPI
from prometheus_client import start_http_server
from pydantic import SecretStr

from app.core.logging import LogLines, NoLines, configure_logging
from app.core.service_settings import MIN_SECRET_BYTES
from app.core.settings import Settings
from app.main import create_app
from app.middleware.connections import Connection

KEEP_ALIVE_SECONDS: Final = 15
BACKLOG: Final = 2048
ONE_STOP_SECONDS: Final = 0.5
"""Signals that come closer together are one: terminals and make both send what Ctrl-C means."""


class Server(uvicorn.Server):
    """A server that says that it will stop before it does.

    The first signal ends readiness, and from then on each answer closes its connection.
    Connections are still taken for `delay` seconds, in which whoever sends requests here
    notices; then requests in flight may end. A second signal ends the process at once.
    """

    def __init__(self, config: uvicorn.Config, app: FastAPI, *, delay: float) -> None:
        super().__init__(config)
        self._runtime = app.state.runtime
        self._delay = delay
        self._told_at = 0.0

    @override
    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        now = time.monotonic()
        if not self.should_exit:
            self._told_at = now
            self._runtime.draining = True
            super().handle_exit(sig, frame)
        elif now - self._told_at > ONE_STOP_SECONDS:
            signal.signal(sig, signal.SIG_DFL)
            signal.raise_signal(sig)

    @override
    async def on_tick(self, counter: int) -> bool:
        return await super().on_tick(counter) and (time.monotonic() - self._told_at >= self._delay)


def serve(settings: Settings, *, host: str, port: int) -> int:
    """Serve until told to stop; return the exit status."""
    # The server raises the signal that stopped it again once it has stopped.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _end)
    lines, writer = configure_logging(settings.log_level)
    app = create_app(settings, lines)
    if settings.metrics_port is not None:
        start_http_server(settings.metrics_port, addr=host)
    try:
        delay = settings.seconds_until_stop
        server = Server(_config(app, settings, host, port), app, delay=delay)
        server.run()
    finally:
        writer.close()
    return 0 if server.started else 1


def describe_api() -> dict[str, Any]:
    """Return the description of the API; reads no setting of the environment."""
    secret = SecretStr(secrets.token_urlsafe(MIN_SECRET_BYTES))
    settings = Settings.model_construct(secret_key=secret)
    return create_app(settings, LogLines(NoLines())).openapi()


def _end(_number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)


def _config(app: FastAPI, settings: Settings, host: str, port: int) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        loop="uvloop",
        http=Connection,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        backlog=BACKLOG,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=settings.shutdown_timeout,
    )

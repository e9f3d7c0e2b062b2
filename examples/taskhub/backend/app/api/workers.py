"""Workers beside the API: one within its process, word of jobs to others, whether any lives."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from typing import Final, Protocol

from fastapi import FastAPI
from starlette.types import Lifespan

from app.core.errors import ServiceUnavailableError
from app.core.settings import Settings
from app.db.engine import Database
from app.worker.broker import create_broker
from app.worker.upkeep import require_worker

_SILENT_LEASES: Final = 3


def watch(app: FastAPI, database: Database, settings: Settings) -> None:
    """Let the health of `app` tell whether a worker lives."""
    silence = timedelta(seconds=settings.worker_lease) * _SILENT_LEASES
    app.state.runtime.optional["worker"] = partial(require_worker, database, silence)


class Lasting(Protocol):
    """What works as long as the process serves."""

    async def run(self) -> None:
        """Work until told to stop."""
        ...

    def stop(self) -> None:
        """Let `run` end."""
        ...


def connect_broker(app: FastAPI, database: Database, settings: Settings) -> None:
    """Let `app` tell the broker of the jobs that it queues, if there is one."""
    if settings.broker_url is None:
        return
    from app.worker.announcing import Announcer  # noqa: PLC0415  # most installations have none

    broker = create_broker(settings.broker_url)
    app.state.runtime.optional["broker"] = partial(_ask, broker.ping)
    embed(app, Announcer(database, broker))


async def _ask(ping: Callable[[], None]) -> None:
    try:
        await asyncio.to_thread(ping)
    except Exception as error:  # each client has errors of its own
        msg = "The broker does not answer."
        raise ServiceUnavailableError(msg) from error


def embed(app: FastAPI, lasting: Lasting) -> None:
    """Let `lasting` work within the process of `app` while that is served."""
    app.router.lifespan_context = _working(app.router.lifespan_context, lasting)


def _working(lifespan: Lifespan[FastAPI], lasting: Lasting) -> Lifespan[FastAPI]:
    @asynccontextmanager
    async def lifespan_and_work(app: FastAPI) -> AsyncIterator[None]:
        async with lifespan(app):
            running = asyncio.create_task(lasting.run())
            try:
                yield
            finally:
                lasting.stop()
                await running

    return lifespan_and_work

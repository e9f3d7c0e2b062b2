"""Workers beside the API: one within its process, and whether any lives."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from typing import Final

from fastapi import FastAPI
from starlette.types import Lifespan

from app.core.settings import Settings
from app.db.engine import Database
from app.worker.upkeep import require_worker
from app.worker.worker import Worker

_SILENT_LEASES: Final = 3


def watch(app: FastAPI, database: Database, settings: Settings) -> None:
    """Let the health of `app` tell whether a worker lives."""
    silence = timedelta(seconds=settings.worker_lease) * _SILENT_LEASES
    app.state.runtime.optional["worker"] = partial(require_worker, database, silence)


def embed(app: FastAPI, worker: Worker) -> None:
    """Let `worker` run within the process of `app` while that is served."""
    app.router.lifespan_context = _working(app.router.lifespan_context, worker)


def _working(lifespan: Lifespan[FastAPI], worker: Worker) -> Lifespan[FastAPI]:
    @asynccontextmanager
    async def lifespan_and_work(app: FastAPI) -> AsyncIterator[None]:
        async with lifespan(app):
            running = asyncio.create_task(worker.run())
            try:
                yield
            finally:
                worker.stop()
                await running

    return lifespan_and_work

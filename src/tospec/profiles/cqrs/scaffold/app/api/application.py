"""Puts an application together: routes, documents, problems, middleware."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Final

from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig
from loguru import logger
from starlette.middleware import Middleware

from app.about import NAME, VERSION
from app.api import docs, operations
from app.api.deps import Runtime
from app.api.paths import DirectRoutes, mount_routes
from app.api.problems import Problems
from app.api.routing import Router
from app.core.logging import LogLines
from app.core.metrics import DATABASE_CONNECTIONS, DATABASE_WAITERS
from app.core.settings import Settings
from app.db.engine import Database
from app.middleware.access_log import AccessLogMiddleware
from app.middleware.admission import AdmissionMiddleware
from app.middleware.failures import FailureMiddleware
from app.middleware.limits import LimitsMiddleware
from app.middleware.request_context import RequestContextMiddleware

CLOSE_SECONDS: Final = 5.0
# Spans of FastAPI's own tell paths and queries as they came, its logs the messages of exceptions.
_NO_TELEMETRY: Final[TelemetryConfig] = {
    "tracing": False,
    "metrics": False,
    "logs": False,
    "auto_configure": False,
}


def assemble(
    settings: Settings, runtime: Runtime, routers: Iterable[Router], lines: LogLines
) -> FastAPI:
    """Return the application that serves `routers` beside its operational endpoints."""
    app = FastAPI(
        title=NAME,
        version=VERSION,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan,
        telemetry=_NO_TELEMETRY,
    )
    app.state.runtime = runtime
    _watch(runtime.database)
    operations = mount_routes(app, [*routers, *_own_routers(settings)])
    app.openapi = docs.describe(app, settings.public_url)  # type: ignore[method-assign]  # the documented way
    problems = Problems(settings.public_url)
    problems.install(app)
    _surround(app, settings, lines, problems)
    direct = operations if settings.direct_requests else ()
    app.user_middleware.append(
        Middleware(DirectRoutes, operations=direct, render=problems.response)
    )
    return app


def _own_routers(settings: Settings) -> list[Router]:
    routers: list[Router] = [operations.router]
    if settings.serves_metrics:
        routers.append(operations.metrics_router)
    if settings.serves_docs:
        routers.append(docs.router)
    return routers


def _surround(app: FastAPI, settings: Settings, lines: LogLines, problems: Problems) -> None:
    # The last one added is the first to see a request.
    hosts = settings.allowed_hosts
    app.add_middleware(FailureMiddleware, render=problems.response)
    app.add_middleware(LimitsMiddleware, render=problems.response, hosts=hosts)
    app.add_middleware(
        AdmissionMiddleware,
        render=problems.response,
        limit=settings.max_concurrent_requests,
        is_draining=lambda: app.state.runtime.draining,
    )
    app.add_middleware(AccessLogMiddleware, lines=lines)
    app.add_middleware(RequestContextMiddleware)


def _watch(database: Database) -> None:
    """Let metrics tell how busy the pool is when they are read."""
    DATABASE_CONNECTIONS.labels("in_use").set_function(lambda: database.pool_use().in_use)
    DATABASE_CONNECTIONS.labels("idle").set_function(lambda: database.pool_use().idle)
    DATABASE_WAITERS.set_function(lambda: database.pool_use().waiting)


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    try:
        yield
    finally:
        app.state.runtime.draining = True
        await _close(app.state.runtime.database)


async def _close(database: Database) -> None:
    try:
        async with asyncio.timeout(CLOSE_SECONDS):
            await database.close()
    except TimeoutError:
        logger.warning("the database does not let go; its connections are dropped")

"""What those who run the service look at: health, liveness, readiness, metrics."""

import asyncio
import time
from datetime import timedelta
from typing import Any, Final

from fastapi import Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from app.about import NAME, VERSION
from app.api.deps import Probe, runtime
from app.api.problems import error_types, status_of
from app.api.responses import document
from app.api.routing import Router
from app.core.errors import NotFoundError, ServiceUnavailableError
from app.db.migration import head_revision

PROBE_SECONDS: Final = 3.0

router = Router(tags=["operations"])
metrics_router = Router(tags=["operations"])


@router.get("/health", response_model=dict[str, Any])
async def health(request: Request) -> Response:
    """Report each dependency with its latency, the version and the uptime."""
    uptime = round(time.monotonic() - runtime(request).started, 3)
    about = {"service": NAME, "version": VERSION, "uptime_seconds": uptime}
    database = await _health_of(runtime(request).database.ping)
    optional = {name: await _health_of(ask) for name, ask in runtime(request).optional.items()}
    report: dict[str, Any] = {**about, "dependencies": {"database": database, **optional}}
    if database["status"] != "up":
        raise ServiceUnavailableError("A dependency is down.", **report)
    well = all(each["status"] == "up" for each in optional.values())
    return document({"status": "up" if well else "degraded", **report})


@router.get("/livez", response_model=dict[str, str])
async def livez() -> Response:
    """Answer while the process turns; asks nothing of anyone."""
    return document({"status": "alive"})


@router.get("/readyz", response_model=dict[str, str])
async def readyz(request: Request) -> Response:
    """Answer 200 while requests should be sent here."""
    if runtime(request).draining:
        raise ServiceUnavailableError("The process is stopping.")
    if await _revision(request) != head_revision():
        raise ServiceUnavailableError("The database is not migrated to this version.")
    return document({"status": "ready"})


@router.get("/problems/{slug}", response_model=dict[str, Any])
async def problem_type(slug: str) -> Response:
    """Describe a type of problem."""
    error = error_types().get(slug)
    if error is None:
        raise NotFoundError
    return document({"slug": slug, "title": error.title, "status": status_of(error)})


@metrics_router.get("/metrics", include_in_schema=False, negotiated=False)
async def metrics() -> Response:
    """Return what Prometheus collects."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


async def _revision(request: Request) -> str | None:
    try:
        async with asyncio.timeout(PROBE_SECONDS):
            return await runtime(request).database.migration_revision()
    except TimeoutError:
        raise ServiceUnavailableError("The database does not answer.") from None


async def _health_of(ask: Probe) -> dict[str, Any]:
    started = time.perf_counter()
    try:
        async with asyncio.timeout(PROBE_SECONDS):
            told = await ask()
    except TimeoutError:
        return {"status": "down"}
    except ServiceUnavailableError as error:
        return {"status": "down", **error.extensions}
    elapsed = timedelta(seconds=time.perf_counter() - started)
    latency = round(elapsed / timedelta(milliseconds=1), 3)
    return {"status": "up", "latency_ms": latency, **(told or {})}

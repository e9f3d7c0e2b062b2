"""What those who run the service look at: health, liveness, readiness, metrics."""

import time
from datetime import timedelta
from typing import Any

from fastapi import Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from app.about import NAME, VERSION
from app.api.deps import runtime
from app.api.problems import error_types, status_of
from app.api.responses import document
from app.api.routing import Router
from app.core.errors import NotFoundError, ServiceUnavailableError
from app.db.migration import head_revision

router = Router(tags=["operations"])
metrics_router = Router(tags=["operations"])


@router.get("/health", response_model=dict[str, Any])
async def health(request: Request) -> Response:
    """Report each dependency with its latency, the version and the uptime."""
    uptime = round(time.monotonic() - runtime(request).started, 3)
    about = {"service": NAME, "version": VERSION, "uptime_seconds": uptime}
    database = await _database_health(request)
    report: dict[str, Any] = {**about, "dependencies": {"database": database}}
    if database["status"] != "up":
        raise ServiceUnavailableError("A dependency is down.", **report)
    return document({"status": "up", **report})


@router.get("/livez", response_model=dict[str, str])
async def livez() -> Response:
    """Answer while the process turns; asks nothing of anyone."""
    return document({"status": "alive"})


@router.get("/readyz", response_model=dict[str, str])
async def readyz(request: Request) -> Response:
    """Answer 200 while requests should be sent here."""
    if runtime(request).draining:
        raise ServiceUnavailableError("The process is stopping.")
    if await runtime(request).database.migration_revision() != head_revision():
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


async def _database_health(request: Request) -> dict[str, Any]:
    started = time.perf_counter()
    try:
        await runtime(request).database.ping()
    except ServiceUnavailableError:
        return {"status": "down"}
    elapsed = timedelta(seconds=time.perf_counter() - started)
    return {"status": "up", "latency_ms": round(elapsed / timedelta(milliseconds=1), 3)}

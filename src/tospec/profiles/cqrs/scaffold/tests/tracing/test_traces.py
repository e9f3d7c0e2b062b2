"""Spans of requests and statements: where they hang, and what they do not tell."""

import asyncio
import secrets
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import httpx
import pytest
from fastapi import FastAPI
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode, format_span_id, format_trace_id

from app.core import telemetry
from app.core.logging import LogLines, NoLines
from app.core.settings import Settings
from app.main import create_app
from tests.requirements import OPERATIONS
from tests.world import World

pytestmark = pytest.mark.requirement(*OPERATIONS)

TRACE, SPAN = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
COLLECTOR = "http://127.0.0.1:1"


@pytest.fixture(scope="session")
def kept() -> InMemorySpanExporter:
    """Where spans of this process go: it can be said only once."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    trace.set_tracer_provider(provider)
    return exporter


@pytest.fixture(scope="module")
async def connected(
    kept: InMemorySpanExporter, served_settings: Settings
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of an application that is traced."""
    # Without a worker beside it, whose statements are traced as well.
    changes = {"otel_exporter_otlp_endpoint": COLLECTOR, "embedded_worker": False}
    settings = served_settings.model_copy(update=changes)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(trace, "set_tracer_provider", lambda _: None)
        async with served(create_app(settings, LogLines(NoLines()))) as client:
            yield client


@pytest.fixture
def traced(kept: InMemorySpanExporter, connected: httpx.AsyncClient) -> httpx.AsyncClient:
    """The client, as if nobody had asked anything yet."""
    kept.clear()
    return connected


@asynccontextmanager
async def served(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app)
    connected = httpx.AsyncClient(transport=transport, base_url="http://test")
    async with app.router.lifespan_context(app), connected:
        yield connected


def placed(span: ReadableSpan) -> tuple[str, str]:
    """Return the ids of the trace and of the span."""
    assert span.context is not None
    return format_trace_id(span.context.trace_id), format_span_id(span.context.span_id)


def requests(kept: InMemorySpanExporter) -> list[ReadableSpan]:
    return [span for span in kept.get_finished_spans() if span.kind is SpanKind.SERVER]


async def test_a_request_and_its_statements_are_spans(
    world: World, traced: httpx.AsyncClient, kept: InMemorySpanExporter
) -> None:
    me, other = world.home.somebody, world.other.somebody
    kept.clear()

    answer = await replace(me, client=traced).get(f"/v1/users/{other.id}", q="canary")

    assert answer.status_code in {404, 422}
    (request,) = requests(kept)
    assert request.name == "GET /v1/users/{user_id}"
    assert dict(request.attributes or {}) == {
        "http.request.method": "GET",
        "http.route": "/v1/users/{user_id}",
        "http.response.status_code": answer.status_code,
    }
    assert answer.headers["traceparent"].split("-")[1:3] == [*placed(request)]
    statements = [span for span in kept.get_finished_spans() if span.kind is SpanKind.CLIENT]
    assert statements
    for span in statements:
        assert placed(span)[0] == placed(request)[0]
        assert span.parent is not None
        assert {*(span.attributes or {})} <= {
            *("db.system.name", "db.operation.name", "db.collection.name")
        }
    told = "".join(span.to_json() for span in kept.get_finished_spans())
    for hidden in (str(me.id), str(other.id), str(me.tenant_id), me.token, "canary"):
        assert hidden not in told


@pytest.mark.parametrize("sampled", [False, True])
async def test_the_trace_of_the_caller_goes_on(
    traced: httpx.AsyncClient, kept: InMemorySpanExporter, *, sampled: bool
) -> None:
    parent = f"00-{TRACE}-{SPAN}-0{sampled:d}"

    answer = await traced.get("/livez", headers={"traceparent": parent, "tracestate": "a=b"})

    assert answer.headers["traceparent"].split("-")[1] == TRACE
    assert answer.headers["traceparent"][-2:] == f"0{sampled:d}"
    found = requests(kept)
    assert len(found) == sampled
    for span in found:
        assert span.parent is not None
        assert format_span_id(span.parent.span_id) == SPAN
        assert span.parent.trace_state["a"] == "b"


@pytest.mark.parametrize(
    "parents",
    [
        [f"ff-{TRACE}-{SPAN}-01"],
        [f"00-{TRACE.upper()}-{SPAN}-01"],
        [f"00-{TRACE}-{SPAN}-01"] * 2,
    ],
)
async def test_a_trace_that_is_none_is_not(
    traced: httpx.AsyncClient, kept: InMemorySpanExporter, parents: list[str]
) -> None:
    answer = await traced.get("/livez", headers=[("traceparent", each) for each in parents])
    (span,) = requests(kept)
    assert span.parent is None
    assert placed(span)[0] == answer.headers["traceparent"].split("-")[1] != TRACE


async def test_paths_that_nobody_knows_are_one(
    traced: httpx.AsyncClient, kept: InMemorySpanExporter
) -> None:
    await traced.get(f"/{secrets.token_hex(8)}")
    assert [span.name for span in requests(kept)] == ["GET unmatched"]


async def test_a_failure_is_an_error(
    traced: httpx.AsyncClient, kept: InMemorySpanExporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.api.operations.head_revision", lambda: "another")
    assert (await traced.get("/readyz")).status_code == 503
    (span,) = requests(kept)
    assert span.status.status_code is StatusCode.ERROR
    assert not span.events


async def test_an_application_without_a_collector_makes_none(
    kept: InMemorySpanExporter, served_settings: Settings
) -> None:
    kept.clear()
    async with served(create_app(served_settings, LogLines(NoLines()))) as client:
        assert (await client.get("/readyz")).status_code == 200
    assert kept.get_finished_spans() == ()


async def test_the_end_does_not_wait_for_the_collector(monkeypatch: pytest.MonkeyPatch) -> None:
    class Stuck:
        def shutdown(self) -> None:
            stuck.wait(5)

    stuck = threading.Event()
    monkeypatch.setattr(telemetry, "LAST_SECONDS", 0.1)
    async with asyncio.timeout(2):
        await telemetry.send_last(Stuck())
    stuck.set()

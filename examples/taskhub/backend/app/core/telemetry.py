"""Traces for an OpenTelemetry collector. Nothing waits for it: while it is away, spans are lost."""

import asyncio
from contextlib import suppress
from threading import Thread
from typing import TYPE_CHECKING, Final

from opentelemetry import trace

from app.about import SERVICE, VERSION

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

EXPORT_SECONDS: Final = 3.0
LAST_SECONDS: Final = 2.0
TRACER: Final = trace.get_tracer(SERVICE, VERSION)
"""Makes spans that go nowhere until traces are exported."""


def provide_traces(collector: str) -> "TracerProvider":
    """Let spans of this process go to the collector at this URL.

    The sampler and the limits are those of the environment, as OpenTelemetry names them.
    """
    # What exports is slow to import, and of no use to a process that does not.
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415
        OTLPSpanExporter,
    )
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

    resource = Resource.create({"service.name": SERVICE, "service.version": VERSION})
    provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    exporter = OTLPSpanExporter(f"{collector.rstrip('/')}/v1/traces", timeout=EXPORT_SECONDS)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    trace.set_tracer_provider(provider)
    return provider


async def send_last(provider: "TracerProvider") -> None:
    """Send what is pending, for two seconds at most."""
    loop, sent = asyncio.get_running_loop(), asyncio.Event()

    def send() -> None:
        provider.shutdown()
        with suppress(RuntimeError):  # The loop may have ended before.
            loop.call_soon_threadsafe(sent.set)

    # A thread of a pool would keep the process from ending.
    Thread(target=send, name="last-spans", daemon=True).start()
    with suppress(TimeoutError):
        async with asyncio.timeout(LAST_SECONDS):
            await sent.wait()

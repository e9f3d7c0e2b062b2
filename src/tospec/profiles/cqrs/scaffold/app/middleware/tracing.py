"""One span for each request, in the trace of whoever asked."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from fastapi import FastAPI
from opentelemetry.context import Context
from opentelemetry.trace import (
    Span,
    SpanKind,
    StatusCode,
    format_span_id,
    format_trace_id,
    get_current_span,
)
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Lifespan, Message, Receive, Scope, Send

from app.core.context import WorkContext, current_context
from app.core.telemetry import TRACER, provide_traces, send_last

_PROPAGATOR: Final = TraceContextTextMapPropagator()
_FAILED: Final = 500


class TracingMiddleware:
    """Makes the span of each request, and gives its place in the trace to the WorkContext."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        context = current_context()
        if scope["type"] != "http" or context is None:
            await self._app(scope, receive, send)
            return
        status = 0

        async def send_noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        with TRACER.start_as_current_span(
            "request",
            _parent(scope, context),
            SpanKind.SERVER,
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            _place(context, span)
            try:
                await self._app(scope, receive, send_noted)
            finally:
                _describe(span, context, status)


def install_tracing(app: FastAPI, collector: str) -> None:
    """Let `app` send a span of each request to `collector` while it is served."""
    # Behind what opens the WorkContext, and before all else.
    app.user_middleware.insert(1, Middleware(TracingMiddleware))
    app.router.lifespan_context = _exporting(app.router.lifespan_context, collector)


def _exporting(lifespan: Lifespan[FastAPI], collector: str) -> Lifespan[FastAPI]:
    @asynccontextmanager
    async def lifespan_and_export(app: FastAPI) -> AsyncIterator[None]:
        provider = provide_traces(collector)
        try:
            async with lifespan(app):
                yield
        finally:
            await send_last(provider)

    return lifespan_and_export


def _parent(scope: Scope, context: WorkContext) -> Context:
    """Return the caller's place in the trace that `context` continues, or none."""
    names = (b"traceparent", b"tracestate")
    carrier = {
        name.decode("ascii"): value.decode("latin-1")
        for name, value in scope["headers"]
        if name in names
    }
    found = _PROPAGATOR.extract(carrier, Context())
    place = get_current_span(found).get_span_context()
    return found if format_trace_id(place.trace_id) == context.trace_id else Context()


def _place(context: WorkContext, span: Span) -> None:
    place = span.get_span_context()
    if place.is_valid:
        context.trace_id = format_trace_id(place.trace_id)
        context.span_id = format_span_id(place.span_id)
        context.sampled = place.trace_flags.sampled


def _describe(span: Span, context: WorkContext, status: int) -> None:
    method, _, route = (context.endpoint or "OTHER unmatched").partition(" ")
    span.update_name(f"{method} {route}")
    span.set_attributes(
        {
            "http.request.method": method,
            "http.route": route,
            "http.response.status_code": status,
        }
    )
    if status >= _FAILED or status == 0:
        span.set_status(StatusCode.ERROR)

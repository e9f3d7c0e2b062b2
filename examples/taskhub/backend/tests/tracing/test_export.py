"""Where spans go: to a collector that takes them, or to one that does not."""

import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from app.about import SERVICE
from app.core.config import ConfigurationError, load_settings
from tests.requirements import OPERATIONS
from tests.served import start, stop, wait

pytestmark = [pytest.mark.requirement(*OPERATIONS), pytest.mark.waits(6)]


class Collector:
    """Takes spans, and keeps them.

    Attributes:
        paths: Where they were sent to.
        sent: What was sent.
    """

    def __init__(self) -> None:
        self.paths: list[str] = []
        self.sent: list[ExportTraceServiceRequest] = []
        collector = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                collector.paths.append(self.path)
                collector.sent.append(ExportTraceServiceRequest.FromString(body))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def collector() -> Iterator[Collector]:
    collector = Collector()
    yield collector
    collector.server.shutdown()
    collector.server.server_close()


def test_spans_arrive(tmp_path: Path, collector: Collector) -> None:
    service = start(tmp_path, OTEL_EXPORTER_OTLP_ENDPOINT=collector.url)
    wait(service)
    assert service.get("/readyz").status_code == 200
    assert stop(service) == 0
    assert set(collector.paths) == {"/v1/traces"}
    resources = [each for sent in collector.sent for each in sent.resource_spans]
    names = {
        each.value.string_value
        for resource in resources
        for each in resource.resource.attributes
        if each.key == "service.name"
    }
    spans = {span.name for r in resources for scope in r.scope_spans for span in scope.spans}
    assert names == {SERVICE}
    assert "GET /readyz" in spans


def test_a_collector_that_is_away_is_not_noticed(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        service = start(tmp_path, OTEL_EXPORTER_OTLP_ENDPOINT=url)
        wait(service)
        started = time.perf_counter()
        for _ in range(200):
            assert service.get("/livez").status_code == 200
        assert time.perf_counter() - started < 20
        started = time.perf_counter()
        assert stop(service) == 0
        assert time.perf_counter() - started < 8


def test_a_url_that_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "0123456789abcdef" * 4)
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "collector")
    with pytest.raises(ConfigurationError, match="OTEL_EXPORTER_OTLP_ENDPOINT"):
        load_settings()

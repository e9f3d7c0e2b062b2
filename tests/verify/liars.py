"""Servers that answer nicely and do nothing: a verifier that passes one of them proves nothing."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, ClassVar, Final
from uuid import UUID, uuid4

from tests.verify.serving import TASKHUB

_LARGEST: Final = 1024 * 1024
_JSON: Final = "application/json"
_PROBLEM: Final = "application/problem+json"


class Liar(BaseHTTPRequestHandler):
    """Answers every request with what `said` returns."""

    protocol_version = "HTTP/1.1"

    def said(self, body: bytes) -> tuple[int, str, Any]:
        """Return status, media type and value of the answer."""
        raise NotImplementedError

    def _answer(self) -> None:
        length = self.headers.get("Content-Length", "0")
        body = self.rfile.read(min(int(length), _LARGEST)) if length.isdecimal() else b""
        status, kind, value = self.said(body)
        sent = b"" if status == 204 else json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(sent)))
        self.send_header("ETag", '"1"')
        self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(sent)
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        """Say nothing."""

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_TRACE = _answer  # noqa: N815


class Agreeable(Liar):
    """Agrees to everything, with members that many answers have."""

    def said(self, body: bytes) -> tuple[int, str, Any]:
        """Return 201 for what looks like a creation, else 200."""
        del body
        status = {"POST": 201, "DELETE": 204}.get(self.command, 200)
        return (200 if "/auth/" in self.path else status), _JSON, _plausible()


class Echo(Liar):
    """Returns what it was sent, with an id and tokens."""

    def said(self, body: bytes) -> tuple[int, str, Any]:
        """Return the members of the body."""
        try:
            sent = json.loads(body or b"{}")
        except ValueError:
            sent = {}
        members = sent if isinstance(sent, dict) else {}
        return (201 if self.command == "POST" else 200), _JSON, _plausible() | members


class NotThere(Liar):
    """Knows nothing."""

    def said(self, body: bytes) -> tuple[int, str, Any]:
        """Return 404."""
        del body
        return 404, _PROBLEM, {"type": "about:blank", "status": 404, "code": "not-found"}


class Refusing(Liar):
    """Lets nobody in."""

    def said(self, body: bytes) -> tuple[int, str, Any]:
        """Return 401."""
        del body
        return 401, _PROBLEM, {"type": "about:blank", "status": 401, "code": "unauthenticated"}


class Mock(Liar):
    """Answers as the description of the API says, the same each time."""

    document: ClassVar[Mapping[str, Any]] = {}

    def said(self, body: bytes) -> tuple[int, str, Any]:
        """Return the first answer of success that the description has."""
        del body
        path = self.path.partition("?")[0]
        for template, operations in self.document["paths"].items():
            if _fits(template, path) and self.command.lower() in operations:
                return self._success(operations[self.command.lower()])
        return 404, _PROBLEM, {"type": "about:blank", "status": 404, "code": "not-found"}

    def _success(self, operation: Mapping[str, Any]) -> tuple[int, str, Any]:
        status = min(status for status in operation["responses"] if status.startswith("2"))
        content = operation["responses"][status].get("content", {})
        schema = content.get(_JSON, {}).get("schema", {})
        return int(status), _JSON, _example(schema, self.document)


def _example(schema: Mapping[str, Any], document: Mapping[str, Any]) -> Any:
    """Return a value that a schema allows."""
    if "$ref" in schema:
        return _example(document["components"]["schemas"][schema["$ref"].split("/")[-1]], document)
    for key in ("const", "default"):
        if key in schema:
            return schema[key]
    if "enum" in schema:
        return schema["enum"][0]
    if "anyOf" in schema:
        return _example(schema["anyOf"][0], document)
    return _plain(schema, document)


def _plain(schema: Mapping[str, Any], document: Mapping[str, Any]) -> Any:
    match schema.get("type"):
        case "object":
            members = schema.get("properties", {})
            return {name: _example(part, document) for name, part in members.items()}
        case "array":
            return [_example(schema.get("items", {}), document)]
        case "integer" | "number":
            return 1
        case "boolean":
            return False
    formats = {"uuid": str(UUID(int=1)), "date-time": "2030-01-01T00:00:00.000000Z"}
    return formats.get(schema.get("format", ""), "text")


def _fits(template: str, path: str) -> bool:
    parts, wanted = template.split("/"), path.split("/")
    pairs = zip(parts, wanted, strict=False)
    return len(parts) == len(wanted) and all(p == w or p.startswith("{") for p, w in pairs)


def _plausible() -> dict[str, Any]:
    person = {"id": str(uuid4()), "name": "Ada", "email": "ada@example.com", "role": "owner"}
    return {
        **person,
        "user": person,
        "tenant": {"id": str(uuid4()), "name": "Acme"},
        "items": [],
        "next": None,
        "version": 1,
        "status": "todo",
        "token": "plausible",
        "access_token": "plausible",
        "refresh_token": "plausible",
        "token_type": "Bearer",
        "expires_in": 900,
    }


@contextmanager
def lying(liar: type[Liar]) -> Iterator[str]:
    """Serve a liar on a free port of this machine; give its base URL."""
    document = json.loads((TASKHUB / "backend" / "docs" / "openapi.json").read_text("utf-8"))
    handler = type(liar.__name__, (liar,), {"document": document})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()


LIARS: Final[tuple[type[Liar], ...]] = (Agreeable, Echo, Mock, NotThere, Refusing)

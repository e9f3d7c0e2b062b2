"""A target that keeps notes, as slowly as a test wants: real sockets, a thread a connection."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

SPEC: Final = """
```yaml tospec
system: notes
version: 1.0.0
profile: cqrs
databases: [postgresql, sqlite]
conventions: [rest-1, data-1, accounts-1, operations-1]
authority: {api: full, data: full, policy: full, accounts: full, operations: full}
```

## REQ-001 Notes are kept

```yaml tospec
roles: [writer]
permissions:
  "note:write": {roles: [writer], description: Write notes}
```

```yaml tospec
entity: Note
fields:
  title: {type: string, length: [1, 80]}
crud: {create: "note:write", read: "note:write", list: "note:write", delete: "note:write"}
policy: {visible: "true"}
```

## REQ-002 They come fast

```yaml tospec
budget: many-notes
of: Note
rows: 120
users: 4
pause: 25ms
operations:
  GetNote: {p95: 60ms}
  ListNotes: {p95: 60ms}
  CreateNote: {p50: 60ms}
largest_answer: 64KiB
```
"""


@dataclass(slots=True)
class Notes:
    """What the target does, and what it was asked.

    Attributes:
        delays: Seconds that an operation takes longer, by method and whether it is about one.
        most: How many notes it takes.
        limited: How many requests it answers by 429 first.
        broken: Whether it fails to read single notes.
        padding: Bytes that each note of a list has on top.
    """

    delays: dict[str, float] = field(default_factory=dict)
    most: int = 1_000_000
    limited: int = 0
    broken: bool = False
    padding: int = 0
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, method: str, path: str, body: bytes) -> tuple[int, Any]:
        """Return status and body of an answer."""
        split = urlsplit(path)
        one = split.path.removeprefix("/v1/notes").strip("/")
        time.sleep(self.delays.get(f"{method} one" if one else method, 0.0))
        with self.lock:
            if self.limited:
                self.limited -= 1
                return 429, {"code": "quota-exceeded"}
            if method == "POST":
                return self._made(json.loads(body))
            if one:
                return self._one(method, one)
            return 200, self._page(parse_qs(split.query))

    def _made(self, body: dict[str, Any]) -> tuple[int, Any]:
        if len(self.rows) >= self.most:
            return 409, {"code": "full"}
        row = {"id": str(uuid4()), **body}
        self.rows[row["id"]] = row
        return 201, row

    def _one(self, method: str, id_: str) -> tuple[int, Any]:
        if self.broken and method == "GET":
            return 500, {"code": "internal-error"}
        if id_ not in self.rows:
            return 404, {"code": "not-found"}
        return (204, None) if method == "DELETE" and self.rows.pop(id_) else (200, self.rows[id_])

    def _page(self, query: dict[str, list[str]]) -> dict[str, Any]:
        start, limit = int(query.get("cursor", ["0"])[0]), int(query.get("limit", ["50"])[0])
        found = list(self.rows.values())[start : start + limit]
        more = len(self.rows) > start + limit
        items = [{**each, "padding": "x" * self.padding} for each in found]
        return {"items": items, "next": str(start + limit) if more else None}


@contextmanager
def keeping(notes: Notes) -> Iterator[str]:
    """Serve notes; give the URL."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def _do(self) -> None:
            sent = self.rfile.read(int(self.headers.get("content-length", 0)))
            status, body = notes.answer(self.command, self.path, sent)
            data = b"" if body is None else json.dumps(body).encode()
            self.send_response(status)
            if status == 429:
                self.send_header("retry-after", "1")
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_DELETE = _do  # noqa: N815 - the names that the library calls

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as above
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

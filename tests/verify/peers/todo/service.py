"""The application, and a server of it that lives in a thread."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Final

from flask import Flask, Response
from werkzeug.routing import BaseConverter
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.verify.peers.todo import people, sessions, tasks, wire
from tests.verify.peers.todo.problems import TITLES, Refused
from tests.verify.peers.todo.wire import answer, no_query

_STARTED: Final = time.monotonic()


class One(BaseConverter):
    """An invitation's part of a path, which is not the name of another resource."""

    regex = "(?!accept(?:/|$))[^/]+"


def application() -> Flask:
    """Return the application."""
    app = Flask(__name__, static_folder=None)
    app.url_map.converters["one"] = One
    app.url_map.merge_slashes = False
    app.json.sort_keys = False  # type: ignore[attr-defined]  # of the provider that is the default
    for blueprint in (people.blueprint, sessions.blueprint, tasks.blueprint):
        app.register_blueprint(blueprint)
    for path, view in _WATCHED.items():
        app.add_url_rule(path, view_func=view)
    app.add_url_rule("/problems/<slug>", view_func=problem)
    wire.install(app)
    wire.WITH_BODY.update(_with_bodies(app))
    return app


def _with_bodies(app: Flask) -> set[str]:
    """Return the endpoints that read a body: what is created, changed, or signed in or up."""
    bodiless = ("/complete", "/reopen", "/sign-out")
    return {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if (rule.methods or set()) & {"POST", "PATCH"} and not rule.rule.endswith(bodiless)
    }


def health() -> Response:
    no_query()
    about = {"service": "Todo", "version": "1.0.0"}
    uptime = round(time.monotonic() - _STARTED, 3)
    memory = {"memory": {"status": "up", "latency_ms": 0.0}}
    return answer({"status": "up", **about, "uptime_seconds": uptime, "dependencies": memory})


def livez() -> Response:
    no_query()
    return answer({"status": "alive"})


def readyz() -> Response:
    no_query()
    return answer({"status": "ready"})


def problem(slug: str) -> Response:
    if slug not in TITLES:
        raise Refused("not-found")
    status, title = TITLES[slug]
    return answer({"slug": slug, "title": title, "status": status})


_WATCHED: Final = {"/health": health, "/livez": livez, "/readyz": readyz}


class _Quiet(WSGIRequestHandler):
    """A handler that logs nothing and does not say what it is made of."""

    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - its name there
        pass

    def send_header(self, keyword: str, value: str) -> None:
        if keyword.lower() != "server":
            super().send_header(keyword, value)


@contextmanager
def serving() -> Iterator[str]:
    """Serve the application on a free port of this machine; give its base URL."""
    wire.MEMORY.forget()
    server = make_server("127.0.0.1", 0, application(), threaded=True, request_handler=_Quiet)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()

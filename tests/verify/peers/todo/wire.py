"""HTTP around the views: who asks, in which form, and how answers look."""

import re
import secrets
import uuid
from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any, Final
from urllib.parse import parse_qsl

from flask import Flask, Response, current_app, g, json, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from tests.verify.peers.todo import strict_json
from tests.verify.peers.todo.problems import Refused, faults, unauthenticated
from tests.verify.peers.todo.rows import Memory, Row, Somebody, now

type View = Callable[..., Response]

MEMORY: Final = Memory()
HOLDS: Final[dict[str, frozenset[str]]] = {
    "organizer": frozenset({"people:manage", "task:write", "task:read"}),
    "person": frozenset({"task:write", "task:read"}),
}
_LARGEST_BODY: Final = 1024 * 1024
_LONGEST_ADDRESS: Final = 8 * 1024
_TRACE: Final = re.compile(
    r"(?P<version>(?!ff)[0-9a-f]{2})-(?P<trace>(?!0{32})[0-9a-f]{32})-(?!0{16})[0-9a-f]{16}"
    r"-[0-9a-f]{2}(?P<more>-.*)?"
)
_TAG: Final = r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"'
_TAGS: Final = re.compile(rf"\s*{_TAG}(?:\s*,\s*{_TAG})*\s*")


def install(app: Flask) -> None:
    """Give an application the manners of this service."""
    app.before_request(_limits)
    app.after_request(_mark)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(HTTPException, _of_the_framework)
    app.register_error_handler(Exception, lambda _: _refused(Refused("internal-error")))


def guarded(permission: str | None = None, *, public: bool = False) -> Callable[[View], View]:
    """Let a view see only requests of people whose role holds `permission`."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guard(**parameters: str) -> Response:
            g.began = now()
            with MEMORY.turn:
                if not public:
                    g.who = _who()
                    require(permission)
                _check_form()
                return view(**parameters)

        return guard

    return decorate


def require(permission: str | None) -> None:
    """Refuse somebody whose role does not hold `permission`."""
    if permission is not None and permission not in HOLDS[g.who.role]:
        raise Refused("permission-denied")


def no_query() -> None:
    """Refuse a query where there is none to be had."""
    if request.query_string:
        raise faults([("?", "unknown", "Unknown parameter.")])


def pairs() -> list[tuple[str, str]]:
    """Return the names and values of the query."""
    raw = request.query_string.decode("latin-1")
    try:
        found = parse_qsl(raw, keep_blank_values=True, errors="strict", max_num_fields=100)
    except ValueError:
        found = [("\0", "")]
    if any("\0" in name + value for name, value in found):
        raise faults([("?", "malformed", "The query is malformed.")])
    return found


def body() -> Any:
    """Return the JSON value of the body."""
    sent = request.stream.read(_LARGEST_BODY + 1)
    if len(sent) > _LARGEST_BODY:
        raise Refused("content-too-large")
    value = strict_json.loads(sent)
    no_query()
    return value


def if_match(row: Row, *, needed: bool = False) -> None:
    """Hold the condition of a writer against a row."""
    no_query()
    asked = request.headers.get("If-Match")
    if asked is None:
        if needed:
            raise Refused("precondition-required")
    elif asked.strip() != "*" and (
        not _TAGS.fullmatch(asked) or row.etag not in re.findall(_TAG, asked)
    ):
        raise Refused("precondition-failed")


def item(view: Mapping[str, Any], row: Row) -> Response:
    """Answer with one thing."""
    if request.method in {"GET", "HEAD"}:
        no_query()
        known = request.headers.get("If-None-Match", "")
        if known.strip() == "*" or row.etag in re.findall(r'"[^"]*"', known):
            return _empty(304, {"ETag": row.etag})
    return answer(view, headers={"ETag": row.etag})


def created(view: Mapping[str, Any], place: str, row: Row) -> Response:
    """Answer with something new."""
    return answer(view, 201, {"Location": place, "ETag": row.etag})


def answer(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Answer with JSON."""
    return Response(json.dumps(value), status, dict(headers or {}), mimetype="application/json")


def nothing() -> Response:
    """Answer that it is done."""
    return _empty(204, {})


def _empty(status: int, headers: Mapping[str, str]) -> Response:
    response = Response(status=status, headers=dict(headers))
    response.headers.pop("Content-Type", None)
    return response


def _limits() -> Response | None:
    asked = request.headers.get("X-Request-Id", "")
    g.request_id = asked if re.fullmatch(r"[A-Za-z0-9_-]{8,128}", asked) else str(uuid.uuid4())
    if len(request.environ["RAW_URI"]) > _LONGEST_ADDRESS:
        raise Refused("uri-too-long")
    if sum(len(name) + len(value) for name, value in request.headers.items()) > 32 * 1024:
        raise Refused("headers-too-large")
    if request.method == "OPTIONS" and request.url_rule is not None:
        routes = current_app.url_map.bind("")
        return _empty(204, {"Allow": _allowed(routes.allowed_methods(request.path))})
    return None


def _who() -> Somebody:
    sent = request.headers.get("Authorization")
    if sent is None:
        raise unauthenticated(presented=False)
    if "access_token" in request.cookies or b"access_token=" in request.query_string:
        challenge = 'Bearer realm="todo", error="invalid_request"'
        raise Refused("ambiguous-credentials", {"WWW-Authenticate": challenge})
    found = re.fullmatch(r"(?i:bearer) ([A-Za-z0-9_-]{1,200})", sent)
    bearer = MEMORY.access.get(found.group(1)) if found else None
    if bearer is None or bearer.until <= now() or bearer.family not in bearer.who.families:
        raise unauthenticated()
    g.family = bearer.family
    return bearer.who


def _check_form() -> None:
    if request.url_rule is not None and request.url_rule.endpoint in WITH_BODY:
        _check_body()
    wanted = request.headers.get("Accept", "*/*")
    ranges = dict(_wanted(each) for each in wanted.split(",") if each.strip())
    known = (name for name in ("application/json", "application/*", "*/*") if name in ranges)
    if ranges and not ranges.get(next(known, ""), False):
        raise Refused("not-acceptable")


WITH_BODY: Final[set[str]] = set()
"""Endpoints that read a body; filled where they are declared."""


def _check_body() -> None:
    if (request.content_length or 0) > _LARGEST_BODY:
        raise Refused("content-too-large")
    kind, _, more = request.headers.get("Content-Type", "").partition(";")
    charset = more.strip().lower().replace('"', "")
    if kind.strip().lower() != "application/json" or charset not in {"", "charset=utf-8"}:
        name = "Accept-Patch" if request.method == "PATCH" else "Accept"
        raise Refused("unsupported-media-type", {name: "application/json"})
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Refused("unsupported-media-type", {"Accept-Encoding": "identity"})


def _wanted(media_range: str) -> tuple[str, bool]:
    name, *options = (part.strip().lower() for part in media_range.split(";"))
    quality = next((option[2:] for option in options if option.startswith("q=")), "1")
    return name, quality.strip("0.") != ""


def _mark(response: Response) -> Response:
    response.headers["X-Request-Id"] = g.request_id
    response.headers["X-Content-Type-Options"] = "nosniff"
    span = secrets.token_hex(8)
    response.headers["Traceparent"] = f"00-{_trace()}-{span}-01"
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def _trace() -> str:
    """Return the id of the trace that the request is part of; a new one if it is part of none."""
    found = _TRACE.fullmatch(request.headers.get("Traceparent", "").strip())
    if found is None or (found["version"] == "00" and found["more"]):
        return secrets.token_hex(16)
    return found["trace"]


def _refused(refused: Refused) -> Response:
    document = refused.document(request.host_url, g.request_id)
    response = answer(document, refused.status, refused.headers)
    response.mimetype = "application/problem+json"
    return response


def _of_the_framework(fault: HTTPException) -> Response:
    if isinstance(fault, MethodNotAllowed):
        allow = _allowed(fault.valid_methods or ())
        return _refused(Refused("method-not-allowed", {"Allow": allow}))
    return _refused(Refused("not-found" if fault.code in {400, 404} else "internal-error"))


def _allowed(methods: Iterable[str]) -> str:
    return ", ".join(sorted(methods))

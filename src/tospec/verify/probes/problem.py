"""Problem documents (RFC 9457): their shape, what they must not tell, and how two compare."""

import json
import re
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urlsplit

from tospec.verify.base import NOTHING, Answer

MEDIA_TYPE: Final = "application/problem+json"
_MEMBERS: Final = ("type", "title", "status", "detail", "instance", "code")
_VARYING: Final = ("instance", "request_id", "requestId", "trace_id", "traceId", "timestamp")
_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{2,}")
_LEAKS: Final = re.compile(
    r"traceback \(most|file \\?\"[^\"]+\", line|/site-packages/|\bat [\w.$]+\([\w.]+:\d+\)"
    r"|\b(sqlalchemy|psycopg|asyncpg|aiosqlite|sqlite3|pymysql|hibernate|activerecord|pydantic)\b"
    r"|(?-i:\bSELECT\b.+\bFROM\b|\bINSERT INTO\b|\bUPDATE\b.+\bSET\b|\bDELETE FROM\b)"
    r"|\bconstraint \\?\"|sqlstate|\b(uq|fk|ck|pk|ix)_\w+|/(home|usr|var/lib|opt)/[\w./-]+",
    re.IGNORECASE,
)
_SAME_HEADERS: Final = ("content-type", "www-authenticate", "cache-control", "allow")


def problem_faults(answer: Answer) -> Iterator[str]:
    """Yield what is wrong with a problem document, as convention rest-1 asks for it."""
    media_type = answer.headers.get("content-type", "missing").partition(";")[0].strip().lower()
    if media_type != MEDIA_TYPE:
        yield f"Content-Type is {media_type}"
    if not isinstance(answer.json, dict):
        yield "the body is no JSON object"
        return
    yield from (f"no member {name}" for name in _MEMBERS if name not in answer.json)
    if answer.json.get("status") != answer.status:
        yield f"status says {answer.json.get('status')!r} in an answer of {answer.status}"
    yield from _of_members(answer.json)
    yield from (f"a member is called {name!r}" for name in answer.json if not _NAME.fullmatch(name))


def _of_members(document: dict[str, Any]) -> Iterator[str]:
    for name in ("title", "detail", "code", "instance"):
        if not isinstance(document.get(name), str) or not document[name]:
            yield f"{name} is no text"
    kind = document.get("type")
    if not isinstance(kind, str) or not urlsplit(kind).scheme:
        yield f"type is no absolute URI: {kind!r}"


def leaks(answer: Answer) -> Iterator[str]:
    """Yield what an answer tells of the inside of the system."""
    found = _LEAKS.search(answer.body.decode("utf-8", "replace"))
    if found:
        yield f"the body tells of the inside: {found.group()[:80]!r}"


def differences(one: Answer, other: Answer) -> Iterator[str]:
    """Yield in what two refusals differ, apart from what tells requests apart."""
    if one.status != other.status:
        yield f"{other.status} instead of {one.status}"
    for name in _SAME_HEADERS:
        if one.headers.get(name) != other.headers.get(name):
            yield f"{name} is {other.headers.get(name)!r}, not {one.headers.get(name)!r}"
    if plain(one) != plain(other):
        yield "the bodies differ"


def plain(answer: Answer) -> str:
    """Return a body without what tells requests apart, to be compared."""
    if answer.json is NOTHING:
        return answer.body.decode("utf-8", "replace")
    if not isinstance(answer.json, dict):
        return json.dumps(answer.json)
    kept = {name: value for name, value in answer.json.items() if name not in _VARYING}
    return json.dumps(kept, sort_keys=True)

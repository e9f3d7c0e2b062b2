"""Answers, written straight to bytes."""

from typing import Any, Final

from fastapi import Request, Response
from pydantic_core import to_json

from app.api.conditions import not_modified
from app.core.preconditions import Versioned, content_tag, entity_tag
from app.schemas.wire import Wire, encode

JSON: Final = "application/json"


def json_response(
    body: bytes, *, status: int = 200, headers: dict[str, str] | None = None
) -> Response:
    """Return an answer with the JSON text `body`."""
    return Response(body, status, headers, media_type=JSON)


def item(view: Wire, *, of: Versioned | None = None, request: Request | None = None) -> Response:
    """Return the representation of one object.

    Args:
        view: The representation.
        of: The object, if it has a version; gives the `ETag`.
        request: The request, if it is a read that `If-None-Match` may cut short; without a
            version the `ETag` is a digest of the representation.
    """
    body = encode(view)
    if of is None and request is None:
        return json_response(body)
    tag = content_tag(body) if of is None else entity_tag(of)
    if request is not None and not_modified(request, tag):
        return Response(status_code=304, headers={"etag": tag})
    return json_response(body, headers={"etag": tag})


def created(view: Wire, *, location: str, of: Versioned | None = None) -> Response:
    """Return the representation of an object just made, to be found at path `location`."""
    headers = {"location": location}
    if of is not None:
        headers["etag"] = entity_tag(of)
    return json_response(encode(view), status=201, headers=headers)


def no_content() -> Response:
    """Return the empty answer."""
    return Response(status_code=204)


def document(content: Any, *, status: int = 200) -> Response:
    """Return any plain value as JSON."""
    return json_response(to_json(content), status=status)

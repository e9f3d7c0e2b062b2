"""Lists: the cursor a client carries, and the `Link` to the next page."""

import re
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from typing import TYPE_CHECKING, Annotated, Any, Final
from urllib.parse import quote, quote_plus, urlencode
from uuid import UUID

from fastapi import Depends, Request, Response
from pydantic_core import from_json, to_json

from app.api.deps import actor_of, runtime
from app.api.payload import QueryReader, query_pairs
from app.api.responses import json_response
from app.core.errors import AppError, InvalidCursorError
from app.core.inputs import Payload
from app.schemas.page import ListParameters, ListRequest, Page, PageRequest, SortKey, SortValue
from app.schemas.wire import Wire, encode
from app.security.signing import InvalidSignatureError

CURSOR_LIFETIME: Final = 24 * 60 * 60
_NOT_BOUND: Final = {"limit", "cursor"}
_PLAIN: Final = re.compile(r"(?:\w+=[\w.-]+(?:&(?!$)|$))*", re.ASCII)
"""A query that is written in no other way than it came."""
_READERS: Final[dict[str, Callable[[Any], SortValue]]] = {
    "plain": lambda value: value,
    "instant": datetime.fromisoformat,
    "decimal": Decimal,
    "id": UUID,
}


class ListReader[T: ListParameters]:
    """The dependency behind `Listing[T]`."""

    def __init__(self, model: type[T]) -> None:
        self.model = model
        self._query = QueryReader(model)

    async def __call__(self, request: Request) -> Payload[ListRequest[T]]:
        """Return what the client asks of the list, or what is wrong with it."""
        try:
            parameters = self._query.read(request)
            request.state.cursor_context = _context(request, parameters)
            return Payload.of(ListRequest(parameters=parameters, page=_page(request, parameters)))
        except AppError as fault:
            return Payload.failed(fault)


if TYPE_CHECKING:
    type Listing[T: ListParameters] = Payload[ListRequest[T]]
else:

    class Listing:
        """`Listing[T]`: page and filters as `Payload[ListRequest[T]]`."""

        def __class_getitem__(cls, model: type[ListParameters]) -> object:
            return Annotated[Payload, Depends(ListReader(model))]


def page[M](
    request: Request, found: Page[M], show: Callable[[Sequence[M]], Sequence[Wire]]
) -> Response:
    """Return the answer for `found`: items as `show` shows them, and how to go on."""
    following = None if found.next is None else _sign(request, found.next)
    body = encode({"items": show(found.items), "next": following})
    headers = {} if following is None else {"link": _link(request, following)}
    return json_response(body, headers=headers)


def _page(request: Request, parameters: ListParameters) -> PageRequest:
    cursor = parameters.cursor
    after = None if cursor is None else _verify(request, cursor)
    return PageRequest(limit=parameters.limit, sort=_order(parameters), after=after)


def _order(parameters: ListParameters) -> tuple[SortKey, ...]:
    """Return the order asked for: `sort` names a column, `-` before it reverses."""
    sort = getattr(parameters, "sort", None)
    if sort is None:
        return ()
    return (SortKey(str(sort).removeprefix("-"), descending=str(sort).startswith("-")),)


def _context(request: Request, parameters: ListParameters) -> bytes:
    """Return a digest of all that a cursor is bound to."""
    actor = actor_of(request)
    bound = [
        str(actor.tenant_id),
        str(actor.user_id),
        request.scope["route"].path,
        sorted(request.path_params.items()),
        parameters.model_dump_json(exclude=_NOT_BOUND),
    ]
    return sha256(to_json(bound)).digest()


def _sign(request: Request, after: Sequence[SortValue]) -> str:
    payload = to_json([int(time.time()), [_tagged(value) for value in after]])
    return runtime(request).cursors.sign(payload, context=request.state.cursor_context)


def _verify(request: Request, cursor: str) -> tuple[SortValue, ...]:
    try:
        context = request.state.cursor_context
        issued, values = from_json(runtime(request).cursors.verify(cursor, context=context))
    except InvalidSignatureError:
        raise InvalidCursorError from None
    if time.time() - issued > CURSOR_LIFETIME:
        raise InvalidCursorError
    return tuple(_READERS[tag](value) for tag, value in values)


def _tagged(value: SortValue) -> tuple[str, object]:
    if isinstance(value, datetime):
        return "instant", value.isoformat()
    if isinstance(value, Decimal):
        return "decimal", format(value, "f")
    return ("id", str(value)) if isinstance(value, UUID) else ("plain", value)


def _link(request: Request, cursor: str) -> str:
    query = request.scope["query_string"].decode("latin-1")
    if "cursor" in query or not _PLAIN.fullmatch(query):
        others = [(name, value) for name, value in query_pairs(request) if name != "cursor"]
        query = urlencode(others)
    own = f"cursor={quote_plus(cursor)}"
    return f'<{quote(request.scope["path"])}?{query}{"&" if query else ""}{own}>; rel="next"'

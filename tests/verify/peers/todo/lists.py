"""Lists: narrowed, ordered, and told page by page; the server keeps where a reader is."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from functools import cmp_to_key
from typing import Any
from urllib.parse import urlencode

from flask import Response, g, request

from tests.verify.peers.todo import shapes
from tests.verify.peers.todo.problems import Refused
from tests.verify.peers.todo.rows import Row
from tests.verify.peers.todo.shapes import Reader
from tests.verify.peers.todo.wire import MEMORY, answer, pairs

type Place = tuple[Any, str]


class Listing[R: Row]:
    """A kind of list.

    Args:
        view: How a row is shown.
        keys: What rows can be ordered by.
        order: The order when none is asked for.
        filters: Readers of the parameters that narrow it.
        holds: Whether a row passes the parameters.
        many: Filters that may be given several times.
    """

    def __init__(
        self,
        view: Callable[[R], Mapping[str, Any]],
        keys: Mapping[str, Callable[[R], Any]],
        order: str,
        filters: Mapping[str, Reader] | None = None,
        holds: Callable[[R, Mapping[str, Any]], bool] = lambda _row, _asked: True,
        many: frozenset[str] = frozenset(),
    ) -> None:
        self._view, self._keys, self._order = view, keys, order
        orders = [sign + key for key in keys for sign in ("", "-")]
        self._readers: Mapping[str, Reader] = {
            "limit": shapes.number(1, 200),
            "cursor": shapes.text(1, 2048),
            "sort": shapes.one_of(*orders),
            **(filters or {}),
        }
        self._holds, self._many = holds, many

    def answer(self, rows: Sequence[R]) -> Response:
        """Answer with the part of `rows` that the request asks for."""
        asked = shapes.parameters(pairs(), self._readers, self._many)
        limit = asked.pop("limit", 50)
        cursor = asked.pop("cursor", None)
        context = (g.who.id, request.path, repr(sorted(asked.items())))
        after = None if cursor is None else _resumed(cursor, context)
        order = _Order(self._keys, asked.pop("sort", self._order))
        found = sorted((row for row in rows if self._holds(row, asked)), key=order.key)
        left = [row for row in found if after is None or order.compare(order.place(row), after) > 0]
        shown = {"items": [self._view(row) for row in left[:limit]], "next": None}
        if len(left) <= limit:
            return answer(shown)
        following = _kept(context, order.place(left[limit - 1]))
        return answer(shown | {"next": following}, headers={"Link": _link(following)})


class _Order[R: Row]:
    """An order of rows: by one key, then by id; rows without a value come last."""

    def __init__(self, keys: Mapping[str, Callable[[R], Any]], name: str) -> None:
        self._value = keys[name.removeprefix("-")]
        self._sign = -1 if name.startswith("-") else 1

    def place(self, row: R) -> Place:
        return self._value(row), row.id

    def key(self, row: R) -> Any:
        return cmp_to_key(self.compare)(self.place(row))

    def compare(self, one: Place, other: Place) -> int:
        if one[0] == other[0]:
            return (one[1] > other[1]) - (one[1] < other[1])
        if one[0] is None or other[0] is None:
            return 1 if one[0] is None else -1
        return self._sign if one[0] > other[0] else -self._sign


def _kept(context: object, place: Place) -> str:
    cursor = secrets.token_urlsafe(18)
    MEMORY.cursors[cursor] = (context, place)
    return cursor


def _resumed(cursor: str, context: object) -> Place:
    known, place = MEMORY.cursors.get(cursor, (None, (None, "")))
    if known != context:
        raise Refused("invalid-cursor")
    return place


def _link(cursor: str) -> str:
    others = [(name, value) for name, value in pairs() if name != "cursor"]
    return f'<{request.path}?{urlencode([*others, ("cursor", cursor)])}>; rel="next"'

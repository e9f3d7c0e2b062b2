"""The ledger: what a run made at the target, what became of it, and what is left of it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from threading import Lock
from typing import Any, Final

from tospec.model.operations import Kind, Operation
from tospec.model.system import System
from tospec.verify.base import Answer
from tospec.verify.wire.exchange import Exchange

_PART: Final = r"[^/?#]+"
_MADE_BY_ACCOUNTS: Final = (
    *("InviteUser", "RevokeInvitation"),
    *("CreateWebhook", "DeleteWebhook"),
)
_MADE_FOR_GOOD: Final = {
    "AcceptInvitation": "people who were invited: they stay, since no operation removes them",
    "SignUp": "tenants with their founders: they stay, since no operation removes them",
}
_REQUESTS_TO_REMOVE: Final = 2
_LONGEST_HISTORY: Final = 30
_LARGEST_BODY: Final = 64 * 1024
_MOST_SEEN: Final = 200_000
_DEEPEST: Final = 6


class Ledger:
    """Objects by id, oldest first; for many threads."""

    def __init__(self, system: System) -> None:
        self._routes = [
            (operation, path_pattern(operation.path))
            for operation in system.operations
            if operation.kind in (Kind.CREATE, Kind.DELETE) or operation.name in _MADE_BY_ACCOUNTS
        ]
        self._account_routes = {
            (operation.method, operation.path): _MADE_FOR_GOOD[operation.name]
            for operation in system.operations
            if operation.kind is Kind.ACCOUNT and operation.name in _MADE_FOR_GOOD
        }
        self._left: dict[str, Exchange] = {}
        self._histories: dict[str, list[Exchange]] = {}
        self._seen: set[str] = set()
        self._accounts: dict[str, int] = {}
        self._lock = Lock()

    def note(self, exchange: Exchange) -> Exchange:
        """Take down what an exchange did; return it with the object that it made."""
        with self._lock:
            if not exchange.succeeded:
                return exchange
            self._count_accounts(exchange)
            noted = self._noted(exchange)
            if len(self._seen) < _MOST_SEEN:
                self._seen.update(_ids_in(exchange.answer.json))
            return noted

    def left(self) -> tuple[Exchange, ...]:
        """Return the exchanges that made what is still there, oldest first."""
        with self._lock:
            return tuple(self._left.values())

    @property
    def owed(self) -> int:
        """How many requests it may take to remove what is left."""
        return _REQUESTS_TO_REMOVE * len(self._left)

    def forget(self, id_: str) -> None:
        """Take down that an object is gone."""
        with self._lock:
            self._left.pop(id_, None)

    def history(self, id_: str, before: int) -> Sequence[Exchange]:
        """Return what made and changed an object before the exchange of a number."""
        with self._lock:
            return [each for each in self._histories.get(id_, ()) if each.number < before]

    def accounts(self) -> tuple[str, ...]:
        """Return how many tenants, people and the like were made that nothing removes."""
        with self._lock:
            return tuple(f"{many} {what}" for what, many in sorted(self._accounts.items()))

    def leave(self, many: int, what: str) -> None:
        """Take down that so many things of a kind were made, and stay."""
        with self._lock:
            self._accounts[what] = self._accounts.get(what, 0) + many

    def is_foreign(self, path: str) -> bool:
        """Return whether a path names an object that was seen at the target but not made here."""
        with self._lock:
            ids = [part for part in path.split("?", maxsplit=1)[0].split("/") if part in self._seen]
            return any(id_ not in self._histories for id_ in ids)

    def _count_accounts(self, exchange: Exchange) -> None:
        request = exchange.request
        for (method, path), what in self._account_routes.items():
            if (request.method, request.path) == (method, path):
                self._accounts[what] = self._accounts.get(what, 0) + 1

    def _noted(self, exchange: Exchange) -> Exchange:
        operation = self._operation(exchange)
        if exchange.request.method in ("GET", "HEAD", "OPTIONS"):
            return exchange
        if operation is not None and operation.method != "DELETE":
            id_ = made_id(exchange.answer)
            if id_ is None or exchange.request.person is None:
                return exchange
            exchange = replace(exchange, entity=operation.entity, id=id_)
            self._left[id_] = exchange
            self._histories[id_] = [exchange] if _is_small(exchange) else []
            return exchange
        parts = exchange.request.path.split("/")
        for part in parts:
            history = self._histories.get(part)
            if history is not None and len(history) < _LONGEST_HISTORY and _is_small(exchange):
                history.append(exchange)
        if operation is not None:
            self._left.pop(parts[-1], None)
        return exchange

    def _operation(self, exchange: Exchange) -> Operation | None:
        request = exchange.request
        for operation, pattern in self._routes:
            if operation.method == request.method and pattern.fullmatch(request.path):
                return operation
        return None


def path_pattern(template: str) -> re.Pattern[str]:
    """Return what matches the paths of a template such as `/v1/tasks/{task}`."""
    parts = re.split(r"\{[^}]*\}", template)
    return re.compile(_PART.join(map(re.escape, parts)))


def made_id(answer: Answer) -> str | None:
    """Return the id of what an answer says was made: in its body, or else in `Location`."""
    id_ = answer.json.get("id") if isinstance(answer.json, Mapping) else None
    if isinstance(id_, str) and id_:
        return id_
    if isinstance(id_, int) and not isinstance(id_, bool):
        return str(id_)
    return answer.headers.get("location", "").rstrip("/").rsplit("/", 1)[-1] or None


def _is_small(exchange: Exchange) -> bool:
    body = exchange.request.body
    return not isinstance(body, bytes) or len(body) <= _LARGEST_BODY


def _ids_in(json: Any, depth: int = 0) -> Iterator[str]:
    """Yield the values of members called `id`."""
    if isinstance(json, dict):
        id_ = json.get("id")
        if isinstance(id_, str | int) and not isinstance(id_, bool):
            yield str(id_)
        json = json.values()
    elif not isinstance(json, list):
        return
    if depth < _DEEPEST:
        for value in json:
            if isinstance(value, dict | list):
                yield from _ids_in(value, depth + 1)

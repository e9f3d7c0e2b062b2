"""The operations of a built tree, as its own description of the API lists them."""

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from tospec.gate.base import CannotRunError
from tospec.gate.recorded import Exchange, Ran
from tospec.gate.tree import TreeUnderTest

PLACE: Final = "docs/openapi.json"
_PARAMETER: Final = re.compile(r"\\\{[^}]*\\\}")
_METHODS: Final = frozenset({"get", "put", "post", "delete", "options", "head", "patch", "trace"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiOperation:
    """An operation of the API.

    Attributes:
        id: Its `operationId`.
        path: Matches the paths of requests that are for it.
        statuses: The statuses that it may answer.
        has_body: Whether a request has a body.
        has_query: Whether a request may have query parameters.
        secured: Whether it wants a credential.
    """

    id: str
    method: str
    template: str
    path: re.Pattern[str]
    statuses: frozenset[int]
    has_body: bool
    has_query: bool
    secured: bool

    @property
    def name(self) -> str:
        """Its name as a spec writes it, such as `CreateTask`."""
        return "".join(part[:1].upper() + part[1:] for part in self.id.split("_"))

    def is_asked_by(self, exchange: Exchange) -> bool:
        """Return whether a request was for it."""
        method = "GET" if exchange.method == "HEAD" else exchange.method
        return method == self.method and self.path.fullmatch(exchange.path) is not None


def operations_of(tree: TreeUnderTest) -> tuple[ApiOperation, ...]:
    """Return the operations that the tree's description of its API lists, in order of id.

    Raises:
        CannotRunError: If there is none that can be read.
    """
    content = tree.content(PLACE)
    if content is None:
        message = f"There is no {PLACE}."
        raise CannotRunError(message, "Restore it, or build again.")
    try:
        return read_operations(json.loads(content))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as fault:
        message = f"{PLACE} is no description of an API: {fault}."
        raise CannotRunError(message, "Restore it, or build again.") from fault


def read_operations(document: Any) -> tuple[ApiOperation, ...]:
    """Return the operations of a description, in order of id."""
    found = [
        _operation(document, template, method, operation)
        for template, operations in document["paths"].items()
        for method, operation in operations.items()
        if method in _METHODS
    ]
    # The more literal path wins, as it does when a request is routed.
    return tuple(sorted(found, key=lambda each: (each.template.count("{"), each.id)))


def named_operations(tree: TreeUnderTest, tests: Iterable[Ran]) -> Callable[[Ran], tuple[str, ...]]:
    """Return what tells the names of the operations that a test names or calls."""
    try:
        operations = operations_of(tree)
    except CannotRunError:
        operations = ()
    spelled = {_key(name): name for ran in tests for name in ran.operations}

    def named(ran: Ran) -> tuple[str, ...]:
        called = (asked(operations, exchange) for exchange in ran.exchanges)
        names = (spelled.get(_key(each.id), each.name) for each in called if each is not None)
        return tuple(sorted({*ran.operations, *names}))

    return named


def asked(operations: Iterable[ApiOperation], exchange: Exchange) -> ApiOperation | None:
    """Return the operation that a request was for; None if it was for none of them."""
    return next((each for each in operations if each.is_asked_by(exchange)), None)


def _key(name: str) -> str:
    return name.replace("_", "").lower()


def _operation(document: Any, template: str, method: str, operation: Any) -> ApiOperation:
    parameters = [_resolved(document, each) for each in operation.get("parameters", ())]
    secured = operation.get("security", document.get("security", ()))
    return ApiOperation(
        id=str(operation.get("operationId") or f"{method} {template}"),
        method=method.upper(),
        template=template,
        path=re.compile(_PARAMETER.sub("[^/]+", re.escape(template))),
        statuses=frozenset(int(code) for code in operation["responses"] if code.isdigit()),
        has_body="requestBody" in operation,
        has_query=any(each.get("in") == "query" for each in parameters),
        secured=bool(secured),
    )


def _resolved(document: Any, parameter: Any) -> Any:
    reference = parameter.get("$ref", "")
    found = document
    for part in reference.removeprefix("#/").split("/") if reference else ():
        found = found[part]
    return found if reference else parameter

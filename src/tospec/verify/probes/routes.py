"""Routes of a system: who may use them, their methods, and requests that change nothing."""

import re
from collections.abc import Iterator, Mapping
from random import Random
from typing import Final
from urllib.parse import quote
from uuid import UUID

from tospec.model import Kind, Operation, System
from tospec.verify.base import Person, Stage

SAFE: Final = ("GET", "HEAD", "OPTIONS")
_PARAMETER: Final = re.compile(r"\{[^}]*\}")
_NO_BODY: Final = frozenset(
    {
        *("SignOut", "ReplayJob", "CancelJob", "CancelRun"),
        *("RotateWebhookSecret", "PingWebhook", "RedeliverWebhook"),
    }
)
_SIGNED: Final = "integrations-1"
"""Origin of operations by which other services tell something."""
_WRITING: Final = frozenset({"POST", "PUT", "PATCH"})


def random_id(random: Random) -> str:
    """Return an id that nothing has."""
    return str(UUID(int=random.getrandbits(128), version=4))


def parameters_of(path: str) -> int:
    """Return how many parameters a path template has."""
    return len(_PARAMETER.findall(path))


def filled(path: str, *values: str) -> str:
    """Return a path template with its parameters filled in, percent-encoded."""
    remaining = iter(values)
    return _PARAMETER.sub(lambda _: quote(next(remaining), safe=""), path)


def nowhere(stage: Stage, path: str) -> str:
    """Return a path template filled with ids that nothing has."""
    return filled(path, *(random_id(stage.random) for _ in range(parameters_of(path))))


def normalized(path: str) -> str:
    """Return a path template without the names of its parameters."""
    return _PARAMETER.sub("{}", path)


def templates(system: System) -> Mapping[str, tuple[str, ...]]:
    """Return the methods that each path offers, HEAD and OPTIONS among them, in order of paths."""
    found: dict[str, set[str]] = {}
    for method, path in offered(system):
        found.setdefault(path, {"OPTIONS"}).add(method)
        if method == "GET":
            found[path].add("HEAD")
    return {path: tuple(sorted(methods)) for path, methods in sorted(found.items())}


def offered(system: System) -> Iterator[tuple[str, str]]:
    """Yield the method and the path of everything that a system offers."""
    for operation in system.operations:
        yield operation.method, operation.path
    for bulk in system.bulks:
        yield bulk.method, bulk.path
    for path in system.watch.endpoints if system.watch else ():
        yield "GET", path


def has_body(operation: Operation) -> bool:
    """Whether a client sends JSON that is judged before who has signed it."""
    if operation.upload or is_told(operation):
        return False
    match operation.kind:
        case Kind.CREATE | Kind.UPDATE:
            return True
        case Kind.ACCOUNT:
            return operation.method in _WRITING and operation.name not in _NO_BODY
    return bool(operation.input)


def is_told(operation: Operation) -> bool:
    """Whether another service tells something by it, of which the signature is judged first."""
    return operation.origin == _SIGNED


def is_protected(system: System, operation: Operation) -> bool:
    """Whether an operation wants a sign-in."""
    return system.auth is not None and not operation.public


def allowed(system: System, operation: Operation) -> tuple[str, ...]:
    """Return the roles that may use an operation, as far as its permission says."""
    if operation.permission is None:
        return system.roles
    return tuple(
        role for role in system.roles if role in system.permission(operation.permission).roles
    )


def denied(system: System, operation: Operation) -> tuple[str, ...]:
    """Return the roles that may not use an operation."""
    return tuple(role for role in system.roles if role not in allowed(system, operation))


def somebody(stage: Stage, operation: Operation) -> Person | None:
    """Return somebody who may use an operation; None when it needs nobody.

    Raises:
        Unavailable: If the target gives no such person.
    """
    if not is_protected(stage.system, operation):
        return None
    return stage.person(allowed(stage.system, operation)[0])

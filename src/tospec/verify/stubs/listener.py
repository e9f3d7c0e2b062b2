"""Listens as another service, on a port of this machine."""

import json
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler
from itertools import count
from typing import Final

from tospec.errors import UsageError
from tospec.model import Call, Field, FieldType, Integration, System
from tospec.verify.base import Json
from tospec.verify.stubs.called import Called, Reply, Stub
from tospec.verify.stubs.place import Place
from tospec.verify.stubs.server import Handler, Server, served

_SAMPLES: Final[Mapping[FieldType, Json]] = {
    FieldType.INT: 7,
    FieldType.DECIMAL: "7",
    FieldType.BOOL: True,
    FieldType.DATE: "2101-02-03",
    FieldType.TIMESTAMP: "2101-02-03T04:05:06Z",
    FieldType.DURATION: "PT15M",
    FieldType.UUID: "7b1d6c0e-5f0a-4f0e-9d5a-2f6f4d3a9c11",
    FieldType.EMAIL: "stub@example.com",
    FieldType.URL: "https://example.com/stub",
    FieldType.JSON: {},
}


@contextmanager
def listening(integration: Integration, host: str, port: int) -> Iterator[Stub]:
    """Answer as a service at an address of this machine until the block ends.

    Raises:
        UsageError: If nobody can listen there.
    """
    stub = Stub(integration)
    try:
        server = _Server((host, port), stub)
    except OSError as fault:
        raise UsageError(
            f"The stub of {integration.name} cannot listen at {host}:{port}: {fault.strerror}.",
            f"Point {integration.url} of the target, and --stub, to a port that is free.",
        ) from fault
    with served(server):
        yield stub


@contextmanager
def stubs_of(system: System, places: Iterable[Place]) -> Iterator[Mapping[str, Stub]]:
    """Answer as several services until the block ends; give what stands in, by name.

    Raises:
        UsageError: If the spec has no such service, or nobody can listen there.
    """
    with ExitStack() as stack:
        yield {
            each.integration: stack.enter_context(
                listening(integration_of(system, each.integration), each.host, each.port)
            )
            for each in places
        }


def integration_of(system: System, name: str) -> Integration:
    """Return an integration of a spec.

    Raises:
        UsageError: If there is none of that name.
    """
    for each in system.integrations:
        if each.name == name:
            return each
    known = ", ".join(each.name for each in system.integrations) or "none"
    raise UsageError(f"{system.name} has no integration {name!r}.", f"There are: {known}.")


class _Server(Server):
    """A server of one stub.

    Attributes:
        numbers: So that no two answers are the same.
    """

    def __init__(self, address: tuple[str, int], stub: Stub) -> None:
        self.stub = stub
        self.numbers = count(1)
        super().__init__(address, _Handler)


class _Handler(Handler):
    server: _Server

    def reply(self, content: bytes) -> Reply:
        """Do as asked, unless the stub was told otherwise."""
        stub = self.server.stub
        call = stub.call_of(self.command, self.path.partition("?")[0])
        called = _called(stub.integration, call, self, content)
        return stub.take(called) or _usual(call, called, next(self.server.numbers))


def _called(
    integration: Integration, call: Call | None, request: BaseHTTPRequestHandler, content: bytes
) -> Called:
    proof = (integration.proof and integration.proof.header) or "authorization"
    body = _object(content)
    return Called(
        at=time.monotonic(),
        call=call.name if call else "",
        asked=f"{request.command} {request.path.partition('?')[0]}",
        key=request.headers.get("idempotency-key", ""),
        proven=bool(request.headers.get(proof)),
        body=body or {},
        fault=_fault(call, body) if call else "the spec has no such call",
    )


def _object(content: bytes) -> Mapping[str, Json] | None:
    try:
        found = json.loads(content)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _fault(call: Call, body: Mapping[str, Json] | None) -> str:
    if not call.body:
        return ""
    if body is None:
        return "its body is no JSON object"
    names = {each.name for each in call.body}
    missing = [e.name for e in call.body if body.get(e.name) is None and not e.optional]
    unknown = sorted(set(body) - names)
    faults = [f"without {name}" for name in missing] + [f"with {name}" for name in unknown]
    return ", ".join(faults)


def _usual(call: Call | None, called: Called, number: int) -> Reply:
    """Return the answer to a request that nobody said otherwise about."""
    if call is None:
        return Reply(status=404, text="{}")
    if called.fault:
        return Reply(status=422, text="{}")
    answer = {each.name: _sample(each, number) for each in call.returns}
    return Reply(status=200, text=json.dumps(answer))


def _sample(field: Field, number: int) -> Json:
    if field.type is FieldType.ENUM:
        return field.values[0]
    return _SAMPLES.get(field.type, f"stub-{number}")

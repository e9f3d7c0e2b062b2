"""One connection to the target: sends a request, and makes an answer of whatever happens."""

import ssl
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from threading import Barrier
from typing import Final

import httpcore

from tospec.verify.base import NOTHING, Answer
from tospec.verify.wire.deadline import BoundedBackend, Deadline
from tospec.verify.wire.decoding import BadEncodingError, TooLargeError, decompressed, json_of
from tospec.verify.wire.target import Target

MAX_BODY: Final = 4 * 1024 * 1024
MAX_HEADERS: Final = 64 * 1024
UNREACHED: Final = "no connection"
"""How the faults of a target begin that could not be reached."""
_KEPT_ALIVE: Final = 2.0
"""Shorter than servers keep idle connections, so that none is closed while a request goes out."""
_FAULTS: Final[tuple[tuple[type[Exception], str], ...]] = (
    (httpcore.ConnectTimeout, f"{UNREACHED} in time"),
    (httpcore.TimeoutException, "timed out"),
    (httpcore.ConnectError, UNREACHED),
    (httpcore.LocalProtocolError, "cannot be sent"),
    (httpcore.RemoteProtocolError, "not HTTP"),
    (httpcore.NetworkError, "connection broken off"),
)
_EXPECTED: Final = (
    httpcore.TimeoutException,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.ConnectionNotAvailable,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A request as it goes out: `target` is path and query, percent-encoded."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What an exchange may take: seconds from the first byte to the last, bytes of the body."""

    seconds: float = 10.0
    body: int = MAX_BODY


class Wire:
    """A connection that is kept while it works; for one thread at a time.

    It only ever talks to its target: it follows no redirect, keeps no cookie, asks no proxy.
    """

    def __init__(self, target: Target, limits: Limits | None = None) -> None:
        self._target = target
        self._limits = limits or Limits()
        self._deadline = Deadline()
        self._pool = httpcore.ConnectionPool(
            ssl_context=ssl.create_default_context() if target.scheme == "https" else None,
            max_connections=1,
            keepalive_expiry=_KEPT_ALIVE,
            network_backend=BoundedBackend(self._deadline),
        )

    def send(self, request: Outgoing, *, gate: Barrier | None = None) -> Answer:
        """Send a request; never raises, and ends within the limits."""
        began = time.monotonic()
        self._deadline.at = began + self._limits.seconds
        self._deadline.gate = gate
        try:
            return self._exchange(request, began)
        except _EXPECTED as fault:
            return _fault(_reason(fault), began)
        except (OSError, ValueError, UnicodeError) as fault:
            return _fault(f"connection broken off: {_short(fault)}", began)

    def close(self) -> None:
        """Close the connection."""
        self._pool.close()

    def _exchange(self, request: Outgoing, began: float) -> Answer:
        with self._pool.stream(
            request.method.encode("ascii", "replace"),
            self._url(request.target),
            headers=list(self._headers(request)),
            content=request.body,
        ) as response:
            headers = _joined(response.headers)
            if sum(map(len, headers.values())) > MAX_HEADERS:
                return _fault("headers too large", began)
            body, whole = _bounded(response.iter_stream(), self._limits.body)
            return self._answer(response.status, headers, body, whole=whole, began=began)

    def _answer(
        self, status: int, headers: Mapping[str, str], body: bytes, *, whole: bool, began: float
    ) -> Answer:
        if not whole:
            return _fault(f"body larger than {self._limits.body} bytes", began, headers, body)
        try:
            plain = decompressed(body, headers.get("content-encoding", ""), self._limits.body)
        except TooLargeError:
            return _fault(f"body larger than {self._limits.body} bytes", began, headers, body)
        except BadEncodingError as fault:
            return _fault(str(fault), began, headers, body)
        seconds = time.monotonic() - began
        return Answer(
            status=status, headers=headers, body=plain, json=json_of(plain), seconds=seconds
        )

    def _url(self, target: str) -> httpcore.URL:
        return httpcore.URL(
            scheme=self._target.scheme.encode(),
            host=self._target.host.encode(),
            port=self._target.port,
            target=f"{self._target.prefix}{target}".encode(),
        )

    def _headers(self, request: Outgoing) -> Iterator[tuple[bytes, bytes]]:
        given = {name.lower() for name, _ in request.headers}
        if "host" not in given:
            yield b"host", self._target.authority.encode()
        for name, value in request.headers:
            yield name.encode(), value.encode("utf-8", "surrogateescape")
        if request.body is not None and not given & {"content-length", "transfer-encoding"}:
            yield b"content-length", str(len(request.body)).encode()


def _joined(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in headers:
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        found[key] = f"{found[key]}, {text}" if key in found else text
    return found


def _bounded(chunks: Iterable[bytes], limit: int) -> tuple[bytes, bool]:
    """Return a body and whether it is whole; of a larger one, its first `limit` bytes."""
    found = bytearray()
    for chunk in chunks:
        found += chunk
        if len(found) > limit:
            return bytes(found[:limit]), False
    return bytes(found), True


def _reason(fault: Exception) -> str:
    name = next((text for kind, text in _FAULTS if isinstance(fault, kind)), UNREACHED)
    said = _short(fault)
    return f"{name}: {said}" if said not in ("", name) else name


def _short(fault: Exception) -> str:
    return str(fault)[:200]


def _fault(
    reason: str, began: float, headers: Mapping[str, str] | None = None, body: bytes = b""
) -> Answer:
    seconds = time.monotonic() - began
    return Answer(
        status=0, headers=headers or {}, body=body, json=NOTHING, seconds=seconds, fault=reason
    )

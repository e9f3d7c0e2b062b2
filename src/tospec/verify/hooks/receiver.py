"""Listens where webhooks deliver to, on a port of this machine: each has a path of its own."""

import json
import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Lock
from typing import Final

from tospec.errors import UsageError
from tospec.verify.base import Json
from tospec.verify.hooks.received import Inbox, Received, now
from tospec.verify.stubs.called import Reply
from tospec.verify.stubs.place import Address
from tospec.verify.stubs.server import Handler, Server, served

_PATH_BYTES: Final = 12
_NOBODY: Final = Reply(status=404, text="{}")


class Receiver:
    """All inboxes of a run; for many threads.

    Args:
        base: What their addresses begin with.
    """

    def __init__(self, base: str) -> None:
        self.base = base
        self._inboxes: dict[str, Inbox] = {}
        self._lock = Lock()

    def open(self) -> Inbox:
        """Return a new inbox, at an address that nobody else knows."""
        path = f"/hooks/{secrets.token_hex(_PATH_BYTES)}"
        inbox = Inbox(url=f"{self.base}{path}")
        with self._lock:
            self._inboxes[path] = inbox
        return inbox

    def at(self, path: str) -> Inbox | None:
        """Return the inbox at a path; None if there is none."""
        with self._lock:
            return self._inboxes.get(path)


@contextmanager
def receiving(address: Address | None) -> Iterator[Receiver | None]:
    """Receive at an address of this machine until the block ends; nothing without one.

    Raises:
        UsageError: If nobody can listen there.
    """
    if address is None:
        yield None
        return
    receiver = Receiver(f"http://{address.host}:{address.port}")
    try:
        server = _Server((address.host, address.port), receiver)
    except OSError as fault:
        where = f"{address.host}:{address.port}"
        raise UsageError(
            f"The receiver of webhooks cannot listen at {where}: {fault.strerror}.",
            "Point --hooks to a port that is free.",
        ) from fault
    with served(server):
        yield receiver


class _Server(Server):
    """A server of all inboxes."""

    def __init__(self, address: tuple[str, int], receiver: Receiver) -> None:
        self.receiver = receiver
        super().__init__(address, _Handler)


class _Handler(Handler):
    server: _Server

    def reply(self, content: bytes) -> Reply:
        """Put it into its inbox."""
        inbox = self.server.receiver.at(self.path)
        return _NOBODY if inbox is None else inbox.take(self._received(content))

    def _received(self, content: bytes) -> Received:
        return Received(
            at=time.monotonic(),
            when=now(),
            method=self.command,
            media_type=self.headers.get("content-type", "").partition(";")[0].strip().lower(),
            id=self.headers.get("webhook-id", ""),
            timestamp=self.headers.get("webhook-timestamp", ""),
            signature=self.headers.get("webhook-signature", ""),
            content=content,
            body=_object(content),
        )


def _object(content: bytes) -> Mapping[str, Json]:
    try:
        found = json.loads(content)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}

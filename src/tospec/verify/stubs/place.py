"""Where stubs listen, as somebody says it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from tospec.errors import UsageError
from tospec.verify.wire.target import is_loopback

_HELP: Final = "Write --stub NAME=127.0.0.1:PORT, with the name of an integration of the spec."


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An address of this machine at which somebody stands in for a service."""

    integration: str
    host: str
    port: int


def places_of(texts: Iterable[str]) -> tuple[Place, ...]:
    """Take texts apart, such as `mail=127.0.0.1:8025`.

    Raises:
        UsageError: If one names no address of this machine, or a service is named twice.
    """
    places = tuple(map(_place, texts))
    names = [each.integration for each in places]
    for name in names:
        if names.count(name) > 1:
            raise UsageError(f"There are two stubs of {name}.", _HELP)
    return places


def _place(text: str) -> Place:
    name, _, address = text.partition("=")
    try:
        parts = urlsplit(f"//{address}")
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if not name or not host or not port or parts.netloc != address:
        raise UsageError(f"{text!r} does not say where a stub listens.", _HELP)
    if not is_loopback(host):
        raise UsageError(f"A stub listens on this machine only, not at {host}.", _HELP)
    return Place(integration=name, host=host, port=port)

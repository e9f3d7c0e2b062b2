"""Where stubs listen, as somebody says it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from tospec.errors import UsageError
from tospec.verify.wire.target import is_loopback

_HELP: Final = "Write --stub NAME=127.0.0.1:PORT, with the name of an integration of the spec."
_HOOKS_HELP: Final = "Write --hooks 127.0.0.1:PORT."


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where on this machine somebody listens."""

    host: str
    port: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Place(Address):
    """An address of this machine at which somebody stands in for a service."""

    integration: str


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


def address_of(text: str) -> Address:
    """Take the address apart at which webhooks are received, such as `127.0.0.1:8026`.

    Raises:
        UsageError: If it is none of this machine.
    """
    found = _address(text)
    if found is None:
        raise UsageError(f"{text!r} does not say where webhooks are received.", _HOOKS_HELP)
    if not is_loopback(found.host):
        message = f"Webhooks are received on this machine only, not at {found.host}."
        raise UsageError(message, _HOOKS_HELP)
    return found


def _place(text: str) -> Place:
    name, _, address = text.partition("=")
    found = _address(address)
    if not name or found is None:
        raise UsageError(f"{text!r} does not say where a stub listens.", _HELP)
    if not is_loopback(found.host):
        raise UsageError(f"A stub listens on this machine only, not at {found.host}.", _HELP)
    return Place(integration=name, host=found.host, port=found.port)


def _address(text: str) -> Address | None:
    try:
        parts = urlsplit(f"//{text}")
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if not host or not port or parts.netloc != text:
        return None
    return Address(host=host, port=port)

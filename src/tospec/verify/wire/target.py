"""The target: where it is, and whether the verifier may go there."""

import ipaddress
import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from tospec.errors import UsageError

_PORTS: Final = {"http": 80, "https": 443}
_PRIVATE_SUFFIXES: Final = (
    "localhost",
    "test",
    "example",
    "invalid",
    "local",
    "internal",
    "lan",
    "home.arpa",
)
_TRIAL_WORDS: Final = frozenset(
    {"ci", "demo", "dev", "development", "preview", "qa", "sandbox", "stage", "staging", "test"}
    | {"testing", "trial", "uat"}
)
_PRODUCTION_WORDS: Final = frozenset({"live", "prod", "production", "www"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A base URL, taken apart. `prefix` is its path without a slash at the end."""

    scheme: str
    host: str
    port: int
    prefix: str

    @property
    def authority(self) -> str:
        """Host and port as in the `Host` header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """The base URL, without a slash at the end."""
        return f"{self.scheme}://{self.authority}{self.prefix}"


def target_of(url: str) -> Target:
    """Take a base URL apart.

    Raises:
        UsageError: If it is not a plain http or https URL, or holds credentials.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as fault:
        raise _refused(url, f"is not a URL: {fault}") from fault
    if parts.username is not None or parts.password is not None:
        raise UsageError(
            "The URL of the target holds credentials, which would end up in reports.",
            "Give them by --credentials or --credentials-command.",
        )
    if parts.scheme not in _PORTS or not parts.hostname:
        raise _refused(url, "is not an http or https URL with a host")
    if parts.query or parts.fragment or not re.fullmatch(r"[!-~]*", parts.path):
        raise _refused(url, "holds more than scheme, host, port and path")
    host = _ascii_host(url, parts.hostname)
    return Target(
        scheme=parts.scheme,
        host=host,
        port=_PORTS[parts.scheme] if port is None else port,
        prefix=parts.path.rstrip("/"),
    )


def require_allowed(target: Target, *, allowed: Collection[str], owned: bool) -> None:
    """Refuse a target that the verifier must not load with requests.

    Args:
        target: Where the requests would go.
        allowed: Hosts beyond this machine that somebody allowed.
        owned: Whether somebody said that the target is theirs although it looks like production.

    Raises:
        UsageError: If it may not go there.
    """
    if not is_loopback(target.host) and target.host not in {host.lower() for host in allowed}:
        raise UsageError(
            f"{target.host} is not this machine; verifying writes to the target.",
            f"If it is there to be written to, say so: --allow-host {target.host}",
        )
    if looks_like_production(target.host) and not owned:
        raise UsageError(
            f"{target.host} looks like production, and verifying writes to the target.",
            "Verify a copy of it; if it is yours and may be written to, add --i-own-this.",
        )


def is_loopback(host: str) -> bool:
    """Return whether a host is this machine, by its name alone."""
    address = _address_of(host)
    if address is not None:
        return address.is_loopback
    return host == "localhost" or host.endswith(".localhost")


def looks_like_production(host: str) -> bool:
    """Return whether real users may be at a host: public, and not named as a place for trials."""
    address = _address_of(host)
    if address is not None:
        return not address.is_private
    words = frozenset(re.split(r"[.\-_0-9]+", host))
    if words & _PRODUCTION_WORDS:
        return True
    is_private = "." not in host or host.endswith(tuple(f".{s}" for s in _PRIVATE_SUFFIXES))
    return not is_private and not words & _TRIAL_WORDS


def _address_of(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _ascii_host(url: str, host: str) -> str:
    try:
        name = host.encode("idna").decode("ascii").lower().rstrip(".")
    except UnicodeError as fault:
        raise _refused(url, f"has no valid host: {fault}") from fault
    if not re.fullmatch(r"[a-z0-9._:\-]+", name):
        raise _refused(url, "has no valid host")
    return name


def _refused(url: str, why: str) -> UsageError:
    return UsageError(f"{url!r} {why}.", "Give a base URL, such as http://127.0.0.1:8000.")

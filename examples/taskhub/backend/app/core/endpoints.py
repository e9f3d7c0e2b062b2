"""Where on the internet the service may send what a client asked it to send.

An address that a client names could be one of the network that the service is in, or of the
machine itself. What is written can be judged when it is named; what a name stands for changes, and
is judged by `is_public` whenever something is sent.
"""

import re
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final
from urllib.parse import SplitResult, urlsplit

MAX_HOST: Final = 253
_PORTS: Final = frozenset({443, 8443})
_LABEL: Final = r"[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?"
# The last label begins with a letter: no spelling of an address does.
_HOST: Final = re.compile(rf"(?:{_LABEL}\.)+[a-z](?:[a-z0-9-]{{0,61}}[a-z0-9])?", re.ASCII)
_VISIBLE: Final = re.compile(r"[!-~]+", re.ASCII)
_INNER_NAMES: Final = (
    *("localhost", "local", "internal", "intranet", "lan", "home", "corp", "private"),
    *("localdomain", "home.arpa", "in-addr.arpa", "ip6.arpa", "onion", "svc", "cluster"),
)
"""Endings of names that networks give their own machines."""
_REFUSED_V4: Final = tuple(
    IPv4Network(each)
    for each in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"),
        *("172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24"),
        *("192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24"),
        *("198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
        # The address of machines of one provider's host, which answers for metadata.
        "168.63.129.16/32",
    )
)
_GLOBAL_V6: Final = IPv6Network("2000::/3")
_REFUSED_V6: Final = tuple(
    IPv6Network(each)
    for each in (
        # Teredo and other protocols, documentation, 6to4, segment routing: an address of another
        # network may stand in them.
        *("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20"),
    )
)


class UnfitEndpointError(ValueError):
    """Nothing may be sent there. Its text says why, and nothing of what was named."""


def is_public(address: str) -> bool:
    """Return whether `address`, an IP address, is one of the internet that anybody may reach.

    IPv6 addresses are those that are allotted to the internet, so none that maps, embeds or
    translates an IPv4 address is.
    """
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, IPv4Address):
        return not any(parsed in network for network in _REFUSED_V4)
    return _is_public_v6(parsed)


def _is_public_v6(address: IPv6Address) -> bool:
    is_global = address in _GLOBAL_V6 and address.scope_id is None
    return is_global and not any(address in network for network in _REFUSED_V6)


def require_endpoint(url: str, *, insecure: bool) -> None:
    """Let pass an https address of a named machine of the internet, as far as the text tells.

    Args:
        url: The address.
        insecure: Whether http, any port and any machine will do.

    Raises:
        UnfitEndpointError: If it is another.
    """
    parts = _split(url)
    if parts.username is not None or parts.password is not None:
        msg = "Must not hold a name or password."
        raise UnfitEndpointError(msg)
    if "#" in url:
        msg = "Must not hold a fragment."
        raise UnfitEndpointError(msg)
    if insecure:
        return
    if parts.scheme != "https":
        msg = "Must be an https address."
        raise UnfitEndpointError(msg)
    if (parts.port or 443) not in _PORTS:
        msg = "Must use port 443 or 8443."
        raise UnfitEndpointError(msg)
    _require_public_name(parts.hostname or "")


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        fits = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        fits = False
    if not fits or not _VISIBLE.fullmatch(url) or "\\" in url:
        msg = "Must be an absolute https address in ASCII."
        raise UnfitEndpointError(msg)
    return parts


def _require_public_name(host: str) -> None:
    if not _HOST.fullmatch(host) or len(host) > MAX_HOST:
        msg = "Must name a host of the internet, by its full name."
        raise UnfitEndpointError(msg)
    if any(f".{host}".endswith(f".{name}") for name in _INNER_NAMES):
        msg = "Must not name a host of an inner network."
        raise UnfitEndpointError(msg)

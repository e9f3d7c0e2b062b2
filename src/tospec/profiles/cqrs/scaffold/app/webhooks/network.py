"""Connections to machines of the internet, and to no other ones.

A name is resolved here, every address that it stands for is judged, and one of them is connected
to: between the check and the connection nothing is looked up again. TLS is still about the name.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, Final

from httpcore import (
    SOCKET_OPTION,
    AnyIOBackend,
    AsyncNetworkBackend,
    AsyncNetworkStream,
    ConnectError,
)

from app.core.endpoints import is_public

type Resolve = Callable[[str, int], Awaitable[Sequence[str]]]

_MOST_TRIED: Final = 2
"""How many addresses of a name are tried."""


class RefusedAddressError(Exception):
    """A name stands for an address that nothing may be sent to."""


class UnresolvedError(Exception):
    """A name stands for nothing."""


async def resolved(host: str, port: int) -> Sequence[str]:
    """Return the addresses that `host` stands for.

    Raises:
        UnresolvedError: If there is none.
    """
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise UnresolvedError from None
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class PublicNetwork(AsyncNetworkBackend):
    """Connects by TCP to public addresses.

    Args:
        insecure: Whether any address will do.
        resolve: Looks names up.
    """

    def __init__(self, *, insecure: bool, resolve: Resolve = resolved) -> None:
        self._insecure = insecure
        self._resolve = resolve
        self._plain = AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  # as httpcore asks for it
        local_address: str | None = None,
        socket_options: Iterable[SOCKET_OPTION] | None = None,
    ) -> AsyncNetworkStream:
        """Connect to one of the addresses that `host` stands for.

        Raises:
            RefusedAddressError: If one of them is not public.
            UnresolvedError: If there is none.
            ConnectError: If none answers.
        """
        addresses = await self._resolve(host, port)
        if not addresses:
            raise UnresolvedError
        if not self._insecure and not all(map(is_public, addresses)):
            raise RefusedAddressError
        failure = ConnectError()
        for address in addresses[:_MOST_TRIED]:
            try:
                return await self._plain.connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
            except ConnectError as error:
                failure = error
        raise failure

    async def connect_unix_socket(self, *_arguments: Any, **_options: Any) -> AsyncNetworkStream:
        """Refuse: no socket of the machine is on the internet."""
        raise RefusedAddressError

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)

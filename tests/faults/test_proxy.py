"""The proxy does to connections what its modes say, and nothing while it passes all on."""

import socket
import threading
import time
from collections.abc import Iterator

import pytest

from tests.faults.proxy import Manner, Mode, Proxy

SECONDS = 5.0


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    """A proxy before a server that sends back what it is sent."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=serve, args=(server,), daemon=True).start()
        made = Proxy(server.getsockname())
        yield made
        made.close()


def serve(server: socket.socket) -> None:
    while True:
        try:
            connection, _ = server.accept()
        except OSError:
            return
        threading.Thread(target=echo, args=(connection,), daemon=True).start()


def echo(connection: socket.socket) -> None:
    with connection:
        try:
            while chunk := connection.recv(65536):
                connection.sendall(chunk)
        except OSError:
            return


def connected(proxy: Proxy, seconds: float = SECONDS) -> socket.socket:
    return socket.create_connection(("127.0.0.1", proxy.port), timeout=seconds)


def said(connection: socket.socket, text: bytes = b"ping") -> bytes:
    connection.sendall(text)
    return connection.recv(65536)


def test_it_passes_all_on_and_counts(proxy: Proxy) -> None:
    with connected(proxy) as connection:
        assert said(connection) == b"ping"
        assert said(connection, b"pong") == b"pong"
    assert (proxy.packets, proxy.cut) == (2, 0)


def test_it_refuses_and_takes_connections_again(proxy: Proxy) -> None:
    with connected(proxy) as connection:
        assert said(connection) == b"ping"
        proxy.behave(Mode.REFUSE)
        assert is_ended(connection)
    with pytest.raises(ConnectionRefusedError):
        connected(proxy)
    proxy.behave(Mode.PASS)
    with connected(proxy) as connection:
        assert said(connection) == b"ping"


@pytest.mark.parametrize("mode", [Mode.HANG, Mode.BLACKHOLE])
def test_what_it_holds_back_comes_once_it_passes_all_on(proxy: Proxy, mode: Mode) -> None:
    with connected(proxy, 0.3) as connection:
        assert said(connection) == b"ping"
        proxy.behave(mode)
        with pytest.raises(TimeoutError):
            said(connection, b"late")
        proxy.behave(Mode.PASS)
        connection.settimeout(SECONDS)
        assert connection.recv(64) == b"late"


def test_it_resets(proxy: Proxy) -> None:
    proxy.behave(Mode.RST)
    try:
        connection = connected(proxy)
    except ConnectionResetError:
        # It was ended before anybody could look.
        return
    with connection:
        assert is_ended(connection)


def test_it_is_late(proxy: Proxy) -> None:
    proxy.behave(Manner(mode=Mode.DELAY, seconds=0.1, jitter=0.01))
    begun = time.monotonic()
    with connected(proxy) as connection:
        assert said(connection) == b"ping"
    assert time.monotonic() - begun > 0.15


def test_it_is_slow(proxy: Proxy) -> None:
    proxy.behave(Manner(mode=Mode.THROTTLE, size=1000))
    begun = time.monotonic()
    with connected(proxy) as connection:
        assert said(connection, b"x" * 200)
    assert time.monotonic() - begun > 0.3


def test_it_cuts_after_so_many_bytes(proxy: Proxy) -> None:
    proxy.behave(Manner(mode=Mode.CUT, size=6))
    with connected(proxy) as connection:
        assert said(connection) == b"pi"
        assert is_ended(connection)


def test_it_cuts_the_reply_to_what_is_marked(proxy: Proxy) -> None:
    proxy.behave(Manner(mode=Mode.CUT_REPLY, mark=b"COMMIT"))
    with connected(proxy) as connection:
        assert said(connection) == b"ping"
        connection.sendall(b"COMMIT")
        assert is_ended(connection)
    assert proxy.cut == 1


def test_a_hook_sees_each_packet_and_may_keep_it(proxy: Proxy) -> None:
    seen: list[tuple[int, bytes]] = []

    def hook(number: int, chunk: bytes) -> bool:
        seen.append((number, chunk))
        return chunk == b"lost"

    proxy.watch(hook)
    with connected(proxy, 0.3) as connection:
        assert said(connection) == b"ping"
        with pytest.raises(TimeoutError):
            said(connection, b"lost")
    assert seen == [(1, b"ping"), (2, b"lost")]


def is_ended(connection: socket.socket) -> bool:
    """Return whether the other side has ended a connection, in whatever way."""
    try:
        return connection.recv(64) == b""
    except ConnectionError:
        return True

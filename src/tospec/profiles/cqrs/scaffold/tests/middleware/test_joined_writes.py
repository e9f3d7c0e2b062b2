"""What is written at once goes out at once, all of it and in its order."""

import asyncio
from typing import Any, override

import pytest

from app.middleware.joined_writes import JoinedWrites
from tests.requirements import OPERATIONS

pytestmark = pytest.mark.requirement(*OPERATIONS)


class Network(asyncio.Transport):
    """Keeps what is handed to it; None where it was closed."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[bytes | None] = []

    @override
    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.sent.append(bytes(data))

    @override
    def close(self) -> None:
        self.sent.append(None)

    @override
    def abort(self) -> None:
        self.sent.append(None)

    @override
    def is_closing(self) -> bool:
        return None in self.sent

    @override
    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return name

    @override
    def pause_reading(self) -> None:
        self.sent.append(b"pause")

    @override
    def resume_reading(self) -> None:
        self.sent.append(b"resume")


@pytest.fixture
def network() -> Network:
    return Network()


@pytest.fixture
async def joined(network: Network) -> JoinedWrites:
    return JoinedWrites(network, asyncio.get_running_loop())


async def test_a_head_and_its_body_are_sent_at_once(joined: JoinedWrites, network: Network) -> None:
    joined.write(b"head ")
    joined.write(b"body")

    assert network.sent == [b"head body"]
    await asyncio.sleep(0)
    assert network.sent == [b"head body"]


async def test_what_comes_alone_does_not_wait_longer_than_the_loop_turns(
    joined: JoinedWrites, network: Network
) -> None:
    joined.write(b"head")
    assert network.sent == []

    await asyncio.sleep(0)
    assert network.sent == [b"head"]
    joined.writelines([b"bo", b"dy"])
    await asyncio.sleep(0)
    assert network.sent == [b"head", b"body"]


async def test_what_changes_later_is_sent_as_it_was(joined: JoinedWrites, network: Network) -> None:
    data = bytearray(b"head")
    joined.write(data)
    data[:] = b"what"

    await asyncio.sleep(0)
    assert network.sent == [b"head"]


async def test_many_parts_keep_their_order(joined: JoinedWrites, network: Network) -> None:
    parts = [b"%d " % number for number in range(7)]
    for part in parts:
        joined.write(part)
    await asyncio.sleep(0)

    assert b"".join(sent or b"" for sent in network.sent) == b"".join(parts)


async def test_closing_sends_what_waits(joined: JoinedWrites, network: Network) -> None:
    joined.write(b"last")
    joined.close()
    await asyncio.sleep(0)

    assert network.sent == [b"last", None]
    assert joined.is_closing()


async def test_aborting_sends_nothing_more(joined: JoinedWrites, network: Network) -> None:
    joined.write(b"last")
    joined.abort()
    await asyncio.sleep(0)

    assert network.sent == [None]


async def test_everything_else_is_the_transport_s(joined: JoinedWrites, network: Network) -> None:
    joined.pause_reading()
    joined.resume_reading()

    assert network.sent == [b"pause", b"resume"]
    assert joined.get_extra_info("peername") == "peername"

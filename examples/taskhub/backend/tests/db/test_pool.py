"""The pool: whom it serves, in which order, and that it never loses a place."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from app.core.ids import TenantId, new_id
from app.db.connections import Connection, Scope
from app.db.pool import Pool

TURNS = 5
ANY = Scope()


class FakeConnection(Connection):
    is_usable: bool = True
    is_closed: bool = False
    serves: TenantId | None = None

    def suits(self, scope: Scope) -> bool:
        return self.serves == scope.tenant_id

    async def close(self) -> None:
        await asyncio.sleep(0)
        self.is_closed = True


@dataclass(slots=True)
class Server:
    """Makes connections, and remembers them.

    Attributes:
        refuses: How many of the next attempts fail.
    """

    made: list[FakeConnection] = field(default_factory=list)
    refuses: int = 0

    async def connect(self) -> FakeConnection:
        await asyncio.sleep(0)
        if self.refuses:
            self.refuses -= 1
            raise ConnectionRefusedError
        self.made.append(FakeConnection())
        return self.made[-1]

    @property
    def open(self) -> Sequence[FakeConnection]:
        return [connection for connection in self.made if not connection.is_closed]


@pytest.fixture
def server() -> Server:
    return Server()


def pool_of(
    server: Server, size: int, *, overflow: int = 0, patience: float = 5, spare: float = 5
) -> Pool:
    return Pool(server.connect, size=size, overflow=overflow, patience=patience, spare=spare)


async def turns() -> None:
    """Let every other task go as far as it can."""
    for _ in range(TURNS):
        await asyncio.sleep(0)


async def waiting(pool: Pool) -> "asyncio.Task[Connection]":
    """Return a task that waits for a connection."""
    task = asyncio.create_task(pool.take(ANY))
    await turns()
    assert not task.done()
    return task


async def test_the_connection_used_last_is_lent_first(server: Server) -> None:
    pool = pool_of(server, 2)
    first, second = await pool.take(ANY), await pool.take(ANY)
    pool.give_back(second)
    pool.give_back(first)

    assert await pool.take(ANY) is first
    assert await pool.take(ANY) is second
    assert len(server.made) == 2


async def test_of_those_at_hand_one_that_suits_is_lent(server: Server) -> None:
    pool = pool_of(server, 3)
    made = [await pool.take(ANY) for _ in range(3)]
    tenant = TenantId(new_id())
    for connection in made:
        pool.give_back(connection)
    suiting, _, last = made
    assert isinstance(suiting, FakeConnection)
    suiting.serves = tenant

    assert await pool.take(Scope(tenant_id=tenant)) is suiting
    assert await pool.take(Scope(tenant_id=tenant)) is last
    assert len(server.made) == 3


async def test_whoever_waits_longest_is_served_first(server: Server) -> None:
    pool = pool_of(server, 1)
    connection = await pool.take(ANY)
    first, second = await waiting(pool), await waiting(pool)
    pool.give_back(connection)
    await turns()
    assert (first.done(), second.done()) == (True, False)

    pool.give_back(await first)
    assert await second is connection


async def test_nobody_waits_longer_than_they_have_patience(server: Server) -> None:
    pool = pool_of(server, 1, patience=0.01)
    connection = await pool.take(ANY)
    with pytest.raises(TimeoutError):
        await pool.take(ANY)

    pool.give_back(connection)
    assert await pool.take(ANY) is connection


async def test_a_connection_that_is_given_back_unfit_is_replaced(server: Server) -> None:
    pool = pool_of(server, 1)
    broken = await pool.take(ANY)
    assert isinstance(broken, FakeConnection)
    other = await waiting(pool)
    broken.is_usable = False
    pool.give_back(broken)

    assert await other is not broken
    assert (broken.is_closed, len(server.open)) == (True, 1)


async def test_a_connection_that_broke_while_nobody_used_it_is_replaced(server: Server) -> None:
    pool = pool_of(server, 1)
    broken = await pool.take(ANY)
    assert isinstance(broken, FakeConnection)
    pool.give_back(broken)
    broken.is_usable = False

    assert await pool.take(ANY) is not broken
    await pool.close()
    assert len(server.open) == 1


async def test_whoever_is_cancelled_when_served_hands_the_connection_on(server: Server) -> None:
    pool = pool_of(server, 1)
    connection = await pool.take(ANY)
    first, second = await waiting(pool), await waiting(pool)
    pool.give_back(connection)
    first.cancel()

    assert await second is connection
    pool.give_back(connection)
    assert await pool.take(ANY) is connection


async def test_whoever_is_cancelled_hands_the_leave_to_connect_on(server: Server) -> None:
    pool = pool_of(server, 1)
    broken = await pool.take(ANY)
    assert isinstance(broken, FakeConnection)
    first, second = await waiting(pool), await waiting(pool)
    broken.is_usable = False
    pool.give_back(broken)
    first.cancel()

    assert await second is not broken
    assert len(server.open) == 1


async def test_nobody_overtakes_whoever_has_leave_to_connect(server: Server) -> None:
    pool = pool_of(server, 1)
    broken = await pool.take(ANY)
    assert isinstance(broken, FakeConnection)
    first = await waiting(pool)
    broken.is_usable = False
    pool.give_back(broken)
    second = asyncio.create_task(pool.take(ANY))
    await turns()

    assert (first.done(), second.done()) == (True, False)
    assert len(server.open) == 1
    pool.give_back(await first)
    assert await second is first.result()


async def test_what_is_more_than_the_size_is_closed_when_it_is_not_needed(server: Server) -> None:
    pool = pool_of(server, 1, overflow=2, spare=0.2)
    made = [await pool.take(ANY) for _ in range(3)]
    other = await waiting(pool)
    for connection in made:
        pool.give_back(connection)
    assert await other is made[0]
    assert len(server.open) == 3

    await asyncio.sleep(0.5)
    assert server.open == [made[0]]

    pool.give_back(await other)
    await asyncio.sleep(0.5)
    assert server.open == [made[0]]


async def test_what_is_needed_now_and_then_stays(server: Server) -> None:
    pool = pool_of(server, 1, overflow=1, spare=0.2)
    for _ in range(50):
        both = [await pool.take(ANY), await pool.take(ANY)]
        for connection in both:
            pool.give_back(connection)
        await asyncio.sleep(0.01)

    assert len(server.made) == len(server.open) == 2
    await pool.close()
    assert server.open == []


async def test_an_attempt_that_fails_takes_no_place(server: Server) -> None:
    pool = pool_of(server, 1)
    server.refuses = 1
    with pytest.raises(ConnectionRefusedError):
        await pool.take(ANY)

    assert await pool.take(ANY) in server.open


async def test_who_waits_may_try_when_another_attempt_has_failed(server: Server) -> None:
    pool = pool_of(server, 1)
    server.refuses = 2
    attempts = [asyncio.create_task(pool.take(ANY)) for _ in range(3)]
    found = await asyncio.gather(*attempts, return_exceptions=True)

    assert [type(each) for each in found] == [
        *(ConnectionRefusedError, ConnectionRefusedError, FakeConnection)
    ]


async def test_an_attempt_that_is_cancelled_takes_no_place(server: Server) -> None:
    pool = pool_of(server, 1)
    attempt = asyncio.create_task(pool.take(ANY))
    await asyncio.sleep(0)
    attempt.cancel()
    with pytest.raises(asyncio.CancelledError):
        await attempt

    assert await pool.take(ANY) in server.open


async def test_closing_waits_until_all_that_nobody_uses_are_closed(server: Server) -> None:
    pool = pool_of(server, 3)
    used, *idle = [await pool.take(ANY) for _ in range(3)]
    for connection in idle:
        pool.give_back(connection)
    await pool.close()

    assert server.open == [used]


async def test_many_takers_share_few_connections(server: Server) -> None:
    pool = pool_of(server, 2, overflow=1)

    async def use(number: int) -> None:
        connection = await pool.take(ANY)
        assert isinstance(connection, FakeConnection)
        assert len(server.open) <= 3
        await asyncio.sleep(0)
        connection.is_usable = number % 5 > 0
        pool.give_back(connection)

    tasks = [asyncio.create_task(use(number)) for number in range(60)]
    for task in tasks[::7]:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await pool.close()

    assert server.open == []
    assert len([await pool.take(ANY) for _ in range(3)]) == 3

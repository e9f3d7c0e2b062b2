"""Commands that go to PostgreSQL in one packet with a statement, and what becomes of them."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Iterator
from typing import Any, Final

import asyncpg
import pytest
from asyncpg.exceptions import (
    DivisionByZeroError,
    PostgresSyntaxError,
    UndefinedTableError,
    UniqueViolationError,
)
from sqlalchemy import make_url

from app.db.packets import PacketLoop, Packets, commands
from app.db.postgresql import DIALECT, Driver

MANY: Final = 50


@pytest.fixture(autouse=True)
def _postgresql_only(on_postgresql: bool) -> Iterator[None]:
    if not on_postgresql:
        pytest.skip("SQLite has no packets")
    return


@pytest.fixture
async def driver(gadgets_url: str) -> AsyncIterator[Driver]:
    made = await opened(gadgets_url)
    await made.execute("CREATE TEMPORARY TABLE kept (value int UNIQUE)")
    try:
        yield made
    finally:
        made.terminate()


async def opened(url: str, **more: Any) -> Driver:
    _, options = DIALECT.create_connect_args(make_url(url))
    loop = PacketLoop(asyncio.get_running_loop())
    made: Driver = await asyncpg.connect(**{**options, **more}, loop=loop, connection_class=Driver)
    return made


async def kept(driver: Driver) -> list[int]:
    driver.packets.before = driver.packets.behind = b""
    return [row[0] for row in await driver.fetch("SELECT value FROM kept ORDER BY value")]


def is_within(driver: Driver) -> bool:
    return driver.is_in_transaction()


async def add(driver: Driver, value: int, *, before: str = "", behind: str = "") -> str:
    packets = driver.packets
    packets.before = commands([before] if before else [])
    packets.behind = commands([behind] if behind else [])
    try:
        return await driver.execute("INSERT INTO kept VALUES ($1)", value)
    finally:
        packets.before = packets.behind = b""


async def test_what_goes_before_a_statement(driver: Driver) -> None:
    for value in range(3):
        assert await add(driver, value, before="BEGIN READ WRITE") == "INSERT 0 1"
        assert is_within(driver)
        await driver.execute("ROLLBACK" if value == 1 else "COMMIT")
    assert await kept(driver) == [0, 2]


async def test_they_do_not_go_with_what_the_driver_asks_of_itself(driver: Driver) -> None:
    driver.packets.before = commands(["BEGIN READ WRITE"])
    driver.packets.behind = commands(["COMMIT"])
    # A connection that has seen no such list asks the server what it is, with the first one.
    with pytest.raises(DivisionByZeroError):
        await driver.execute(
            "INSERT INTO kept SELECT 1 / cardinality($1::uuid[]) FROM unnest($2::int8[])",
            [],
            [1],
        )
    driver.packets.before = driver.packets.behind = b""
    assert is_within(driver)
    await driver.execute("ROLLBACK")
    assert await kept(driver) == []


async def test_what_comes_behind_it(driver: Driver) -> None:
    await add(driver, 1, before="BEGIN READ WRITE")
    await add(driver, 2, behind="COMMIT")
    assert not is_within(driver)
    assert driver.packets.behind == b""

    await add(driver, 3, before="BEGIN READ WRITE", behind="ROLLBACK")
    assert not is_within(driver)
    assert await kept(driver) == [1, 2]


async def test_rows_are_those_of_the_statement(driver: Driver) -> None:
    await add(driver, 7)
    for _ in range(2):
        driver.packets.before = commands(["BEGIN READ ONLY", "SET LOCAL app.tenant_id = 'x'"])
        row = await driver.fetchrow("SELECT current_setting('app.tenant_id'), value FROM kept")
        assert row is not None
        assert tuple(row) == ("x", 7)
        driver.packets.before = b""
        await driver.execute("COMMIT")


async def test_a_statement_that_fails_is_not_committed(driver: Driver) -> None:
    await add(driver, 1)
    for value in (1, 1):
        with pytest.raises(UniqueViolationError):
            await add(driver, value, before="BEGIN READ WRITE", behind="COMMIT")
        assert is_within(driver)
        await driver.execute("ROLLBACK")
    assert await kept(driver) == [1]


async def test_a_command_that_fails_fails_the_statement(driver: Driver) -> None:
    for _ in range(2):
        with pytest.raises(PostgresSyntaxError):
            await add(driver, 1, before="BEGIN SOMETHING")
        assert not is_within(driver)
    assert await kept(driver) == []


async def test_a_command_behind_a_statement_that_fails_undoes_it(driver: Driver) -> None:
    for _ in range(2):
        with pytest.raises(DivisionByZeroError):
            await add(driver, 1, behind="SELECT 1 / 0")
    assert await kept(driver) == []


async def test_a_statement_that_cannot_be_prepared(driver: Driver) -> None:
    driver.packets.before = commands(["BEGIN READ WRITE"])
    driver.packets.behind = commands(["COMMIT"])
    with pytest.raises(UndefinedTableError):
        await driver.execute("INSERT INTO nothing VALUES ($1)", 1)
    driver.packets.before = driver.packets.behind = b""
    assert is_within(driver)
    await driver.execute("ROLLBACK")
    assert await kept(driver) == []


async def test_a_session_setting_of_a_statement_that_fails_is_undone(driver: Driver) -> None:
    await driver.execute("SET app.tenant_id = 'first'")
    driver.packets.before = commands(["SET app.tenant_id = 'second'"])
    for _ in range(2):
        with pytest.raises(DivisionByZeroError):
            await driver.fetchval("SELECT 1 / $1::int", 0)
    driver.packets.before = b""
    assert await driver.fetchval("SELECT current_setting('app.tenant_id')") == "first"


async def test_a_statement_whose_plan_is_out_of_date_is_asked_again_after_them(
    driver: Driver,
) -> None:
    tenant = "SELECT current_setting('app.tenant_id') AS tenant, * FROM kept"
    await add(driver, 1)
    await driver.execute("SET app.tenant_id = 'first'")
    await driver.fetch(tenant)
    await driver.execute("ALTER TABLE kept ADD COLUMN more int")
    driver.packets.before = commands(["SET app.tenant_id = 'second'"])
    assert [row["tenant"] for row in await driver.fetch(tenant)] == ["second"]


async def test_what_the_driver_tidies_up_is_no_statement(driver: Driver) -> None:
    """Statements that are closed beside another one neither begin nor end a transaction."""
    driver._stmt_cache.set_max_size(2)
    for value in range(MANY):
        await add(driver, value, before="BEGIN READ WRITE")
        assert is_within(driver)
        driver.packets.behind = commands(["COMMIT"])
        await driver.execute(f"INSERT INTO kept VALUES ({1000 + value} + $1)", value)
        assert driver.packets.behind == b""
        assert not is_within(driver)
    assert len(await kept(driver)) == 2 * MANY


@pytest.mark.parametrize("mode", ["disable", "prefer"])
async def test_all_ways_to_connect(gadgets_url: str, mode: str) -> None:
    driver = await opened(gadgets_url, ssl=mode)
    driver.packets.before = commands(["SET app.tenant_id = 'told'"])
    assert await driver.fetchval("SELECT current_setting('app.tenant_id')") == "told"
    await driver.close()


async def test_a_connection_that_is_encrypted() -> None:
    """The transport of an encrypted connection is the one that its statements go through."""
    plain, encrypted = FakeTransport(), FakeTransport()
    loop = PacketLoop(FakeLoop(plain, encrypted))
    first = await loop.start_tls(Packets(plain), asyncio.Protocol(), ssl.create_default_context())
    assert first is not None
    first.before = commands(["BEGIN"])
    first.write(b"B...S\x00\x00\x00\x04")
    assert encrypted.written == [commands(["BEGIN"]) + b"B...S\x00\x00\x00\x04"]
    assert plain.written == []


class FakeTransport(asyncio.Transport):
    """A transport that keeps what was written."""

    def __init__(self) -> None:
        super().__init__()
        self.written: list[bytes] = []

    def write(self, data: Any) -> None:
        self.written.append(bytes(data))


class FakeLoop:
    """A loop that encrypts one transport as another."""

    def __init__(self, plain: asyncio.Transport, encrypted: asyncio.Transport) -> None:
        self._pair = plain, encrypted

    async def start_tls(self, transport: asyncio.Transport, *_: object) -> asyncio.Transport:
        assert transport is self._pair[0]
        return self._pair[1]

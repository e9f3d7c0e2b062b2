"""What a connection to PostgreSQL does when it is not certain what the server did."""

import asyncio
from typing import Any, Final

import pytest
from asyncpg.exceptions import QueryCanceledError

from app.core.ids import TenantId, new_id
from app.db.connections import Scope
from app.db.postgresql import PostgresConnection

FIRST: Final = TenantId(new_id())
SECOND: Final = TenantId(new_id())
READ_FIRST: Final = Scope(tenant_id=FIRST, read_only=True)
READ_SECOND: Final = Scope(tenant_id=SECOND, read_only=True)
FAULTS: Final = [asyncio.CancelledError, TimeoutError, QueryCanceledError, ConnectionResetError]


class FakeDriver:
    """A driver that tells what it was asked, and fails at the next statement if it is told to."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.fault: type[BaseException] | None = None
        self.closed = False

    async def execute(self, sql: str, *_values: Any) -> str:
        self.asked.append(sql)
        await asyncio.sleep(0)
        fault, self.fault = self.fault, None
        if fault is not None:
            raise fault
        return "DONE"

    async def fetchrow(self, sql: str, *values: Any) -> None:
        await self.execute(sql, *values)

    def is_closed(self) -> bool:
        return self.closed

    def terminate(self) -> None:
        self.closed = True


@pytest.fixture
def driver() -> FakeDriver:
    return FakeDriver()


@pytest.fixture
def connection(driver: FakeDriver) -> PostgresConnection:
    return PostgresConnection(driver)


async def test_the_tenant_is_told_when_it_changes(
    connection: PostgresConnection, driver: FakeDriver
) -> None:
    for scope in (READ_FIRST, READ_FIRST, READ_SECOND, READ_SECOND):
        await connection.begin(scope)
        assert connection.is_usable
        assert connection.suits(scope)
    assert driver.asked == [f"SET app.tenant_id = '{each.hex}'" for each in (FIRST, SECOND)]


async def test_what_begins_a_transaction_says_whom_it_serves(
    connection: PostgresConnection, driver: FakeDriver
) -> None:
    await connection.begin(READ_FIRST)
    for scope in (Scope(tenant_id=FIRST), Scope(tenant_id=SECOND), Scope(), Scope(role="finder")):
        await connection.begin(scope)
        assert not connection.is_usable
        await connection.commit()
    assert [asked for asked in driver.asked[1:] if asked != "COMMIT"] == [
        "BEGIN READ WRITE",
        f"BEGIN READ WRITE; SET LOCAL app.tenant_id = '{SECOND.hex}'",
        "BEGIN READ WRITE; SET LOCAL app.tenant_id = ''",
        "BEGIN READ WRITE; SET LOCAL ROLE finder; SET LOCAL app.tenant_id = ''",
    ]
    assert connection.suits(READ_FIRST)


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_tenant_that_was_perhaps_told_ends_the_connection(
    connection: PostgresConnection, driver: FakeDriver, fault: type[BaseException]
) -> None:
    await connection.begin(READ_FIRST)
    driver.fault = fault
    with pytest.raises(fault):
        await connection.begin(READ_SECOND)
    await connection.rollback()

    assert driver.closed
    assert not connection.is_usable
    assert not connection.suits(READ_FIRST)
    assert not connection.suits(READ_SECOND)


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_statement_that_was_given_up_has_ended_before_the_next(
    connection: PostgresConnection, driver: FakeDriver, fault: type[BaseException]
) -> None:
    await connection.begin(READ_FIRST)
    driver.fault = fault
    with pytest.raises(fault):
        await connection.fetch_one("SELECT 1", ())
    assert not connection.is_usable

    await connection.rollback()
    assert driver.asked[-1] == "ROLLBACK"
    assert connection.is_usable
    assert connection.suits(READ_FIRST)

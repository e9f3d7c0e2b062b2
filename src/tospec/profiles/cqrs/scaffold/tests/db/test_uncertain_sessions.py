"""What a connection to PostgreSQL does when it is not certain what the server did."""

import asyncio
from typing import Any, Final

import pytest
from asyncpg.exceptions import (
    FeatureNotSupportedError,
    InternalClientError,
    QueryCanceledError,
)
from sqlalchemy import MetaData

from app.core.errors import ServiceUnavailableError
from app.core.ids import TenantId, new_id
from app.db.connections import Scope
from app.db.faults import Faults
from app.db.packets import commands
from app.db.postgresql import PostgresConnection

FIRST: Final = TenantId(new_id())
SECOND: Final = TenantId(new_id())
READ_FIRST: Final = Scope(tenant_id=FIRST, read_only=True)
READ_SECOND: Final = Scope(tenant_id=SECOND, read_only=True)
FAULTS: Final = [asyncio.CancelledError, TimeoutError, QueryCanceledError, ConnectionResetError]


class FakePackets:
    """A transport that says what was to go with a statement."""

    def __init__(self) -> None:
        self.before = b""
        self.behind = b""


class FakeDriver:
    """A driver that tells what it was asked, and fails at the next statement if it is told to.

    Attributes:
        asked: Each statement, with what went before it.
    """

    def __init__(self) -> None:
        self.packets = FakePackets()
        self.asked: list[tuple[bytes, str]] = []
        self.fault: type[BaseException] | None = None
        self.closed = False

    async def execute(self, sql: str, *_values: Any) -> str:
        self.asked.append((self.packets.before, sql))
        await asyncio.sleep(0)
        fault, self.fault = self.fault, None
        if fault is not None:
            raise fault
        return "DONE"

    async def fetchrow(self, sql: str, *values: Any) -> None:
        await self.execute(sql, *values)

    def is_closed(self) -> bool:
        return self.closed


@pytest.fixture
def driver() -> FakeDriver:
    return FakeDriver()


@pytest.fixture
def connection(driver: FakeDriver) -> PostgresConnection:
    return PostgresConnection(driver)


def served(tenant_id: TenantId) -> bytes:
    return commands([f"SET app.tenant_id = '{tenant_id.hex}'"])


async def ask(connection: PostgresConnection, scope: Scope) -> None:
    await connection.begin(scope)
    await connection.fetch_one("SELECT 1", ())


async def test_the_tenant_is_told_when_it_changes(
    connection: PostgresConnection, driver: FakeDriver
) -> None:
    for scope in (READ_FIRST, READ_FIRST, READ_SECOND, READ_SECOND):
        await ask(connection, scope)
        assert connection.is_usable
        assert connection.suits(scope)
    assert [before for before, _ in driver.asked] == [served(FIRST), b"", served(SECOND), b""]


async def test_what_begins_a_transaction_says_whom_it_serves(
    connection: PostgresConnection, driver: FakeDriver
) -> None:
    await ask(connection, READ_FIRST)
    for scope in (Scope(tenant_id=FIRST), Scope(tenant_id=SECOND), Scope(), Scope(role="finder")):
        await ask(connection, scope)
        assert not connection.is_usable
        await connection.commit()
    nobody = "SET LOCAL app.tenant_id = ''"
    assert driver.asked[1:] == [
        (commands(["BEGIN READ WRITE"]), "SELECT 1"),
        (b"", "COMMIT"),
        (
            commands(["BEGIN READ WRITE", f"SET LOCAL app.tenant_id = '{SECOND.hex}'"]),
            "SELECT 1",
        ),
        (b"", "COMMIT"),
        (commands(["BEGIN READ WRITE", nobody]), "SELECT 1"),
        (b"", "COMMIT"),
        (commands(["BEGIN READ WRITE", "SET LOCAL ROLE finder", nobody]), "SELECT 1"),
        (b"", "COMMIT"),
    ]
    assert connection.suits(READ_FIRST)


async def test_a_statement_without_values_begins_a_transaction_too(
    connection: PostgresConnection, driver: FakeDriver
) -> None:
    await connection.begin(Scope())
    await connection.execute("SAVEPOINT part", ())
    await connection.execute("RELEASE SAVEPOINT part", ())
    assert driver.asked == [
        (b"", "BEGIN READ WRITE; SAVEPOINT part"),
        (b"", "RELEASE SAVEPOINT part"),
    ]


@pytest.mark.parametrize("scope", [Scope(tenant_id=FIRST), READ_FIRST])
@pytest.mark.parametrize("end", ["commit", "rollback"])
async def test_a_scope_without_a_statement_tells_the_server_nothing(
    connection: PostgresConnection, driver: FakeDriver, scope: Scope, end: str
) -> None:
    await connection.begin(scope)
    await getattr(connection, end)()
    await connection.rollback()
    assert driver.asked == []
    assert connection.is_usable

    await ask(connection, READ_SECOND)
    assert driver.asked == [(served(SECOND), "SELECT 1")]


@pytest.mark.parametrize(
    ("scope", "told"),
    [
        (Scope(tenant_id=FIRST), f"BEGIN READ WRITE; SET LOCAL app.tenant_id = '{FIRST.hex}'; "),
        (READ_FIRST, f"SET app.tenant_id = '{FIRST.hex}'; "),
        (Scope(read_only=True), ""),
    ],
    ids=["writing", "reading", "nobody's"],
)
async def test_after_a_long_silence_a_scope_begins_at_once(
    connection: PostgresConnection, driver: FakeDriver, scope: Scope, told: str
) -> None:
    """Whoever opens it can still take another connection if this one has died."""
    connection._heard_at -= 60
    driver.fault = ConnectionResetError
    with pytest.raises(ConnectionResetError):
        await connection.begin(scope)
    assert driver.asked == [(b"", f"{told}SELECT 1")]

    await connection.rollback()
    await ask(connection, scope)
    assert driver.asked[-1][1] == "SELECT 1"
    assert len(driver.asked) == 3


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_tenant_that_was_perhaps_told_is_told_again(
    connection: PostgresConnection, driver: FakeDriver, fault: type[BaseException]
) -> None:
    await ask(connection, READ_FIRST)
    driver.fault = fault
    with pytest.raises(fault):
        await ask(connection, READ_SECOND)
    for scope in (READ_FIRST, READ_SECOND, Scope(read_only=True)):
        assert not connection.suits(scope)

    await connection.rollback()
    assert driver.asked[-1] == (b"", "ROLLBACK")
    await ask(connection, READ_FIRST)
    assert driver.asked[-1] == (served(FIRST), "SELECT 1")
    assert connection.suits(READ_FIRST)


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_writer_says_whom_it_serves_where_that_is_not_certain(
    connection: PostgresConnection, driver: FakeDriver, fault: type[BaseException]
) -> None:
    driver.fault = fault
    with pytest.raises(fault):
        await ask(connection, READ_FIRST)
    await connection.rollback()
    for scope, told in ((Scope(tenant_id=FIRST), FIRST.hex), (Scope(), "")):
        await ask(connection, scope)
        await connection.commit()
        begun = commands(["BEGIN READ WRITE", f"SET LOCAL app.tenant_id = '{told}'"])
        assert driver.asked[-2] == (begun, "SELECT 1")


async def test_a_reader_that_goes_on_after_an_error_is_still_served(
    connection: PostgresConnection, driver: FakeDriver
) -> None:
    driver.fault = QueryCanceledError
    with pytest.raises(QueryCanceledError):
        await ask(connection, READ_FIRST)
    await connection.fetch_one("SELECT 2", ())
    await connection.fetch_one("SELECT 3", ())
    assert driver.asked[1:] == [(served(FIRST), "SELECT 2"), (b"", "SELECT 3")]


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_transaction_whose_beginning_failed_is_undone(
    connection: PostgresConnection, driver: FakeDriver, fault: type[BaseException]
) -> None:
    driver.fault = fault
    with pytest.raises(fault):
        await ask(connection, Scope())
    assert not connection.is_usable

    await connection.rollback()
    assert driver.asked[-1] == (b"", "ROLLBACK")
    assert connection.is_usable


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_statement_that_was_given_up_has_ended_before_the_next(
    connection: PostgresConnection, driver: FakeDriver, fault: type[BaseException]
) -> None:
    await ask(connection, READ_FIRST)
    driver.fault = fault
    with pytest.raises(fault):
        await connection.fetch_one("SELECT 1", ())
    assert not connection.is_usable

    await connection.rollback()
    assert driver.asked[-1] == (b"", "ROLLBACK")
    assert connection.is_usable
    assert connection.suits(READ_FIRST)


async def test_a_connection_that_the_server_is_ending_is_told_as_closed(
    connection: PostgresConnection, driver: FakeDriver
) -> None:
    await connection.begin(READ_FIRST)
    assert connection.is_usable

    driver.fault = InternalClientError
    with pytest.raises(ConnectionResetError):
        await connection.fetch_one("SELECT 1", [])

    assert not connection.is_usable


def test_a_standby_is_told_as_one_that_is_away() -> None:
    error = FeatureNotSupportedError("cannot set transaction read-write mode during recovery")

    assert isinstance(Faults(MetaData()).translate(error, None), ServiceUnavailableError)

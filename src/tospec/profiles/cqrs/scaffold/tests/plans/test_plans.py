"""However many rows there are, an index leads to those that are asked for.

Every operation is called as its clients call it, the lists (those of accounts and of the audit
trail too) with each filter alone, in each order, from page to page, and what the database would
do for each statement is held against this:

- no statement reads a whole table that has many rows, nor on SQLite a whole index of it;
- a list that leaves nothing out gets its order from an index: PostgreSQL sorts no more than a
  thousand rows at a time, SQLite none but those that are alike in the first key.

Nor does a list work out, by a statement for each of its rows, what no answer to it tells.

A filter may leave many rows to sort, and so may a computed value, which no index can hold.

There are 100,000 rows in each table on PostgreSQL. On SQLite, which nobody has told how many there
are and which plans for many, 1,000 fill the pages; `TEST_PLAN_ROWS` asks for another number.
"""

import os
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Final

import pytest
from anyio import to_thread
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.accounts import Accounts
from app.core.clock import SystemClock
from app.db.migration import migrate, owner_engine
from app.db.security import APP_ROLE
from tests.calls import SERVED
from tests.cases import Call, Operation, each
from tests.conftest import SERVER, scratch_database
from tests.fixtures import (
    Enrolment,
    connected_client,
    served_application,
    settings_for,
)
from tests.plans import accounts
from tests.plans.explaining import Sent, detours, overheard
from tests.plans.filling import act_for, fill, table_of
from tests.plans.growth import can_grow
from tests.plans.parameters import parameters_of, some
from tests.world import Person, Tenant

LISTS: Final = (*(each for each in SERVED if each.row is not None), *accounts.LISTS)
ROWS: Final = int(os.environ.get("TEST_PLAN_ROWS", "1000" if SERVER is None else "100000"))
_SUBQUERY: Final = re.compile(r"\) AS (\w+)")

# They begin first, since filling the tables takes long.
pytestmark = pytest.mark.waits(30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grown:
    """A database in which the tables of lists have many rows.

    Attributes:
        owner: A connection as the login that owns the schema, without a transaction.
    """

    tenant: Tenant
    enrolment: Enrolment
    calls: dict[str, Call]
    rows: dict[str, Any]
    large: frozenset[str]
    owner: AsyncConnection

    async def asked(
        self, person: Person, path: str, query: dict[str, str]
    ) -> tuple[list[Sent], str | None]:
        """Return the statements of a list, which must succeed, and its next cursor."""
        with overheard(self.enrolment.accounts.database) as heard:
            response = await person.get(path, **query)
        assert response.status_code == 200, response.text
        return heard, response.json()["next"]

    async def detours(self, sent: list[Sent], *, ordered: bool = False) -> list[str]:
        """Return where statements would go through a whole table."""

        def found(connection: Connection) -> list[str]:
            return [
                f"{detour}: {each[0]}"
                for each in sent
                for detour in detours(connection, each, self.large, ordered=ordered)
            ]

        async with self.owner.begin():
            await act_for(self.tenant.id, self.owner)
            if SERVER is not None:
                await self.owner.execute(text(f"SET LOCAL ROLE {APP_ROLE}"))
            return await self.owner.run_sync(found)


@pytest.fixture(scope="module")
async def grown(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Grown]:
    async for url in scratch_database(tmp_path_factory.mktemp("plans")):
        await to_thread.run_sync(migrate, url)
        settings = settings_for(url)
        async for application in served_application(settings):
            async for client in connected_client(application):
                accounts = Accounts.of(settings, application.state.runtime.database, SystemClock())
                engine = owner_engine(url)
                async with engine.connect() as owner:
                    yield await _grown(Enrolment(client=client, accounts=accounts), url, owner)
                await engine.dispose()


async def _grown(enrolment: Enrolment, url: str, owner: AsyncConnection) -> Grown:
    tenant = await enrolment.tenant()
    calls: dict[str, Call] = {}
    rows: dict[str, Any] = {}
    for operation in LISTS:
        person = tenant[operation.caller]
        calls[operation.name] = await operation.arrange(person)
        assert operation.row is not None
        for _ in range(min(operation.most_rows, 3)):
            rows[operation.name] = await operation.row(person, calls[operation.name])
    tables = {table_of(row).name: table_of(row) for row in rows.values()}
    large = [table for table in tables.values() if can_grow(table)]
    await fill(url, tenant.id, large, ROWS)
    return Grown(
        tenant=tenant,
        enrolment=enrolment,
        calls=calls,
        rows=rows,
        large=frozenset(table.name for table in large),
        owner=owner,
    )


@each(LISTS)
async def test_an_index_gives_every_order(grown: Grown, operation: Operation) -> None:
    person, url = grown.tenant[operation.caller], grown.calls[operation.name].url
    sorts = parameters_of(operation.path).get("sort", {}).get("enum", [])
    columns = table_of(grown.rows[operation.name]).c
    stored = (sort for sort in sorts if sort.removeprefix("-") in columns)

    for query in [{"sort": sort} for sort in stored] if sorts else [{}]:
        first, cursor = await grown.asked(person, url, query)
        assert cursor is not None
        second, _ = await grown.asked(person, url, query | {"cursor": cursor})
        assert await grown.detours([*first, *second], ordered=True) == [], query


@each(LISTS)
async def test_no_filter_reads_a_whole_table(grown: Grown, operation: Operation) -> None:
    person, url = grown.tenant[operation.caller], grown.calls[operation.name].url

    for name, schema in parameters_of(operation.path).items():
        if name not in {"sort", "limit", "cursor"}:
            query = {name: some(schema, grown.rows[operation.name], name)}
            heard, _ = await grown.asked(person, url, query)
            assert await grown.detours(heard) == [], query


@each(LISTS)
async def test_a_list_works_out_only_what_it_tells(grown: Grown, operation: Operation) -> None:
    person, url = grown.tenant[operation.caller], grown.calls[operation.name].url
    orders = parameters_of(operation.path).get("sort", {}).get("enum", [])

    heard, _ = await grown.asked(person, url, {})
    [item, *_] = (await person.get(url)).json()["items"]

    members = set(grown.rows[operation.name].__struct_fields__)
    worked_out = {name for sent in heard for name in _SUBQUERY.findall(sent[0])}
    assert (worked_out & members) - {*item, *orders} == set()


@each(SERVED)
async def test_what_is_named_is_found_by_an_index(grown: Grown, operation: Operation) -> None:
    person = grown.tenant[operation.caller]
    call = await operation.arrange(person)

    with overheard(grown.enrolment.accounts.database) as heard:
        response = await person.send(call)

    assert response.is_success, response.text
    assert await grown.detours(heard) == []


@each(LISTS[:1])
async def test_a_missing_index_is_told(grown: Grown, operation: Operation) -> None:
    person, url = grown.tenant[operation.caller], grown.calls[operation.name].url
    heard, _ = await grown.asked(person, url, {})
    table = table_of(grown.rows[operation.name])

    def told(connection: Connection) -> list[str]:
        for index in table.indexes:
            connection.execute(text(f'DROP INDEX "{index.name}"'))
        found = (detours(connection, each, grown.large, ordered=True) for each in heard)
        return [detour for each in found for detour in each]

    # SQLite tells a plan again on a connection on which it has told it before.
    async with grown.owner.engine.connect() as connection:
        assert await connection.run_sync(told) != []
        await connection.rollback()

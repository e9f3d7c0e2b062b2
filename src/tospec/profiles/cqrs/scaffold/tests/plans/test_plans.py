"""However many rows there are, an index leads to those that are asked for.

Every operation is called as its clients call it, the lists with each filter alone, in each
order, from page to page, and what the database would do for each statement is held against this:

- no statement reads a whole table that has many rows, nor on SQLite a whole index of it;
- a list that leaves nothing out gets its order from an index: PostgreSQL sorts no more than a
  thousand rows at a time, SQLite none but those that are alike in the first key.

A filter may leave many rows to sort, and so may a computed value, which no index can hold.

There are 5,000 rows in each table, on PostgreSQL 20,000, which is enough for the plans to be
those of many more; `TEST_PLAN_ROWS=100000` asks for so many.
"""

import json
import os
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import pytest
from anyio import to_thread
from sqlalchemy import Connection, Table, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.accounts import Accounts
from app.core.clock import SystemClock
from app.core.ids import TenantId
from app.db.metadata import metadata
from app.db.migration import migrate, owner_engine
from app.db.security import APP_ROLE, TENANT_SETTING
from tests.calls import SERVED
from tests.cases import Call, Operation, each
from tests.conftest import SERVER, scratch_database
from tests.fixtures import (
    Enrolment,
    connected_client,
    served_application,
    settings_for,
)
from tests.plans.explaining import Sent, detours, overheard
from tests.plans.growth import can_grow, grow, link
from tests.world import Person, Tenant

LISTS: Final = tuple(each for each in SERVED if each.row is not None)
ROWS: Final = int(os.environ.get("TEST_PLAN_ROWS", "5000" if SERVER is None else "20000"))
_DOCUMENT: Final = json.loads((Path(__file__).parents[2] / "docs/openapi.json").read_bytes())
_SOME: Final = {
    "boolean": "true",
    "integer": "1",
    "uuid": str(uuid4()),
    "date": "2029-01-01",
    "date-time": "2029-01-01T00:00:00Z",
    "duration": "PT1H",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Grown:
    """A database in which the tables of lists have many rows."""

    tenant: Tenant
    enrolment: Enrolment
    calls: dict[str, Call]
    rows: dict[str, Any]
    large: frozenset[str]
    url: str

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

        engine = owner_engine(self.url)
        async with engine.begin() as connection:
            await _act_for(self.tenant.id, connection)
            if SERVER is not None:
                await connection.execute(text(f"SET LOCAL ROLE {APP_ROLE}"))
            told = await connection.run_sync(found)
        await engine.dispose()
        return told


@pytest.fixture(scope="module")
async def grown(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Grown]:
    async for url in scratch_database(tmp_path_factory.mktemp("plans")):
        await to_thread.run_sync(migrate, url)
        settings = settings_for(url)
        async for application in served_application(settings):
            async for client in connected_client(application):
                accounts = Accounts.of(settings, application.state.runtime.database, SystemClock())
                yield await _grown(Enrolment(client=client, accounts=accounts), url)


async def _grown(enrolment: Enrolment, url: str) -> Grown:
    tenant = await enrolment.tenant()
    calls: dict[str, Call] = {}
    rows: dict[str, Any] = {}
    for operation in LISTS:
        person = tenant[operation.caller]
        calls[operation.name] = await operation.arrange(person)
        assert operation.row is not None
        for _ in range(min(operation.most_rows, 3)):
            rows[operation.name] = await operation.row(person, calls[operation.name])
    tables = {_table_of(row).name: _table_of(row) for row in rows.values()}
    large = [table for table in tables.values() if can_grow(table)]
    await _fill(url, tenant.id, large)
    return Grown(
        tenant=tenant,
        enrolment=enrolment,
        calls=calls,
        rows=rows,
        large=frozenset(table.name for table in large),
        url=url,
    )


def _table_of(row: Any) -> Table:
    """Return the table that an entity's module declares for it."""
    declared = vars(sys.modules[type(row).__module__]).values()
    return next(each for each in declared if isinstance(each, Table) and "id" in each.c)


def _linked_with(table: Table) -> Iterator[Table]:
    """Yield the tables without ids of their own whose rows belong to rows of `table`."""
    for links in metadata.sorted_tables:
        _, *key = links.primary_key.columns
        if key and any(own.column.table is table for own in key[0].foreign_keys):
            yield links


async def _fill(url: str, tenant_id: TenantId, large: list[Table]) -> None:
    engine = owner_engine(url)
    async with engine.begin() as connection:
        await _act_for(tenant_id, connection)
        if SERVER is not None:
            await connection.execute(text(await _quickly(connection)))
        for table in large:
            await connection.run_sync(grow, table, tenant_id, ROWS)
            for links in _linked_with(table):
                await connection.run_sync(link, links, table, tenant_id)
        if SERVER is not None:
            await connection.execute(text("RESET ROLE"))
            await connection.execute(text("ANALYZE"))
    await engine.dispose()


async def _act_for(tenant_id: TenantId, connection: AsyncConnection) -> None:
    if SERVER is not None:
        await connection.execute(select(func.set_config(TENANT_SETTING, str(tenant_id), True)))


async def _quickly(connection: AsyncConnection) -> str:
    """Return what lets the login store many rows: without minding references, if it may."""
    superuser = text("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
    if await connection.scalar(superuser):
        return "SET LOCAL session_replication_role = replica"
    return f"SET LOCAL ROLE {APP_ROLE}"


def _parameters(operation: Operation) -> dict[str, dict[str, Any]]:
    """Return the schemas of what a list may be asked for."""
    told = _DOCUMENT["paths"][operation.path]["get"]["parameters"]
    return {each["name"]: each["schema"] for each in told if each["in"] == "query"}


def _some(schema: dict[str, Any], row: Any, name: str) -> str:
    """Return a value of a parameter: the row's own where there is one."""
    if "$ref" in schema:
        schema = _DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    schema = next(iter(schema.get("anyOf", ())), schema)
    if "items" in schema:
        return _some(schema["items"], row, name)
    if "enum" in schema:
        return str(schema["enum"][0])
    own = getattr(row, name, None)
    if own is not None and schema.get("format") in {None, "uuid"} and schema["type"] == "string":
        return str(own)
    return _SOME.get(schema.get("format", ""), _SOME.get(schema["type"], "title"))


@each(LISTS)
async def test_an_index_gives_every_order(grown: Grown, operation: Operation) -> None:
    person, url = grown.tenant[operation.caller], grown.calls[operation.name].url
    sorts = _parameters(operation).get("sort", {}).get("enum", [])
    columns = _table_of(grown.rows[operation.name]).c
    stored = (sort for sort in sorts if sort.removeprefix("-") in columns)

    for query in [{"sort": sort} for sort in stored] if sorts else [{}]:
        first, cursor = await grown.asked(person, url, query)
        assert cursor is not None
        second, _ = await grown.asked(person, url, query | {"cursor": cursor})
        assert await grown.detours([*first, *second], ordered=True) == [], query


@each(LISTS)
async def test_no_filter_reads_a_whole_table(grown: Grown, operation: Operation) -> None:
    person, url = grown.tenant[operation.caller], grown.calls[operation.name].url

    for name, schema in _parameters(operation).items():
        if name not in {"sort", "limit", "cursor"}:
            query = {name: _some(schema, grown.rows[operation.name], name)}
            heard, _ = await grown.asked(person, url, query)
            assert await grown.detours(heard) == [], query


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
    table = _table_of(grown.rows[operation.name])

    def told(connection: Connection) -> list[str]:
        for index in table.indexes:
            connection.execute(text(f'DROP INDEX "{index.name}"'))
        found = (detours(connection, each, grown.large, ordered=True) for each in heard)
        return [detour for each in found for detour in each]

    engine = owner_engine(grown.url)
    async with engine.connect() as connection:
        assert await connection.run_sync(told) != []
        await connection.rollback()
    await engine.dispose()

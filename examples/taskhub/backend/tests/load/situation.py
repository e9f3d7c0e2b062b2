"""The situation of a budget: a database with many rows, people, and what they ask."""

import random
import secrets
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final
from uuid import UUID

from anyio import to_thread
from pydantic import SecretStr
from sqlalchemy import Table, select

from app.accounts import Accounts
from app.core.clock import SystemClock
from app.core.settings import Settings
from app.db.metadata import metadata
from app.db.migration import migrate
from app.db.transactions import Transaction
from tests.calls import SERVED
from tests.cases import Call, Operation
from tests.conftest import scratch_database
from tests.fixtures import Enrolment, connected_client, served_application
from tests.load.kinds import Budget
from tests.plans.filling import fill, table_of
from tests.plans.parameters import parameters_of, some
from tests.world import Person, Tenant

_ABOVE: Final = 20
"""How many rows the many are spread over that they belong to."""
_KNOWN: Final = 1_000
_ASKERS: Final = 10
_LARGEST_PAGE: Final = "200"
_OF_PAGES: Final = frozenset({"sort", "limit", "cursor"})

type Asked = tuple[Person, Call, Mapping[str, str]]
"""Who asks, what, and with which parameters of a list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Something to ask many times.

    Attributes:
        name: The operation, and the parameter of a list.
        success: Status of its answer.
    """

    name: str
    operation: str
    success: int
    calls: tuple[Asked, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """A tenant with as many rows as a budget says.

    Attributes:
        url: The database.
        secret: What the service has to sign tokens with.
        people: Those who are at work.
        ids: Rows that have to do with the many, by what paths call their ids.
    """

    budget: Budget
    url: str
    secret: str
    people: tuple[Person, ...]
    ids: Mapping[str, tuple[UUID, ...]]

    async def questions(self, samples: int) -> list[Question]:
        """Return what there is to ask, each with so many calls made ready."""
        turn = iter(range(0, 1_000_000, _ASKERS))
        found = [
            each
            for operation in SERVED
            if operation.name in self.budget.times
            async for each in self._of(operation, next(turn), samples)
        ]
        return [*found, *self._plain(samples)]

    async def _of(self, operation: Operation, turn: int, samples: int) -> AsyncIterator[Question]:
        able = [each for each in self.people if each.role in operation.callers]
        turn %= len(able)
        askers = [*able[turn:], *able[:turn]]
        if operation.changes:
            several = islice(_in_turns(askers), samples)
            yield _question(
                operation, "", [(who, await operation.arrange(who), {}) for who in several]
            )
            return
        prepared = [(who, await operation.arrange(who)) for who in askers]
        for parameters in self._parameters(operation):
            asked = [(who, self._spread(call), parameters) for who, call in prepared]
            told = "&".join("=".join(each) for each in parameters.items())
            yield _question(operation, told, islice(_in_turns(asked), samples))

    def _spread(self, call: Call) -> Call:
        """Return a call about any of the many rows, or of those that they belong to."""
        known = {name: random.choice(self.ids[name]) for name in call.ids if name in self.ids}
        return call.about(**known)

    def _parameters(self, operation: Operation) -> Iterator[Mapping[str, str]]:
        yield {}
        if operation.row is None:
            return
        yield {"limit": _LARGEST_PAGE}
        declared = parameters_of(operation.path)
        yield from ({"sort": order} for order in declared.get("sort", {}).get("enum", ()))
        for name, schema in declared.items():
            if name not in _OF_PAGES:
                yield {name: some(schema, None, name)}

    def _plain(self, samples: int) -> Iterator[Question]:
        for name, path in self.budget.paths.items():
            who = [each for each in self.people if each.role == self.people[0].role]
            calls: list[Asked] = [(each, Call(method="GET", path=path), {}) for each in who]
            several = tuple(islice(_in_turns(calls), samples))
            yield Question(name=name, operation=name, success=200, calls=several)


@asynccontextmanager
async def situation(budget: Budget, folder: Path) -> AsyncIterator[Situation]:
    """Make a database with the rows of a budget; remove it at the end."""
    async for url in scratch_database(folder, durable=True):
        await to_thread.run_sync(migrate, url)
        secret = secrets.token_urlsafe(48)
        settings = Settings(
            _env_file=None, secret_key=SecretStr(secret), database_url=SecretStr(url)
        )
        async for application in served_application(settings):
            async for client in connected_client(application):
                database = application.state.runtime.database
                accounts = Accounts.of(settings, database, SystemClock())
                enrolment = Enrolment(client=client, accounts=accounts)
                tenant = await enrolment.tenant()
                await _fill(budget, tenant, url)
                async with database.read(tenant.id) as transaction:
                    ids = await _ids(budget, transaction)
                people = [each async for each in _people(budget, tenant, enrolment)]
                yield Situation(
                    budget=budget, url=url, secret=secret, people=tuple(people), ids=ids
                )


async def _people(budget: Budget, tenant: Tenant, enrolment: Enrolment) -> AsyncIterator[Person]:
    roles = list(tenant.people)
    for number in range(budget.users):
        yield await enrolment.person(tenant.id, roles[number % len(roles)])


async def _fill(budget: Budget, tenant: Tenant, url: str) -> None:
    """Make some rows as tests do, and many like them in the database.

    Raises:
        LookupError: If no list shows such rows, so that tests do not know how to make them.
    """
    for operation in SERVED:
        if operation.row is None:
            continue
        person = tenant[operation.caller]
        call = await operation.arrange(person)
        row = await operation.row(person, call)
        if table_of(row).name != budget.table:
            continue
        for _ in range(_ABOVE):
            await operation.row(person, call)
        await fill(url, tenant.id, [table_of(row)], budget.rows)
        return
    raise LookupError(budget.table)


async def _ids(budget: Budget, transaction: Transaction) -> dict[str, tuple[UUID, ...]]:
    table: Table = metadata.tables[budget.table]
    names = [key.parent.name for key in table.foreign_keys if key.parent.name != "tenant_id"]
    columns = {budget.row: table.c.id, **{name: table.c[name] for name in names}}
    rows = await transaction.all(select(*columns.values()).limit(_KNOWN))
    found: dict[str, set[UUID]] = defaultdict(set)
    for row in rows:
        for name, value in zip(columns, row, strict=True):
            if value is not None:
                found[name].add(value)
    return {name: tuple(ids) for name, ids in found.items()}


def _question(operation: Operation, told: str, calls: Iterable[Asked]) -> Question:
    name = f"{operation.name} {told}".strip()
    return Question(
        name=name, operation=operation.name, success=operation.success, calls=tuple(calls)
    )


def _in_turns[Each](several: Iterable[Each]) -> Iterator[Each]:
    again = tuple(several)
    while again:
        yield from again

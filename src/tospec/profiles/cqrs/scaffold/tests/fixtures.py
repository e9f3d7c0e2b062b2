"""Fixtures of tests of the whole application: one application, and a world for each test.

Tenants are stored many at a time, with people who are signed in, since each test asks for two.
"""

import json
import re
import secrets
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from anyio import to_thread
from fastapi import FastAPI
from sqlalchemy import Table, insert

from app.accounts import Accounts
from app.authorization.permissions import Role
from app.core.clock import SystemClock
from app.core.ids import TenantId, UserId, new_id
from app.core.logging import LogLines, NoLines
from app.core.settings import Settings
from app.db.migration import migrate
from app.db.parameters import named, parameter
from app.db.statements import Fixed
from app.db.transactions import Transaction
from app.main import create_app
from app.models.refresh_token import refresh_tokens
from app.models.tenant import tenants
from app.models.user import users
from tests.conftest import scratch_database, settings_with
from tests.gadgets import create_schema
from tests.world import Person, Tenant, World, number

_PARAMETER: Final = re.compile(r"\{\w+\}")
_AT_ONCE: Final = 24
_NEEDED: Final = 2
_DOCUMENTS: Final = Path(__file__).parents[1] / "docs" / "openapi.json"


@pytest.fixture(scope="session")
async def template_url(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """The URL of a migrated database that is there to be copied, which is faster."""
    async for url in scratch_database(tmp_path_factory.mktemp("migrated")):
        await to_thread.run_sync(migrate, url)
        yield url


@pytest.fixture(scope="session")
async def served_url(
    tmp_path_factory: pytest.TempPathFactory, template_url: str
) -> AsyncIterator[str]:
    """The URL of a migrated database for all tests of a worker."""
    async for url in scratch_database(tmp_path_factory.mktemp("database"), like=template_url):
        yield url


@pytest.fixture(scope="session")
async def gadgets_url(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """The URL of a database with the tables of `tests.gadgets`, for all tests of a worker."""
    async for url in scratch_database(tmp_path_factory.mktemp("gadgets")):
        await create_schema(url)
        yield url


@pytest.fixture(scope="session")
def served_settings(served_url: str) -> Settings:
    """The settings of the application that all tests of a worker share."""
    return settings_for(served_url)


@pytest.fixture(scope="session")
async def served(served_settings: Settings) -> AsyncIterator[FastAPI]:
    """The application that all tests of a worker share."""
    async for application in served_application(served_settings):
        yield application


@pytest.fixture(scope="session")
async def client(served: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the application that all tests of a worker share."""
    async for connected in connected_client(served):
        yield connected


@pytest.fixture(scope="session")
def accounts(served: FastAPI, served_settings: Settings) -> Accounts:
    """The accounts of the application."""
    return Accounts.of(served_settings, served.state.runtime.database, SystemClock())


@pytest.fixture
async def world(enrolment: "Enrolment") -> World:
    """Two tenants with people, for one test."""
    return World(
        client=enrolment.client,
        database=enrolment.accounts.database,
        home=await enrolment.tenant(),
        spare=enrolment.spare,
        enrol=enrolment.person,
    )


@pytest.fixture(scope="session")
def enrolment(client: httpx.AsyncClient, accounts: Accounts) -> "Enrolment":
    """What makes tenants and people."""
    return Enrolment(client=client, accounts=accounts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """Stores tenants and people."""

    client: httpx.AsyncClient
    accounts: Accounts
    _spare: list[Tenant] = field(default_factory=list, repr=False)

    async def tenant(self) -> Tenant:
        """Return a new tenant with a person of every role, and one more of the first."""
        if len(self._spare) < _NEEDED:
            self._spare.extend([await self._tenant() for _ in range(_AT_ONCE)])
        return self._spare.pop()

    def spare(self) -> Tenant:
        """Return another one, of which there is one beside each that `tenant` returns."""
        return self._spare.pop()

    async def person(self, tenant_id: TenantId, role: Role) -> Person:
        """Store one more person."""
        async with self.accounts.database.begin(tenant_id) as transaction:
            [person] = await self._people(transaction, tenant_id, [role])
        return person

    async def _tenant(self) -> Tenant:
        tenant_id = TenantId(new_id())
        row = {"id": tenant_id, "name": f"Tenant {number()}", **self._stamps()}
        roles = [*Role, next(iter(Role))]
        async with self.accounts.database.begin(tenant_id) as transaction:
            await store(transaction, tenants, [row])
            *people, somebody = await self._people(transaction, tenant_id, roles)
        by_role = {person.role: person for person in people}
        return Tenant(id=tenant_id, people=by_role, somebody=somebody)

    async def _people(
        self, transaction: Transaction, tenant_id: TenantId, roles: Sequence[Role]
    ) -> list[Person]:
        rows = [{**_user(role), **self._stamps(), "tenant_id": tenant_id} for role in roles]
        await store(transaction, users, rows)
        people = [self._person(row) for row in rows]
        await store(transaction, refresh_tokens, [self._sign_in(each) for each in people])
        return people

    def _person(self, row: Mapping[str, Any]) -> Person:
        return Person(
            id=row["id"],
            tenant_id=row["tenant_id"],
            role=row["role"],
            handle=row["handle"],
            session_id=new_id(),
            client=self.client,
            database=self.accounts.database,
            tokens=self.accounts.sessions.tokens,
        )

    def _sign_in(self, person: Person) -> dict[str, Any]:
        now = self.accounts.clock.now()
        return {
            "id": new_id(),
            "tenant_id": person.tenant_id,
            "user_id": person.id,
            "family_id": person.session_id,
            "token_hash": secrets.token_hex(32),
            "created_at": now,
            "expires_at": now + self.accounts.sessions.refresh_lifetime,
        }

    def _stamps(self) -> dict[str, Any]:
        now = self.accounts.clock.now()
        return {"created_at": now, "updated_at": now, "version": 1}


async def store(transaction: Transaction, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Store rows, which have values under the same names, at once."""
    statement = _stored(table, tuple(rows[0]))
    await transaction.execute_each(statement, [named(row) for row in rows])


@cache
def _stored(table: Table, names: tuple[str, ...]) -> Fixed:
    return Fixed(insert(table).values({name: parameter(name, table.c[name]) for name in names}))


def _user(role: Role) -> dict[str, Any]:
    name = f"{role}-{number()}".replace("_", "-")
    email = f"{name}@example.test"
    return {
        "id": UserId(new_id()),
        "email": email,
        "email_key": email,
        "name": name,
        "handle": name,
        "role": role,
        "password_hash": "nobody signs in with a password here",
    }


def settings_for(url: str) -> Settings:
    """Return settings for the database at `url`, with a secret of their own."""
    return settings_with(secrets.token_urlsafe(48), url, check_answers=True)


async def served_application(settings: Settings) -> AsyncIterator[FastAPI]:
    """Yield the application of `settings`, and close its database at the end."""
    application = create_app(settings, LogLines(NoLines()))
    yield application
    await application.state.runtime.database.close()


async def connected_client(application: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Yield a client that minds whether each answer is one of those that the documents list."""
    minds = partial(require_documented, documented_answers())
    hooks: dict[str, list[Callable[..., Any]]] = {"response": [minds]}
    transport = httpx.ASGITransport(application, raise_app_exceptions=False)
    async with httpx.AsyncClient(
        transport=transport, base_url="http://test", event_hooks=hooks
    ) as connected:
        yield connected


def documented_answers() -> list[tuple[str, re.Pattern[str], frozenset[str]]]:
    """Return the statuses that the documents list for each method and path."""
    documents = json.loads(_DOCUMENTS.read_text(encoding="utf-8"))
    return [
        (
            method.upper(),
            re.compile(_PARAMETER.sub("[^/]+", path)),
            frozenset(operation["responses"]),
        )
        for path, operations in documents["paths"].items()
        for method, operation in operations.items()
    ]


async def require_documented(
    documented: list[tuple[str, re.Pattern[str], frozenset[str]]], response: httpx.Response
) -> None:
    """Fail if an operation gives an answer that its documents do not list."""
    method = "GET" if response.request.method == "HEAD" else response.request.method
    for known, path, statuses in documented:
        if known == method and path.fullmatch(response.request.url.path):
            assert str(response.status_code) in statuses, (
                f"{method} {path.pattern} answers {response.status_code}, "
                "and the documents do not say so"
            )
            return

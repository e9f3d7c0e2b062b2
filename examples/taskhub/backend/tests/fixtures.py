"""Fixtures of tests of the whole application: one application, and a world for each test."""

import re
import secrets
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import httpx
import pytest
from anyio import to_thread
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import insert

from app.accounts import Accounts
from app.authorization.permissions import Role
from app.core.clock import SystemClock
from app.core.ids import TenantId, UserId, new_id
from app.core.logging import LogLines, NoLines
from app.core.settings import Settings
from app.db.engine import Transaction
from app.db.migration import migrate
from app.main import create_app
from app.models.tenant import tenants
from app.models.user import users
from tests.conftest import scratch_database
from tests.world import Person, Tenant, World, number

_PARAMETER: Final = re.compile(r"\{\w+\}")


@pytest.fixture(scope="session")
async def served_url(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """The URL of a migrated database for all tests of a worker."""
    async for url in scratch_database(tmp_path_factory.mktemp("database")):
        await to_thread.run_sync(migrate, url)
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
        other=await enrolment.tenant(),
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

    async def tenant(self) -> Tenant:
        """Store a tenant with a person of every role, and one more of the first."""
        tenant_id = TenantId(new_id())
        async with self.accounts.database.begin(tenant_id) as transaction:
            row = {"id": tenant_id, "name": f"Tenant {number()}", **_stamps(transaction)}
            await transaction.execute(insert(tenants).values(row))
            *people, somebody = await self._people(
                transaction, tenant_id, [*Role, next(iter(Role))]
            )
        by_role = {person.role: person for person in people}
        return Tenant(id=tenant_id, people=by_role, somebody=somebody)

    async def person(self, tenant_id: TenantId, role: Role) -> Person:
        """Store one more person."""
        async with self.accounts.database.begin(tenant_id) as transaction:
            [person] = await self._people(transaction, tenant_id, [role])
        return person

    async def _people(
        self, transaction: Transaction, tenant_id: TenantId, roles: Sequence[Role]
    ) -> list[Person]:
        rows = [_user(role) | {"tenant_id": tenant_id} for role in roles]
        await transaction.execute(
            insert(users).values([row | _stamps(transaction) for row in rows])
        )
        return [
            Person(
                id=row["id"],
                tenant_id=tenant_id,
                role=row["role"],
                handle=row["handle"],
                client=self.client,
                database=self.accounts.database,
                sessions=self.accounts.sessions,
            )
            for row in rows
        ]


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


def _stamps(transaction: Transaction) -> dict[str, Any]:
    return {"created_at": transaction.now, "updated_at": transaction.now, "version": 1}


def settings_for(url: str) -> Settings:
    """Return settings for the database at `url`, with a secret of their own."""
    return Settings(
        _env_file=None,
        secret_key=SecretStr(secrets.token_urlsafe(48)),
        database_url=SecretStr(url),
    )


async def served_application(settings: Settings) -> AsyncIterator[FastAPI]:
    """Yield the application of `settings`, and close its database at the end."""
    application = create_app(settings, LogLines(NoLines()))
    yield application
    await application.state.runtime.database.close()


async def connected_client(application: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Yield a client that minds whether each answer is one of those that the documents list."""
    minds = partial(require_documented, documented_answers(application))
    hooks: dict[str, list[Callable[..., Any]]] = {"response": [minds]}
    transport = httpx.ASGITransport(application, raise_app_exceptions=False)
    async with httpx.AsyncClient(
        transport=transport, base_url="http://test", event_hooks=hooks
    ) as connected:
        yield connected


def documented_answers(application: FastAPI) -> list[tuple[str, re.Pattern[str], frozenset[str]]]:
    """Return the statuses that the documents list for each method and path."""
    return [
        (
            method.upper(),
            re.compile(_PARAMETER.sub("[^/]+", path)),
            frozenset(operation["responses"]),
        )
        for path, operations in application.openapi()["paths"].items()
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

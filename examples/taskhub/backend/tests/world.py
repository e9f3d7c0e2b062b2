"""A world for one test: two tenants, and in each of them a person of every role.

Tests share a database, and no test shares a tenant with another one.
"""

import itertools
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final
from uuid import UUID

import httpx
from sqlalchemy import select

from app.authorization.permissions import Role
from app.core.ids import TenantId, UserId
from app.db.engine import Database
from app.models.audit_entry import AuditEntry, audit_entries
from app.models.base import hydrate
from app.models.outbox_message import OutboxMessage, outbox_messages
from app.security.tokens import AccessClaims, AccessTokens
from tests.cases import Call
from tests.file_cases import FileCall

_NUMBERS: Final = itertools.count(1)
_TURNS: Final[dict[str, Iterator[Any]]] = {}


@dataclass(slots=True, kw_only=True)
class Person:
    """Somebody who is signed in, and sends requests in their own name."""

    id: UserId
    tenant_id: TenantId
    role: Role
    handle: str
    client: httpx.AsyncClient = field(repr=False)
    session_id: UUID
    database: Database = field(repr=False)
    tokens: AccessTokens = field(repr=False)
    _token: str = field(default="", repr=False)

    @property
    def token(self) -> str:
        """Return the person's access token."""
        if not self._token:
            claims = AccessClaims(
                user_id=self.id, tenant_id=self.tenant_id, session_id=self.session_id
            )
            self._token = self.tokens.issue(claims)
        return self._token

    async def get(self, path: str, **parameters: Any) -> httpx.Response:
        """Read `path`."""
        return await self.request("GET", path, parameters=parameters)

    async def post(
        self, path: str, body: Any = None, *, if_match: str | None = None
    ) -> httpx.Response:
        """Post `body` to `path`."""
        return await self.request("POST", path, body, if_match=if_match)

    async def put(self, path: str, *, if_match: str | None = None) -> httpx.Response:
        """Put nothing to `path`."""
        return await self.request("PUT", path, if_match=if_match)

    async def patch(self, path: str, body: Any, *, if_match: str | None = None) -> httpx.Response:
        """Change what is at `path`."""
        return await self.request("PATCH", path, body, if_match=if_match)

    async def delete(self, path: str, *, if_match: str | None = None) -> httpx.Response:
        """Delete what is at `path`."""
        return await self.request("DELETE", path, if_match=if_match)

    async def send(self, call: Call) -> httpx.Response:
        """Send `call`."""
        if isinstance(call, FileCall):
            return await self.upload(call)
        return await self.request(call.method, call.url, call.body, if_match=call.if_match)

    async def upload(self, call: FileCall, **headers: str) -> httpx.Response:
        """Send the file of `call`."""
        sent = {"authorization": f"Bearer {self.token}", "content-type": call.media_type}
        return await self.client.request(
            call.method, call.url, content=call.content, headers={**sent, **headers}
        )

    async def listed(self, path: str, **parameters: Any) -> list[UUID]:
        """Return the ids of the first page of the list at `path`."""
        response = await self.get(path, **parameters)
        assert response.status_code == 200, response.text
        return [UUID(item["id"]) for item in response.json()["items"]]

    async def walked(self, path: str, **parameters: Any) -> list[UUID]:
        """Return the ids of all pages of the list at `path`."""
        found: list[UUID] = []
        cursor: dict[str, str] = {}
        while True:
            response = await self.get(path, **parameters, **cursor)
            assert response.status_code == 200, response.text
            found += [UUID(item["id"]) for item in response.json()["items"]]
            if response.json()["next"] is None:
                return found
            cursor = {"cursor": response.json()["next"]}

    async def request(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        if_match: str | None = None,
        parameters: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """Send a request, with the person's token."""
        sent = {"authorization": f"Bearer {self.token}", **(headers or {})}
        if if_match is not None:
            sent["if-match"] = if_match
        return await self.client.request(
            method, path, json=body, headers=sent, params=parameters or None
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenant:
    """A tenant and its people.

    Attributes:
        somebody: One more person of the first role.
    """

    id: TenantId
    people: Mapping[Role, Person]
    somebody: Person

    def __getitem__(self, role: Role) -> Person:
        return self.people[role]

    def __iter__(self) -> Iterator[Person]:
        return iter(self.people.values())


@dataclass(frozen=True, kw_only=True)
class World:
    """Two tenants that know nothing of each other."""

    client: httpx.AsyncClient
    database: Database
    home: Tenant
    spare: Callable[[], Tenant] = field(repr=False)
    enrol: Callable[[TenantId, Role], Awaitable[Person]] = field(repr=False)

    @cached_property
    def other(self) -> Tenant:
        """The other tenant, for tests that ask for one."""
        return self.spare()

    async def join(self, role: Role) -> Person:
        """Return one more person of `role` in the tenant `home`."""
        return await self.enrol(self.home.id, role)

    async def events(self) -> list[OutboxMessage]:
        """Return the events announced for the tenant `home`, oldest first."""
        rows = select(outbox_messages).where(outbox_messages.c.tenant_id == self.home.id)
        async with self.database.read(self.home.id) as transaction:
            found = await transaction.all(rows.order_by(outbox_messages.c.id))
        return [hydrate(OutboxMessage, row) for row in found]

    async def audit_entries(self) -> list[AuditEntry]:
        """Return the audit trail of the tenant `home`, oldest first."""
        rows = select(audit_entries).where(audit_entries.c.tenant_id == self.home.id)
        async with self.database.read(self.home.id) as transaction:
            found = await transaction.all(rows.order_by(audit_entries.c.id))
        return [hydrate(AuditEntry, row) for row in found]


def problem(response: httpx.Response) -> dict[str, Any]:
    """Return the problem document of `response`, without what names the request."""
    assert response.headers["content-type"] == "application/problem+json", response.text
    document: dict[str, Any] = response.json()
    assert document["status"] == response.status_code
    del document["instance"]
    return document


def refused(response: httpx.Response) -> tuple[int, str]:
    """Return the status and the code of the problem document of `response`."""
    return response.status_code, problem(response)["code"]


def faults(response: httpx.Response) -> list[tuple[str, str]]:
    """Return place and code of each fault that `response` names."""
    assert response.status_code == 422, response.text
    errors = problem(response)["errors"]
    return [(each.get("pointer", each.get("parameter")), each["code"]) for each in errors]


def changed(before: Any, after: Any) -> set[str]:
    """Return the names of the fields in which two entities differ."""
    assert before is not None
    assert after is not None
    names: tuple[str, ...] = before.__struct_fields__
    return {name for name in names if getattr(before, name) != getattr(after, name)}


def number() -> int:
    """Return a number that no other call returns."""
    return next(_NUMBERS)


def turn[T](*values: T) -> T:
    """Return one of `values`; calls with the same ones take turns, so that few in a row differ."""
    return next(_TURNS.setdefault(repr(values), itertools.cycle(values)))


def spelled(alphabet: str, length: int) -> str:
    """Return a text of `length` signs of `alphabet`; those of many calls in a row differ."""
    rest, signs = number(), []
    for _ in range(length):
        rest, digit = divmod(rest, len(alphabet))
        signs.append(alphabet[digit])
    return "".join(reversed(signs))


async def the_same(person: Person, /) -> Person:
    """Return `person`, where an object is wanted that a person owns."""
    return person

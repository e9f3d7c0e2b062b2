"""People who sign up, are invited and sign in, over HTTP."""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx
from sqlalchemy import select

from app.accounts import Accounts
from app.core.ids import TenantId
from app.db.engine import Database
from app.models.audit_entry import AuditEntry, audit_entries
from app.models.base import hydrate
from app.models.outbox_message import outbox_messages
from app.models.role import Role
from app.security.password_rules import MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH


def new_email() -> str:
    """Return an address that no other call returns."""
    return f"{secrets.token_hex(8)}@example.org"


def new_password() -> str:
    """Return a password that no other call returns."""
    length = max(MIN_PASSWORD_LENGTH, min(24, MAX_PASSWORD_LENGTH))
    return secrets.token_urlsafe(length)[:length]


@dataclass(slots=True, kw_only=True)
class Person:
    """Somebody with an account, signed in."""

    service: "Service" = field(repr=False)
    id: UUID
    tenant_id: TenantId
    email: str
    password: str = field(repr=False)
    tokens: dict[str, Any] = field(default_factory=dict, repr=False)

    @property
    def path(self) -> str:
        return f"/v1/users/{self.id}"

    @property
    def access_token(self) -> str:
        token: str = self.tokens["access_token"]
        return token

    async def sign_in(self) -> None:
        response = await self.service.sign_in(self.email, self.password)
        assert response.status_code == 200, response.text
        self.tokens = response.json()

    async def send(
        self, method: str, path: str, body: Any = None, **options: Any
    ) -> httpx.Response:
        headers = {"authorization": f"Bearer {self.access_token}", **options.pop("headers", {})}
        return await self.service.client.request(
            method, path, json=body, headers=headers, **options
        )

    async def get(self, path: str, **parameters: Any) -> httpx.Response:
        return await self.send("GET", path, params=parameters or None)

    async def change(self, other: "Person", **changes: Any) -> httpx.Response:
        """Change `other`, whatever version they are in."""
        return await self.send("PATCH", other.path, changes, headers={"if-match": "*"})

    async def invite(self, email: str, role: Role) -> httpx.Response:
        return await self.send("POST", "/v1/invitations", {"email": email, "role": role})

    async def bring_in(self, role: Role, name: str = "Kim Lee") -> "Person":
        """Invite somebody, let them accept, and sign them in."""
        email, password = new_email(), new_password()
        invited = await self.invite(email, role)
        assert invited.status_code == 201, invited.text
        joined = await self.service.accept(invited.json()["token"], name, password)
        assert joined.status_code == 201, joined.text
        person = Person(
            service=self.service,
            id=UUID(joined.json()["id"]),
            tenant_id=self.tenant_id,
            email=email,
            password=password,
        )
        await person.sign_in()
        return person

    async def trail(self, **filters: Any) -> list[dict[str, Any]]:
        """Return the newest audit entries that the person is told of, newest first."""
        response = await self.get("/v1/audit-entries", **filters)
        assert response.status_code == 200, response.text
        entries: list[dict[str, Any]] = response.json()["items"]
        return entries


@dataclass(slots=True, kw_only=True)
class Service:
    """The service under test."""

    client: httpx.AsyncClient
    database: Database
    accounts: Accounts
    lines: list[bytes]

    async def post(self, path: str, body: Any, **options: Any) -> httpx.Response:
        return await self.client.post(path, json=body, **options)

    async def sign_up(self, **changes: Any) -> httpx.Response:
        body = {
            "tenant_name": "Acme",
            "name": "Ada Lovelace",
            "email": new_email(),
            "password": new_password(),
        }
        return await self.post("/v1/auth/sign-up", body | changes)

    async def sign_in(self, email: str, password: str) -> httpx.Response:
        return await self.post("/v1/auth/sign-in", {"email": email, "password": password})

    async def refresh(self, refresh_token: str) -> httpx.Response:
        return await self.post("/v1/auth/refresh", {"refresh_token": refresh_token})

    async def accept(self, token: str, name: str, password: str) -> httpx.Response:
        body = {"token": token, "name": name, "password": password}
        return await self.post("/v1/invitations/accept", body)

    async def founder(self, name: str = "Ada Lovelace") -> Person:
        """Sign a new tenant up and its founder in."""
        email, password = new_email(), new_password()
        response = await self.sign_up(email=email, password=password, name=name)
        assert response.status_code == 201, response.text
        body = response.json()
        person = Person(
            service=self,
            id=UUID(body["user"]["id"]),
            tenant_id=TenantId(UUID(body["tenant"]["id"])),
            email=email,
            password=password,
        )
        await person.sign_in()
        return person

    async def with_token(self, token: str) -> httpx.Response:
        """Ask who is signed in with `token`."""
        return await self.client.get("/v1/me", headers={"authorization": f"Bearer {token}"})

    async def events(self, tenant_id: TenantId) -> Sequence[tuple[str, dict[str, Any]]]:
        """Return the events of a tenant, oldest first."""
        found = select(outbox_messages).where(outbox_messages.c.tenant_id == tenant_id)
        async with self.database.read(tenant_id) as transaction:
            rows = await transaction.all(found.order_by(outbox_messages.c.id))
        return [(row.type, row.payload) for row in rows]

    async def trail(self, tenant_id: TenantId) -> Sequence[AuditEntry]:
        """Return the audit trail of a tenant, oldest first."""
        found = select(audit_entries).where(audit_entries.c.tenant_id == tenant_id)
        async with self.database.read(tenant_id) as transaction:
            rows = await transaction.all(found.order_by(audit_entries.c.id))
        return [hydrate(AuditEntry, row) for row in rows]

    def logged(self, event: str) -> list[dict[str, Any]]:
        """Return the lines about `event`."""
        lines = [json.loads(line) for line in self.lines]
        return [line for line in lines if line.get("event") == event]


def require_told(
    told: Sequence[tuple[str, dict[str, Any]]], expected: Mapping[str, dict[str, Any]]
) -> None:
    """Fail unless the events `told` are those `expected`, but for the ones of no name.

    A payload need not tell all that is expected, and what it tells besides is not looked at.
    """
    announced = {name: about for name, about in expected.items() if name}
    assert [name for name, _ in told] == list(announced)
    for name, payload in told:
        shared = payload.keys() & announced[name].keys()
        assert {each: payload[each] for each in shared} == {
            each: announced[name][each] for each in shared
        }


def refusal(response: httpx.Response) -> dict[str, Any]:
    """Return the problem document of `response`, without what names the request."""
    assert response.headers["content-type"] == "application/problem+json", response.text
    document: dict[str, Any] = response.json()
    del document["instance"]
    return document


def outcome(response: httpx.Response) -> tuple[int, str]:
    """Return the status and the code of the problem document of `response`."""
    return response.status_code, refusal(response)["code"]

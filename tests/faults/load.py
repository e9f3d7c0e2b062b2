"""Clients that make, start, cancel, rename and read tasks, and write down what they see.

Each has tasks of its own, so that it knows what they should be like. Whoever does not learn what
became of a create sends it again under the same key, as the contract tells clients to do.
"""

import asyncio
import random
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final, Self

import httpx

from tests.faults.history import History, Operation

_PASSWORD: Final = "a long enough pass phrase"  # noqa: S105  # of people who do not exist
_TIMEOUT: Final = 30.0
_PAUSE: Final = 0.1
_SETTLES: Final = 40
_KINDS: Final = ("create", "create", "create", "start", "cancel", "rename", "read", "list")


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody with a tenant and a project of their own."""

    tenant: str
    id: str
    token: str
    project: str


@dataclass(slots=True)
class _Task:
    id: str
    tag: str


@dataclass(slots=True)
class Load:
    """Clients at work, from `with` on until `stop`.

    Args:
        url: Where the service is.
        people: In whose names.
        clients: How many at once.
        pause: Seconds between two requests of a client.
    """

    url: str
    people: list[Person]
    history: History
    clients: int = 6
    pause: float = _PAUSE
    seed: int = 1
    _tasks: dict[int, list[_Task]] = field(default_factory=dict)
    _unknown: dict[str, tuple[int, dict[str, Any]]] = field(default_factory=dict)
    _stopping: bool = False
    _thread: threading.Thread | None = None
    _number: int = 0

    def start(self) -> Self:
        """Let the clients begin."""
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        """Let the clients end, and send again what nobody knows the outcome of."""
        self._stopping = True
        if self._thread is not None:
            self._thread.join(_TIMEOUT * 2)
        asyncio.run(self._settle())

    async def _run(self) -> None:
        async with asyncio.TaskGroup() as group:
            for number in range(self.clients):
                group.create_task(self._client(number))

    async def _client(self, number: int) -> None:
        chance = random.Random(f"{self.seed}-{number}")  # noqa: S311  # it keeps no secret
        async with self._connected() as client:
            while not self._stopping:
                await self._step(client, number, chance)
                await asyncio.sleep(self.pause * chance.uniform(0.5, 1.5))

    async def _step(self, client: httpx.AsyncClient, number: int, chance: random.Random) -> None:
        mine = [key for key, (owner, _) in self._unknown.items() if owner == number]
        if mine and chance.random() < 0.5:
            await self._create(client, number, mine[0], self._unknown[mine[0]][1])
            return
        kind = chance.choice(_KINDS)
        tasks = self._tasks.setdefault(number, [])
        if kind == "create" or not tasks:
            person = self._person(number)
            self._number += 1
            key = f"{self.seed}-{number}-{self._number}"
            body = {"title": f"Task {key}", "project_id": person.project, "assignee_id": person.id}
            await self._create(client, number, key, body)
        elif kind == "list":
            await self._send(client, number, kind, "GET", "/v1/tasks")
        else:
            await self._do(client, number, kind, chance.choice(tasks))

    async def _create(
        self, client: httpx.AsyncClient, number: int, key: str, body: dict[str, Any]
    ) -> None:
        self._unknown[key] = (number, body)
        answer = await self._send(client, number, "create", "POST", "/v1/tasks", body=body, key=key)
        if answer is None or answer.status_code >= 500 or answer.status_code == 409:
            return
        del self._unknown[key]
        if answer.is_success:
            task = _Task(answer.json()["id"], answer.headers["etag"])
            self._tasks.setdefault(number, []).append(task)

    async def _do(self, client: httpx.AsyncClient, number: int, kind: str, task: _Task) -> None:
        path = f"/v1/tasks/{task.id}"
        method, rest, body = {
            "start": ("POST", "/start", None),
            "cancel": ("POST", "/cancel", {"reason": "A fault is being tried."}),
            "rename": ("PATCH", "", {"title": f"Renamed at {self.history.now():.3f}"}),
            "read": ("GET", "", None),
        }[kind]
        answer = await self._send(client, number, kind, method, path + rest, body=body, task=task)
        if answer is not None and answer.is_success:
            task.tag = answer.headers["etag"]
        elif answer is not None and answer.status_code == 412:
            # What was not answered was done all the same.
            await self._do(client, number, "read", task)

    async def _send(
        self,
        client: httpx.AsyncClient,
        number: int,
        kind: str,
        method: str,
        path: str,
        *,
        body: dict[str, Any] | None = None,
        key: str | None = None,
        task: _Task | None = None,
    ) -> httpx.Response | None:
        person = self._person(number)
        self._number += 1
        request_id = f"load-{self.seed}-{self._number}"
        headers = {"authorization": f"Bearer {person.token}", "x-request-id": request_id}
        if key is not None:
            headers["idempotency-key"] = key
        if task is not None and method != "GET":
            headers["if-match"] = task.tag
        begun = self.history.now()
        answer: httpx.Response | None = None
        # If it breaks off, nobody knows what became of it, and the history says so.
        with suppress(httpx.HTTPError):
            answer = await client.request(method, path, json=body, headers=headers)
        told = answer.json() if answer is not None and answer.is_success else {}
        self.history.add(
            Operation(
                kind=kind,
                begun=begun,
                ended=self.history.now(),
                tenant=person.tenant,
                request_id=request_id,
                key=key,
                task=told.get("id", task.id if task else None),
                status=answer.status_code if answer is not None else None,
                version=told.get("version"),
                retry_after=answer is not None and "retry-after" in answer.headers,
                replayed=answer is not None and "idempotent-replayed" in answer.headers,
            )
        )
        return answer

    async def _settle(self) -> None:
        """Send again what nobody knows the outcome of, until that is known."""
        async with self._connected() as client:
            for _ in range(_SETTLES):
                for key, (number, body) in list(self._unknown.items()):
                    await self._create(client, number, key, body)
                if not self._unknown:
                    return
                await asyncio.sleep(0.25)

    def _person(self, number: int) -> Person:
        return self.people[number % len(self.people)]

    def _connected(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=self.url, timeout=_TIMEOUT, trust_env=False)


def signed_up(url: str, count: int, *, mark: str = "a") -> list[Person]:
    """Sign people up, each with a tenant and a project."""
    return [_signed_up(url, f"{mark}{number}") for number in range(count)]


def _signed_up(url: str, name: str) -> Person:
    email = f"{name}@example.com"
    with httpx.Client(base_url=url, timeout=_TIMEOUT, trust_env=False) as client:
        about = {"tenant_name": f"Tenant {name}", "name": name, "email": email}
        signed = client.post("/v1/auth/sign-up", json={**about, "password": _PASSWORD})
        me = signed.raise_for_status().json()
        known = {"email": email, "password": _PASSWORD}
        told = client.post("/v1/auth/sign-in", json=known).raise_for_status().json()
        client.headers["authorization"] = f"Bearer {told['access_token']}"
        body = {"name": "Faults", "key": "FAULT"}
        made = client.post("/v1/projects", json=body).raise_for_status().json()
    return Person(
        tenant=me["tenant"]["id"],
        id=me["user"]["id"],
        token=told["access_token"],
        project=made["id"],
    )

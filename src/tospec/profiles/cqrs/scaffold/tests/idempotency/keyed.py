"""Requests with an `Idempotency-Key`, and what they leave behind."""

from collections.abc import Sequence
from typing import Any

import httpx
from sqlalchemy import select

from app.db.transactions import Transaction
from app.models.base import hydrate
from app.models.idempotency_record import IdempotencyRecord, idempotency_records
from tests.calls import SERVED
from tests.cases import Call
from tests.world import Person, World, number

KEYED = [each for each in SERVED if each.method == "POST" and each.success == 201]
KEPT_HEADERS = ("content-type", "location", "etag")


def new_key() -> str:
    """Return a key that no other call returns."""
    return f"key-{number()}"


async def send(me: Person, call: Call, key: str, *, more: bytes = b"") -> httpx.Response:
    """Send `call` with a key, and with `more` behind its body."""
    content, media_type = call.payload
    headers = {"idempotency-key": key, "content-type": media_type}
    return await me.client.request(
        call.method,
        call.url,
        content=content + more,
        headers={"authorization": f"Bearer {me.token}", **headers},
    )


def is_replayed(response: httpx.Response) -> bool:
    """Return whether `response` says that it was given before."""
    return bool(response.headers.get("idempotent-replayed") == "true")


def told(response: httpx.Response) -> tuple[int, bytes, list[Any]]:
    """Return what a repeated answer has in common with the first one."""
    kept = [response.headers.get(name) for name in KEPT_HEADERS]
    return response.status_code, response.content, kept


async def effects(world: World) -> tuple[int, int]:
    """Return how many changes are recorded, and how many events announced."""
    return len(await world.audit_entries()), len(await world.events())


async def stored(world: World) -> Sequence[IdempotencyRecord]:
    """Return the records of the tenant `home`."""
    async with world.database.read(world.home.id) as transaction:
        return await records(world, transaction)


async def records(world: World, transaction: Transaction) -> Sequence[IdempotencyRecord]:
    """Return the records of the tenant `home` as `transaction` sees them."""
    rows = select(idempotency_records).where(idempotency_records.c.tenant_id == world.home.id)
    return [hydrate(IdempotencyRecord, row) for row in await transaction.all(rows)]

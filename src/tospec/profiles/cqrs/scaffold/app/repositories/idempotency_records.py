"""Data access for idempotency records."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import ColumnElement, delete, func, insert, select

from app.core.ids import TenantId, new_id
from app.core.keyed_requests import Answer, Claim, Scope
from app.db.transactions import Transaction
from app.models.base import hydrate
from app.models.idempotency_record import IdempotencyRecord, idempotency_records

PURGED_AT_ONCE: Final = 20


class IdempotencyRecordRepository:
    """Answers to keys, of one tenant at a time."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def claim(self, scope: Scope, *, tenant_id: TenantId) -> bool:
        """Return whether the key is this transaction's until it ends, nobody else having it."""
        if self._transaction.dialect != "postgresql":
            # SQLite has one writer, so that whoever comes second finds the record.
            return True
        named = "\n".join((str(tenant_id), str(scope.user_id), scope.method, scope.route))
        lock = func.hashtextextended(f"{named}\n{scope.key}", 0)
        return bool(await self._transaction.scalar(select(func.pg_try_advisory_xact_lock(lock))))

    async def find(self, scope: Scope, *, tenant_id: TenantId) -> IdempotencyRecord | None:
        """Return what the key was answered; None if it is new, or new again.

        A record that has expired goes, so that another one may take its place.
        """
        row = await self._transaction.one_or_none(
            select(idempotency_records).where(*_of(scope, tenant_id))
        )
        if row is None:
            return None
        record = hydrate(IdempotencyRecord, row)
        if record.expires_at > self._transaction.now:
            return record
        await self._transaction.execute(delete(idempotency_records).where(*_of(scope, tenant_id)))
        return None

    async def insert(self, claim: Claim, answer: Answer, *, tenant_id: TenantId) -> None:
        """Keep `answer` to a key that is new."""
        scope = claim.scope
        record = insert(idempotency_records).values(
            id=new_id(),
            tenant_id=tenant_id,
            user_id=scope.user_id,
            method=scope.method,
            route=scope.route,
            key=scope.key,
            fingerprint=claim.fingerprint,
            status=answer.status,
            headers=dict(answer.headers),
            body=answer.body,
            expires_at=claim.expires_at,
        )
        await self._transaction.execute(record)

    async def purge(self, *, tenant_id: TenantId) -> None:
        """Delete some records that have expired, and none that another transaction holds."""
        expired = (
            select(idempotency_records.c.id)
            .where(idempotency_records.c.tenant_id == tenant_id)
            .where(idempotency_records.c.expires_at <= self._transaction.now)
            .limit(PURGED_AT_ONCE)
            .with_for_update(skip_locked=True)
        )
        found = [row.id for row in await self._transaction.all(expired)]
        if found:
            table = idempotency_records
            gone = delete(table).where(table.c.tenant_id == tenant_id, table.c.id.in_(found))
            await self._transaction.execute(gone)


def _of(scope: Scope, tenant_id: TenantId) -> Sequence[ColumnElement[bool]]:
    table = idempotency_records
    return (
        table.c.tenant_id == tenant_id,
        table.c.user_id == scope.user_id,
        table.c.method == scope.method,
        table.c.route == scope.route,
        table.c.key == scope.key,
    )

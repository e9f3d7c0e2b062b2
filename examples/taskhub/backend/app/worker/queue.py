"""The queue: which jobs are a worker's, and what becomes of them.

Rows of the database are the queue, so that whatever dies, nothing is lost or done twice. Times
are those of the database, by which all workers agree.
"""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, select, update

from app.core.errors import SerializationError, UniqueConflictError
from app.core.ids import new_id
from app.db.clock import database_now, from_now
from app.db.engine import Database
from app.db.jobs_security import WORKER_SCOPE
from app.db.parameters import TENANT, given, named, one_of, parameter
from app.db.statements import Fixed
from app.db.transactions import Transaction
from app.models.job import JobState, jobs
from app.worker.lease import Failure, Lease, LeaseLostError, Reason
from app.worker.taking import Choice
from app.worker.work import Progress

EVERYTHING: Final = Choice()
"""All jobs, by their priority."""
_REAPED_AT_ONCE: Final = 100
_AT_ONCE: Final = timedelta()
_NOBODYS: Final = {"token": None, "leased_until": None}
_OWN: Final = (
    jobs.c.id == parameter("id", jobs.c.id),
    jobs.c.token == parameter("token", jobs.c.token),
)
_LEASED: Final = Fixed(
    update(jobs)
    .where(one_of(jobs.c.id, "ids"))
    .values(
        state=JobState.LEASED,
        attempt=jobs.c.attempt + 1,
        token=parameter("token", jobs.c.token),
        leased_until=from_now("lease"),
    )
)
_PROLONGED: Final = Fixed(
    update(jobs)
    .where(
        jobs.c.state == JobState.LEASED, one_of(jobs.c.id, "ids"), one_of(jobs.c.token, "tokens")
    )
    .values(leased_until=from_now("lease"))
    .returning(jobs.c.id)
)
_LOST: Final = Fixed(
    select(jobs)
    .where(jobs.c.state == JobState.LEASED, jobs.c.leased_until < database_now())
    .order_by(jobs.c.id)
    .limit(_REAPED_AT_ONCE)
    .with_for_update(skip_locked=True)
)
_KEPT: Final = Fixed(
    update(jobs)
    .where(jobs.c.tenant_id == TENANT, *_OWN)
    .values(progress=parameter("progress", jobs.c.progress))
)
_DONE: Final = Fixed(
    update(jobs)
    .where(jobs.c.tenant_id == TENANT, *_OWN)
    .values(
        state=JobState.DONE,
        progress=parameter("progress", jobs.c.progress),
        result=parameter("result", jobs.c.result),
        reason=None,
        finished_at=database_now(),
        **_NOBODYS,
    )
)
_GIVEN_BACK: Final = Fixed(
    update(jobs)
    .where(*_OWN)
    .values(
        state=JobState.QUEUED,
        attempt=jobs.c.attempt - 1,
        run_at=from_now("wait"),
        told_at=None,
        **_NOBODYS,
    )
)
_PUT_BACK: Final = Fixed(
    update(jobs)
    .where(
        jobs.c.state == JobState.LEASED, one_of(jobs.c.id, "ids"), one_of(jobs.c.token, "tokens")
    )
    .values(state=JobState.QUEUED, attempt=jobs.c.attempt - 1, told_at=None, **_NOBODYS)
)
_RETRIED: Final = Fixed(
    update(jobs)
    .where(*_OWN)
    .values(
        state=JobState.QUEUED,
        run_at=from_now("wait"),
        told_at=None,
        reason=parameter("reason", jobs.c.reason),
        history=parameter("history", jobs.c.history),
        **_NOBODYS,
    )
)
_DEAD: Final = Fixed(
    update(jobs)
    .where(*_OWN)
    .values(
        state=JobState.DEAD,
        reason=parameter("reason", jobs.c.reason),
        history=parameter("history", jobs.c.history),
        finished_at=database_now(),
        **_NOBODYS,
    )
)


class Queue:
    """The jobs of all tenants, as far as a worker knows their names.

    Args:
        database: Where they are.
        names: Which jobs this version of the service knows; others wait for another one.
        lease: How long a job is a worker's without a sign of life.
        per_tenant: How many jobs of a tenant run at once.
    """

    def __init__(
        self, database: Database, names: Collection[str], *, lease: timedelta, per_tenant: int
    ) -> None:
        self._database = database
        self._names = names
        self._lease = lease.total_seconds()
        self._per_tenant = per_tenant

    async def take(self, limit: int, choice: Choice = EVERYTHING) -> list[Lease]:
        """Lease at most `limit` of the jobs that are due: of each tenant one before its second."""
        try:
            async with self._database.opened(WORKER_SCOPE) as transaction:
                rows = await self._due(transaction, limit, choice)
                if not rows:
                    return []
                token = new_id()
                values = {"ids": [row.id for row in rows], "token": token, "lease": self._lease}
                transaction.later(_LEASED, named(values))
        except (UniqueConflictError, SerializationError):
            # Another worker has just taken one of them.
            return []
        return [Lease.of(row, token=token, attempt=row.attempt + 1) for row in rows]

    async def _due(
        self, transaction: Transaction, limit: int, choice: Choice
    ) -> Sequence[Row[Any]]:
        asked = {"names": self._names, "per_tenant": self._per_tenant, "limit": limit}
        statement = choice.statement(transaction.dialect, per_tenant=self._per_tenant)
        return _with_one_suspect(await transaction.all(statement, choice.values(asked)))

    async def prolong(self, leases: Collection[Lease]) -> frozenset[UUID]:
        """Prolong `leases`, and return the ids of those that are still the worker's."""
        if not leases:
            return frozenset()
        values = {**_held(leases), "lease": self._lease}
        async with self._database.opened(WORKER_SCOPE) as transaction:
            rows = await transaction.all(_PROLONGED, named(values))
        return frozenset(row.id for row in rows)

    def keep(self, transaction: Transaction, lease: Lease, progress: Progress) -> None:
        """Commit with `transaction` how far the job has come, and that it is done if it is.

        Nothing is committed if the job is no longer the worker's: whoever leaves the transaction
        hears of it by a `LeaseLostError`.
        """
        values = {"id": lease.id, "token": lease.token, "progress": progress.document()}
        kept = _DONE if progress.finished else _KEPT
        if progress.finished:
            values["result"] = progress.answer
        transaction.require(kept, given(lease.tenant_id, None, values), LeaseLostError())

    async def give_back(self, lease: Lease, wait: timedelta = _AT_ONCE) -> None:
        """Queue the job behind what else is due after `wait`, as if this attempt had not been."""
        values = {"id": lease.id, "token": lease.token, "wait": wait.total_seconds()}
        async with self._database.opened(WORKER_SCOPE) as transaction:
            await transaction.execute(_GIVEN_BACK, named(values))

    async def put_back(self, leases: Collection[Lease]) -> None:
        """Queue jobs that nobody has begun with, in the place that they had."""
        if leases:
            async with self._database.opened(WORKER_SCOPE) as transaction:
                await transaction.execute(_PUT_BACK, named(_held(leases)))

    async def fail(self, lease: Lease, failure: Failure, wait: timedelta) -> bool:
        """Let the job be attempted again after `wait`; return whether it is dead instead."""
        async with self._database.opened(WORKER_SCOPE) as transaction:
            return await _failed(transaction, lease, failure, wait)

    async def reap(self) -> list[Lease]:
        """Queue what workers left behind that are silent; return what is dead instead."""
        dead = []
        async with self._database.opened(WORKER_SCOPE) as transaction:
            for lease in await _lost(transaction):
                failure = Failure(reason=Reason.WORKER_CRASH)
                if await _failed(transaction, lease, failure, timedelta()):
                    dead.append(lease)
        return dead


def _held(leases: Collection[Lease]) -> dict[str, object]:
    return {
        "ids": [lease.id for lease in leases],
        "tokens": {lease.token for lease in leases},
    }


def _with_one_suspect(rows: Sequence[Row[Any]]) -> Sequence[Row[Any]]:
    """Return `rows` without those that may end the worker, but for the first of them."""
    crashed = (row for row in rows if row.reason == Reason.WORKER_CRASH)
    suspects = [row.id for row in crashed if row.attempt >= row.max_attempts - 1]
    return [row for row in rows if row.id not in suspects[1:]]


async def _lost(transaction: Transaction) -> Sequence[Lease]:
    rows = await transaction.all(_LOST)
    return [Lease.of(row, token=row.token, attempt=row.attempt) for row in rows]


async def _failed(
    transaction: Transaction, lease: Lease, failure: Failure, wait: timedelta
) -> bool:
    entry = {
        "attempt": lease.attempt,
        "at": transaction.now.isoformat(),
        "reason": failure.reason,
        "error": failure.error,
    }
    values = {
        "id": lease.id,
        "token": lease.token,
        "reason": failure.reason,
        "history": [*lease.history, entry],
    }
    if lease.is_last or failure.is_final:
        return await transaction.execute(_DEAD, named(values)) > 0
    await transaction.execute(_RETRIED, named({**values, "wait": wait.total_seconds()}))
    return False

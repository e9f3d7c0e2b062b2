"""Jobs that nobody has begun yet."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final

from sqlalchemy import Insert, insert
from sqlalchemy.dialects import postgresql, sqlite

from app.core.ids import TenantId, new_id
from app.db.clock import database_now
from app.db.parameters import named, parameter
from app.db.statements import Fixed
from app.db.transactions import Transaction
from app.models.job import JobState, jobs
from app.worker.work import Progress, Work

_ALWAYS: Final[Mapping[str, Any]] = {
    "state": JobState.QUEUED,
    "run_at": database_now(),
    "attempt": 0,
    "progress": Progress().document(),
    "history": [],
    "created_at": database_now(),
}


def queued_row(work: type[Work], tenant_id: TenantId) -> dict[str, Any]:
    """Return what a new job has of its work, without what tells where it comes from."""
    return {
        "id": new_id(),
        "tenant_id": tenant_id,
        "name": work.name,
        "priority": work.priority,
        "max_attempts": work.retry.attempts,
    }


async def queue_one(transaction: Transaction, row: Mapping[str, Any]) -> None:
    """Queue a job."""
    await transaction.execute(_queued(tuple(row)), named(row))


async def queue_each(transaction: Transaction, rows: Sequence[Mapping[str, Any]]) -> None:
    """Queue jobs, each once however often it is asked for.

    Args:
        transaction: In which they are queued.
        rows: What they have, all under the same names.
    """
    if rows:
        statement = _queued_once(transaction.dialect, tuple(rows[0]))
        await transaction.execute_each(statement, [named(row) for row in rows])


@cache
def _queued(names: tuple[str, ...]) -> Fixed:
    return Fixed(_addition(insert(jobs), names))


@cache
def _queued_once(dialect: str, names: tuple[str, ...]) -> Fixed:
    added = sqlite.insert if dialect == "sqlite" else postgresql.insert
    addition: Any = _addition(added(jobs), names)
    return Fixed(addition.on_conflict_do_nothing())


def _addition(into: Insert, names: Sequence[str]) -> Insert:
    return into.values(**_ALWAYS, **{name: parameter(name, jobs.c[name]) for name in names})

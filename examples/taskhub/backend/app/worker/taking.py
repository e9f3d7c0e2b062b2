"""Which jobs are next."""

from functools import cache
from typing import Final

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Subquery,
    and_,
    bindparam,
    exists,
    func,
    select,
)

from app.db.clock import database_now
from app.db.parameters import one_of
from app.db.statements import Fixed
from app.models.background import paused_jobs
from app.models.job import JobState, jobs

_LIMIT: Final = bindparam("given.limit", type_=Integer())
_PER_TENANT: Final = bindparam("given.per_tenant", type_=Integer())


@cache
def due_jobs() -> Fixed:
    """Return the jobs that may be taken, locked: of each tenant one before its second.

    Those that another worker is taking are left out. Asks for `names`, `per_tenant` and `limit`.
    """
    turns = _turns()
    found: Select[tuple[object, ...]] = select(jobs).join(turns, turns.c.id == jobs.c.id)
    found = found.where(jobs.c.state == JobState.QUEUED, turns.c.turn <= _PER_TENANT)
    found = found.order_by(turns.c.turn, jobs.c.run_at, jobs.c.id).limit(_LIMIT)
    return Fixed(found.with_for_update(of=jobs, skip_locked=True))


def _turns() -> Subquery:
    """Return whose turn it is: the place of each job among those that its tenant has running."""
    first = _first_in_line()
    running = jobs.alias()
    busy = select(func.count()).where(
        running.c.tenant_id == first.c.tenant_id, running.c.state == JobState.LEASED
    )
    place = func.row_number().over(
        partition_by=first.c.tenant_id, order_by=(first.c.run_at, first.c.id)
    )
    turn = (place + busy.scalar_subquery()).label("turn")
    return select(first.c.id, turn).where(first.c.line == 1).subquery()


def _first_in_line() -> Subquery:
    """Return the jobs that are due, numbered for each tenant and name."""
    line = func.row_number().over(
        partition_by=(jobs.c.tenant_id, jobs.c.name), order_by=(jobs.c.run_at, jobs.c.id)
    )
    columns = (jobs.c.id, jobs.c.tenant_id, jobs.c.run_at, line.label("line"))
    return select(*columns).where(_is_due(), ~_is_running(), ~_is_paused()).subquery()


def _is_due() -> ColumnElement[bool]:
    is_known = one_of(jobs.c.name, "names")
    return and_(jobs.c.state == JobState.QUEUED, jobs.c.run_at <= database_now(), is_known)


def _is_running() -> ColumnElement[bool]:
    """Hold where the tenant has another run of the same job."""
    other = jobs.alias()
    return exists().where(
        other.c.tenant_id == jobs.c.tenant_id,
        other.c.name == jobs.c.name,
        other.c.state == JobState.LEASED,
    )


def _is_paused() -> ColumnElement[bool]:
    return exists().where(paused_jobs.c.name == jobs.c.name)

"""Which jobs are next.

What is due is found in two ways. The first job of each tenant that has none running is found by
an index, however much waits. Only where these leave workers idle, all that is due is numbered, so
that each tenant has its turns.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    Boolean,
    ColumnElement,
    FromClause,
    Integer,
    Select,
    Subquery,
    and_,
    bindparam,
    exists,
    func,
    literal,
    literal_column,
    or_,
    select,
)

from app.db.clock import database_now
from app.db.parameters import named, one_of
from app.db.statements import Fixed
from app.models.background import paused_jobs
from app.models.job import JobState, jobs
from app.worker.lease import Reason

_LIMIT: Final = bindparam("given.limit", type_=Integer())
_PER_TENANT: Final = bindparam("given.per_tenant", type_=Integer())
_SUSPECTS: Final = bindparam("given.suspects", type_=Boolean())


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which jobs a worker asks for.

    Attributes:
        among: Which ones may be meant; None for all.
        by_age: Whether what waits longest comes first, whatever its priority.
        suspects: Whether jobs may be meant whose last attempt is to come, after one that ended
            with its worker.
    """

    among: Collection[UUID] | None = None
    by_age: bool = False
    suspects: bool = True

    def statements(self) -> tuple[Fixed, ...]:
        """Return what finds them, each if those before it have not found enough."""
        if self.among is not None:
            return (_next_in_turn(among=True, by_age=self.by_age),)
        return _first_of_idle_tenants(by_age=self.by_age), _next_in_turn(
            among=False, by_age=self.by_age
        )

    def values(self, given: Mapping[str, object]) -> dict[str, object]:
        """Return the values of these, which need `names`, `per_tenant` and `limit` besides."""
        values = {**given, "suspects": self.suspects}
        return named(values if self.among is None else {**values, "ids": self.among})


@cache
def _first_of_idle_tenants(*, by_age: bool) -> Fixed:
    """Return the first job of each tenant that has none running, locked."""
    other = jobs.alias()
    best = (
        select(other.c.id)
        .where(other.c.tenant_id == jobs.c.tenant_id, _is_due(other), ~_is_paused(other))
        .order_by(*_rank(other, by_age=by_age))
        .limit(1)
        .scalar_subquery()
    )
    found: Select[tuple[object, ...]] = select(jobs).where(
        _is_due(jobs), _running_beside(jobs) == 0, jobs.c.id == best
    )
    found = found.order_by(*_rank(jobs, by_age=by_age)).limit(_LIMIT)
    return Fixed(found.with_for_update(skip_locked=True))


@cache
def _next_in_turn(*, among: bool, by_age: bool) -> Fixed:
    """Return the jobs that may be taken, locked: of each tenant one before its second.

    Those that another worker is taking are left out.
    """
    turns = _turns(among=among, by_age=by_age)
    found: Select[tuple[object, ...]] = select(jobs).join(turns, turns.c.id == jobs.c.id)
    found = found.where(_is(jobs, JobState.QUEUED), turns.c.turn <= _PER_TENANT)
    urgency = () if by_age else (jobs.c.priority,)
    found = found.order_by(*urgency, turns.c.turn, jobs.c.run_at, jobs.c.id).limit(_LIMIT)
    return Fixed(found.with_for_update(of=jobs, skip_locked=True))


def _turns(*, among: bool, by_age: bool) -> Subquery:
    """Return whose turn it is: the place of each job among those that its tenant has running."""
    first = _first_in_line(among=among, by_age=by_age)
    place = func.row_number().over(
        partition_by=first.c.tenant_id, order_by=_rank(first, by_age=by_age)
    )
    turn = (place + _running_beside(first)).label("turn")
    return select(first.c.id, turn).where(first.c.line == 1).subquery()


def _first_in_line(*, among: bool, by_age: bool) -> Subquery:
    """Return the jobs that are due, numbered for each tenant and name."""
    line = func.row_number().over(
        partition_by=(jobs.c.tenant_id, jobs.c.name), order_by=_rank(jobs, by_age=by_age)
    )
    columns = (jobs.c.id, jobs.c.tenant_id, jobs.c.priority, jobs.c.run_at, line.label("line"))
    found = select(*columns).where(_is_due(jobs), ~_is_running(), ~_is_paused(jobs))
    return (found.where(one_of(jobs.c.id, "ids")) if among else found).subquery()


def _rank(table: FromClause, *, by_age: bool) -> tuple[ColumnElement[Any], ...]:
    """Return what the order of jobs is told by."""
    age = (table.c.run_at, table.c.id)
    return age if by_age else (table.c.priority, *age)


def _is_due(table: FromClause) -> ColumnElement[bool]:
    is_known = one_of(table.c.name, "names")
    is_suspect = and_(
        table.c.attempt >= table.c.max_attempts - 1,
        func.coalesce(table.c.reason, "") == literal(Reason.WORKER_CRASH),
    )
    return and_(
        _is(table, JobState.QUEUED),
        table.c.run_at <= database_now(),
        is_known,
        or_(_SUSPECTS, ~is_suspect),
    )


def _is(table: FromClause, state: JobState) -> ColumnElement[bool]:
    """Hold for jobs in a state that is part of the statement, as it is of the indexes."""
    return table.c.state == literal_column(f"'{state}'")


def _running_beside(table: FromClause) -> ColumnElement[int]:
    """Return how many jobs the tenant of a job has running."""
    running = jobs.alias()
    beside = select(func.count()).where(
        running.c.tenant_id == table.c.tenant_id, _is(running, JobState.LEASED)
    )
    return beside.scalar_subquery()


def _is_running() -> ColumnElement[bool]:
    """Hold where the tenant has another run of the same job."""
    other = jobs.alias()
    return exists().where(
        other.c.tenant_id == jobs.c.tenant_id,
        other.c.name == jobs.c.name,
        _is(other, JobState.LEASED),
    )


def _is_paused(table: FromClause) -> ColumnElement[bool]:
    return exists().where(paused_jobs.c.name == table.c.name)

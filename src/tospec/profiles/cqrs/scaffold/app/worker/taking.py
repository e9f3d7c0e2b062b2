"""Which jobs are next.

Of all that is due, the first few by rank are looked at: if they belong to enough tenants that
have none running, nothing else can be next. Where they do not, since some tenants have queued
more than their share, the first few of each tenant are looked at as well. On PostgreSQL neither
depends on how much waits; SQLite, which knows nothing of how many rows are in a state, goes through
all that does, once a look.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    CTE,
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
    true,
)

from app.db.clock import database_now
from app.db.parameters import named, one_of
from app.db.statements import Fixed
from app.models.background import paused_jobs
from app.models.job import JobState, jobs
from app.worker.lease import Reason

_HEAD: Final = 100
"""How many of all jobs are looked at."""
_OWN: Final = 20
"""How many of each tenant are looked at, beyond those that it may have running."""
_LIMIT: Final = bindparam("given.limit", type_=Integer())
_PER_TENANT: Final = bindparam("given.per_tenant", type_=Integer())
_SUSPECTS: Final = bindparam("given.suspects", type_=Boolean())
_LOOKED_AT: Final = ("id", "tenant_id", "name", "event_id", "priority", "run_at")


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

    def statement(self, dialect: str, *, per_tenant: int) -> Fixed:
        """Return what finds and locks them: of each tenant one before its second.

        Those that another worker is taking are left out.

        Args:
            dialect: `postgresql` or `sqlite`.
            per_tenant: How many jobs of a tenant run at once.
        """
        if self.among is not None:
            return _named_ones(by_age=self.by_age)
        return _next(dialect, own=per_tenant + _OWN, by_age=self.by_age)

    def values(self, given: Mapping[str, object]) -> dict[str, object]:
        """Return the values of it, which needs `names`, `per_tenant` and `limit` besides."""
        values = {**given, "suspects": self.suspects}
        return named(values if self.among is None else {**values, "ids": self.among})


@cache
def _named_ones(*, by_age: bool) -> Fixed:
    found = _eligible(jobs).where(one_of(jobs.c.id, "ids"))
    return _locked(found.subquery(), _busy(), by_age=by_age)


@cache
def _next(dialect: str, *, own: int, by_age: bool) -> Fixed:
    first = _eligible(jobs).order_by(*_rank(jobs, by_age=by_age)).limit(_number(_HEAD))
    head, busy = first.cte("head"), _busy()
    tenants = _tenants(_is_crowded(head, busy))
    own_ones = _own_in_rows if dialect == "sqlite" else _own_beside
    found = select(head).union(own_ones(tenants, own)).subquery()
    return _locked(found, busy, by_age=by_age)


def _locked(found: Subquery, busy: CTE, *, by_age: bool) -> Fixed:
    """Return the jobs that may be taken among those that were looked at, locked."""
    turns = _turns(found, busy, by_age=by_age)
    taken: Select[tuple[object, ...]] = select(jobs).join(turns, turns.c.id == jobs.c.id)
    # Not as an index has it, which would lead from all that waits to the few that were found.
    still_waits = func.coalesce(jobs.c.state, "") == literal_column(f"'{JobState.QUEUED}'")
    taken = taken.where(still_waits, turns.c.turn <= _PER_TENANT)
    urgency = () if by_age else (turns.c.priority,)
    taken = taken.order_by(*urgency, turns.c.turn, turns.c.run_at, turns.c.id).limit(_LIMIT)
    return Fixed(taken.with_for_update(of=jobs, skip_locked=True))


def _turns(found: Subquery, busy: CTE, *, by_age: bool) -> Subquery:
    """Return whose turn it is: the place of each job among those that its tenant has running."""
    first = _first_in_line(found, by_age=by_age)
    place = func.row_number().over(
        partition_by=first.c.tenant_id, order_by=_rank(first, by_age=by_age)
    )
    turn = (place + func.coalesce(busy.c.running, 0)).label("turn")
    beside = first.outerjoin(busy, busy.c.tenant_id == first.c.tenant_id)
    columns = (first.c.id, first.c.priority, first.c.run_at, turn)
    return select(*columns).select_from(beside).where(first.c.line == 1).subquery()


def _first_in_line(found: Subquery, *, by_age: bool) -> Subquery:
    """Return jobs with their place among those of which a tenant has one run at a time."""
    line = func.row_number().over(
        # Those that no event has started are alike here; each event has one of a name.
        partition_by=(found.c.tenant_id, found.c.name, found.c.event_id),
        order_by=_rank(found, by_age=by_age),
    )
    return select(*_shown(found), line.label("line")).subquery()


def _busy() -> CTE:
    """Return how many jobs each tenant has running, if it has any."""
    running = jobs.alias()
    return (
        select(running.c.tenant_id, func.count().label("running"))
        .where(_is(running, JobState.LEASED))
        .group_by(running.c.tenant_id)
        .cte("busy")
    )


def _is_crowded(head: CTE, busy: CTE) -> ColumnElement[bool]:
    """Hold where the first jobs are not all, and fewer idle tenants have them than are wanted."""
    looked_at = select(func.count()).select_from(head).scalar_subquery()
    is_idle = ~exists().where(busy.c.tenant_id == head.c.tenant_id)
    idle = select(func.count(head.c.tenant_id.distinct())).where(is_idle).scalar_subquery()
    return and_(looked_at == _number(_HEAD), idle < _LIMIT)


def _tenants(condition: ColumnElement[bool]) -> CTE:
    """Return the tenants for which anything waits if a condition holds, each found by the last."""
    found = select(_first_tenant(true()).label("tenant_id")).where(condition)
    each = found.cte("tenants_waiting", recursive=True)
    following = _first_tenant(_other.c.tenant_id > each.c.tenant_id)
    return each.union_all(select(following).where(each.c.tenant_id.is_not(None)))


_other: Final = jobs.alias()


def _first_tenant(condition: ColumnElement[bool]) -> Any:
    waiting = select(_other.c.tenant_id).where(_is(_other, JobState.QUEUED), condition)
    # The whole order of an index, so that it is the one that holds nothing but what waits.
    order = (_other.c.tenant_id, *_rank(_other, by_age=False))
    return waiting.order_by(*order).limit(1).scalar_subquery()


def _own_beside(tenants: CTE, own: int) -> Select[Any]:
    """Return the first jobs of each tenant."""
    found = _own(jobs, tenants, own).lateral()
    return select(found).select_from(tenants.join(found, true()))


def _own_in_rows(tenants: CTE, own: int) -> Select[Any]:
    """Return the first jobs of each tenant where no subquery may stand beside a table."""
    other = jobs.alias()
    found = _own(other, tenants, own).with_only_columns(other.c.id)
    return select(*_shown(jobs)).select_from(tenants.join(jobs, jobs.c.id.in_(found)))


def _own(table: FromClause, tenants: CTE, own: int) -> Select[Any]:
    found = _eligible(table).where(table.c.tenant_id == tenants.c.tenant_id)
    return found.order_by(*_rank(table, by_age=False)).limit(_number(own)).correlate(tenants)


def _eligible(table: FromClause) -> Select[Any]:
    """Return the jobs that are due and that nothing but the number of others holds up."""
    return select(*_shown(table)).where(_is_due(table), ~_is_running(table), ~_is_paused(table))


def _shown(table: FromClause) -> list[ColumnElement[Any]]:
    return [table.c[name] for name in _LOOKED_AT]


def _number(value: int) -> ColumnElement[int]:
    """Return a number that is part of the statement, which lets it be planned for few rows."""
    return literal_column(str(value), Integer())


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


def _is_running(table: FromClause) -> ColumnElement[bool]:
    """Hold where the tenant has another run of the same job, and no event has started them."""
    other = jobs.alias()
    return and_(
        table.c.event_id.is_(None),
        exists().where(
            other.c.tenant_id == table.c.tenant_id,
            other.c.name == table.c.name,
            other.c.event_id.is_(None),
            _is(other, JobState.LEASED),
        ),
    )


def _is_paused(table: FromClause) -> ColumnElement[bool]:
    return exists().where(paused_jobs.c.name == table.c.name)

"""Data access for runs of jobs."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select

from app.core.errors import NotFoundError
from app.core.ids import TenantId
from app.db.filters import equal
from app.db.parameters import TENANT, given, one_of, parameter
from app.db.statements import Fixed
from app.db.transactions import Transaction
from app.models.base import hydrate
from app.models.job import Job, JobState, jobs
from app.repositories.jobs import JobRepository
from app.schemas.page import Page, PageRequest

_FILTERS: Final[Mapping[str, ColumnElement[bool]]] = {"row": equal(jobs.c.row_id, "row")}
_RUN: Final = func.coalesce(jobs.c.run_id, jobs.c.id)
_OF_RUNS: Final = or_(one_of(jobs.c.id, "ids"), one_of(jobs.c.run_id, "ids"))
_COUNTED: Final = Fixed(
    select(
        _RUN.label("run"),
        jobs.c.name,
        jobs.c.state,
        func.count().label("size"),
        func.max(jobs.c.finished_at).label("finished_at"),
    )
    .where(jobs.c.tenant_id == TENANT, _OF_RUNS)
    .group_by(_RUN, jobs.c.name, jobs.c.state)
)
_STOPPED: Final = Fixed(
    select(jobs)
    .where(jobs.c.tenant_id == TENANT, _OF_RUNS, jobs.c.state == JobState.DEAD)
    .order_by(jobs.c.id)
)
_FOLLOWING: Final = Fixed(
    select(jobs)
    .where(
        jobs.c.tenant_id == TENANT,
        one_of(jobs.c.run_id, "ids"),
        ~one_of(jobs.c.name, "firsts"),
    )
    .order_by(jobs.c.id)
)
_UNFINISHED: Final = Fixed(
    select(jobs.c.id)
    .where(
        jobs.c.tenant_id == TENANT,
        or_(jobs.c.id == parameter("run", jobs.c.id), jobs.c.run_id == parameter("run", jobs.c.id)),
        jobs.c.state.in_([JobState.QUEUED, JobState.LEASED, JobState.DEAD]),
    )
    .order_by(jobs.c.id)
    .with_for_update()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """How many jobs of a run there are of a name in a state, and when the last one ended."""

    name: str
    state: JobState
    size: int
    finished_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The jobs of a run.

    Attributes:
        first: The one with which it began.
        counted: How many there are of each name, in each state.
        following: Those that follow the first one, in their order.
        stopped: Those that are dead.
    """

    first: Job
    counted: Sequence[Counted]
    following: Sequence[Job]
    stopped: Sequence[Job]


class RunRepository:
    """Runs of one tenant at a time.

    Args:
        transaction: In which they are read.
        firsts: The names of the jobs with which runs begin.
    """

    def __init__(self, transaction: Transaction, firsts: Collection[str]) -> None:
        self._transaction = transaction
        self._jobs = JobRepository(transaction)
        self._firsts = tuple(firsts)
        self._is_first = (jobs.c.run_id.is_(None), jobs.c.name.in_(sorted(firsts)))

    async def matching(
        self, filters: Mapping[str, object], request: PageRequest, *, tenant_id: TenantId
    ) -> Page[Parts]:
        """Return a part of the runs for which all `filters` hold."""
        firsts = await self._jobs.filtered(
            request, _FILTERS, filters, *self._is_first, tenant_id=tenant_id
        )
        return Page(items=await self._parts(firsts.items, tenant_id), next=firsts.next)

    async def get(self, run_id: UUID, *, tenant_id: TenantId) -> Parts:
        """Return a run.

        Raises:
            NotFoundError: If the tenant has no such run.
        """
        first = await self._jobs.get(run_id, tenant_id=tenant_id)
        if first.run_id is not None or first.name not in self._firsts:
            raise NotFoundError((jobs.name, run_id))
        [parts] = await self._parts([first], tenant_id)
        return parts

    async def unfinished(self, run_id: UUID, *, tenant_id: TenantId) -> Sequence[UUID]:
        """Return the ids of the jobs of a run that are not done, locked."""
        rows = await self._transaction.all(_UNFINISHED, given(tenant_id, None, {"run": run_id}))
        return [row.id for row in rows]

    async def _parts(self, firsts: Sequence[Job], tenant_id: TenantId) -> list[Parts]:
        if not firsts:
            return []
        values = {"ids": [first.id for first in firsts]}
        asked = given(tenant_id, None, values)
        counted = await self._transaction.all(_COUNTED, asked)
        stopped = await self._found(_STOPPED, asked)
        named = given(tenant_id, None, {**values, "firsts": self._firsts})
        following = await self._found(_FOLLOWING, named)
        return [
            Parts(
                first=first,
                counted=[_counted(row) for row in counted if row.run == first.id],
                following=[job for job in following if job.run_id == first.id],
                stopped=[job for job in stopped if first.id in {job.id, job.run_id}],
            )
            for first in firsts
        ]

    async def _found(self, statement: Fixed, values: dict[str, object]) -> list[Job]:
        return [hydrate(Job, row) for row in await self._transaction.all(statement, values)]


def _counted(row: Any) -> Counted:
    return Counted(
        name=row.name, state=JobState(row.state), size=row.size, finished_at=row.finished_at
    )

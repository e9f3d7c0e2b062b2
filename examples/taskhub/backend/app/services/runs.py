"""What people may see of runs of jobs, and do to them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from app.core.errors import InvalidTransitionError
from app.db.transactions import Transaction
from app.models.job import Job, JobState
from app.models.run import Run, RunState
from app.repositories.jobs import JobRepository
from app.repositories.runs import Parts, RunRepository
from app.schemas.page import Page, PageRequest
from app.services.audit import AuditTrail, Author

_STATES: Final = (
    (JobState.DEAD, RunState.DEAD),
    (JobState.CANCELLED, RunState.CANCELLED),
    (JobState.LEASED, RunState.RUNNING),
)
"""What a run is if one of its jobs is in that state; the first of them counts."""
_OVER: Final = (RunState.DONE, RunState.DEAD, RunState.CANCELLED)


class RunService:
    """The runs of a tenant.

    Args:
        transaction: In which they are read and changed.
        actor: On whose behalf.
        chains: The names of the jobs of a run, by that of the first.
    """

    def __init__(
        self, transaction: Transaction, actor: Author, chains: Mapping[str, Sequence[str]]
    ) -> None:
        self._tenant_id = actor.tenant_id
        self._chains = chains
        self._jobs = JobRepository(transaction)
        self._runs = RunRepository(transaction, chains)
        self._audit = AuditTrail(transaction, actor)

    async def matching(self, filters: dict[str, object], request: PageRequest) -> Page[Run]:
        """Return a part of the runs for which all `filters` hold."""
        found = await self._runs.matching(filters, request, tenant_id=self._tenant_id)
        return Page(items=[self._told(parts) for parts in found.items], next=found.next)

    async def get(self, run_id: UUID) -> Run:
        """Return a run.

        Raises:
            NotFoundError: If the tenant has no such run.
        """
        return self._told(await self._runs.get(run_id, tenant_id=self._tenant_id))

    async def cancel(self, run_id: UUID) -> Run:
        """Let nobody go on with a run; what it has done stays.

        Raises:
            NotFoundError: If the tenant has no such run.
            InvalidTransitionError: If it is done, or cancelled.
        """
        run = await self.get(run_id)
        if not await self._cancel_all(run_id):
            raise InvalidTransitionError(run.state, [])
        await self._audit.record("run.cancel", "run", run_id)
        return await self.get(run_id)

    async def _cancel_all(self, run_id: UUID) -> bool:
        """Cancel the jobs of a run; return whether there were any."""
        found = False
        # A job that was done while its row was waited for may have been followed by another one.
        while ids := await self._runs.unfinished(run_id, tenant_id=self._tenant_id):
            found = True
            for job_id in ids:
                await self._jobs.cancel(job_id, tenant_id=self._tenant_id)
        return found

    def _told(self, parts: Parts) -> Run:
        first = parts.first
        sizes = _sizes(parts)
        state = _state(sizes)
        # What a chain still has to do is not there yet, unless nothing of it is left to do.
        total = (
            sizes.total()
            if state is RunState.DONE
            else _total(parts, len(self._chains[first.name]))
        )
        done = sizes[JobState.DONE]
        latest = _latest(parts)
        return Run(
            id=first.id,
            name=first.name,
            row_id=first.row_id,
            event=first.event,
            state=state,
            total=total,
            done=done,
            progress=100 * done // total,
            job_id=latest.id,
            job=latest.name,
            reason=latest.reason if latest.state is JobState.DEAD else None,
            result=latest.result if state is RunState.DONE else None,
            created_at=first.created_at,
            finished_at=_finished_at(parts) if state in _OVER else None,
        )


def _sizes(parts: Parts) -> Counter[JobState]:
    sizes: Counter[JobState] = Counter()
    for each in parts.counted:
        sizes[each.state] += each.size
    return sizes


def _state(sizes: Counter[JobState]) -> RunState:
    for state, told in _STATES:
        if sizes[state]:
            return told
    if not sizes[JobState.QUEUED]:
        return RunState.DONE
    return RunState.RUNNING if sizes[JobState.DONE] else RunState.QUEUED


def _total(parts: Parts, length: int) -> int:
    """Return how many jobs there are, those of the chain that are yet to come among them."""
    of_rows = sum(each.size for each in parts.counted if each.name == parts.first.name) - 1
    return length + of_rows


def _latest(parts: Parts) -> Job:
    """Return the job at which a run is."""
    return (*parts.stopped, *reversed(parts.following), parts.first)[0]


def _finished_at(parts: Parts) -> datetime | None:
    return max((each.finished_at for each in parts.counted if each.finished_at), default=None)

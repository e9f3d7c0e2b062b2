"""The queue of a tenant, as those see it who operate jobs there."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from tospec.model import Job, Operation, Schedule, System
from tospec.verify.base import Json, Stage, Unavailable
from tospec.verify.oracle.naming import snake
from tospec.verify.oracle.predicting import roles_of

_LIST: Final = "ListJobs"
_MOST: Final = "200"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run of a job that a schedule started."""

    id: str
    time: datetime | None
    state: str


@dataclass(frozen=True, slots=True)
class Queue:
    """The queue of one tenant."""

    stage: Stage
    operation: Operation
    tenant: int

    def runs(self, schedule: Schedule, job: Job) -> list[Run]:
        """Return the runs of a job that a schedule started, the newest first.

        Raises:
            Unavailable: If the target gives nobody who operates jobs.
        """
        role = roles_of(self.stage.system, self.operation)[0]
        person = self.stage.person(role, tenant=self.tenant)
        query = {"limit": _MOST, "name": snake(job.name)}
        answer = self.stage.send(person, self.operation.method, self.operation.path, query=query)
        items = answer.json.get("items") if isinstance(answer.json, dict) else None
        if not isinstance(items, list):
            raise Unavailable(f"{_LIST} gave {answer.status}, and no jobs")
        return [_run(each) for each in items if _is_of(each, schedule, job)]


def queues(stage: Stage) -> tuple[Queue, ...]:
    """Return the queues of both tenants; none if nobody operates jobs."""
    operation = _listing(stage.system)
    return () if operation is None else tuple(Queue(stage, operation, each) for each in (0, 1))


def _listing(system: System) -> Operation | None:
    return next((each for each in system.operations if each.name == _LIST), None)


def _is_of(item: Json, schedule: Schedule, job: Job) -> bool:
    if not isinstance(item, Mapping):
        return False
    named = item.get("name") in (job.name, snake(job.name))
    return named and item.get("schedule") in (schedule.name, snake(schedule.name))


def _run(item: Mapping[str, Json]) -> Run:
    told = str(item.get("scheduled_for") or "")
    try:
        instant = datetime.fromisoformat(told).astimezone(UTC) if told else None
    except ValueError:
        instant = None
    return Run(id=str(item.get("id")), time=instant, state=str(item.get("state")))

"""Wire format of runs of jobs."""

from typing import Any, Literal
from uuid import UUID

from app.models.run import RunState
from app.schemas.base import View
from app.schemas.fields import Id, Instant
from app.schemas.page import ListParameters


class RunListParameters(ListParameters):
    """How the list of runs is filtered and sorted."""

    row: Id | None = None
    sort: Literal["created_at", "-created_at"] = "-created_at"


class RunView(View):
    """A run: jobs that follow one another, or that are done for each of many rows."""

    id: UUID
    name: str
    row_id: UUID | None
    event: str | None
    state: RunState
    total: int
    done: int
    progress: int
    job_id: UUID
    job: str
    reason: str | None
    result: dict[str, Any] | None
    created_at: Instant
    finished_at: Instant | None

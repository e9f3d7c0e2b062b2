"""Wire format of jobs and schedules."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.models.job import MAX_NAME, JobState
from app.schemas.base import Input, View
from app.schemas.fields import Id, Instant
from app.schemas.page import ListParameters

MAX_AT_ONCE: int = 100
MAX_REASON: int = 500


class JobListParameters(ListParameters):
    """How the list of jobs is filtered and sorted."""

    state: JobState | None = None
    name: Annotated[str, Field(min_length=1, max_length=MAX_NAME)] | None = None
    sort: Literal["created_at", "-created_at"] = "-created_at"


class JobProgressView(View):
    """How far a job has come."""

    changed: int
    refused: dict[str, int]


class FailedAttemptView(View):
    """What became of an attempt that failed."""

    attempt: int
    at: str
    reason: str
    error: str | None


class JobSummary(View):
    """A job, as lists show it."""

    id: UUID
    name: str
    state: JobState
    schedule: str | None
    scheduled_for: Instant | None
    event: str | None
    run_at: Instant
    attempt: int
    max_attempts: int
    reason: str | None
    created_at: Instant
    finished_at: Instant | None


class JobDetail(JobSummary):
    """A job, and what became of its attempts."""

    progress: JobProgressView
    history: list[FailedAttemptView]


class JobsReplay(Input):
    """Which dead jobs are to run again."""

    ids: Annotated[
        list[Id] | None,
        Field(min_length=1, max_length=MAX_AT_ONCE, description="All that are dead if absent."),
    ] = None


class JobsReplayedView(View):
    """How many jobs run again."""

    replayed: int


class JobDiscard(Input):
    """Why a dead job is given up for good."""

    reason: Annotated[str, Field(min_length=1, max_length=MAX_REASON)] | None = None


class JobsDiscard(JobDiscard):
    """Which dead jobs are given up for good."""

    ids: Annotated[list[Id], Field(min_length=1, max_length=MAX_AT_ONCE)]


class JobsDiscardedView(View):
    """How many jobs were given up for good."""

    discarded: int


class ScheduleView(View):
    """A schedule, and when it fires next."""

    name: str
    jobs: list[str]
    cron: str
    zone: str
    next_runs: list[Instant]


class SchedulesView(View):
    """The schedules of the service."""

    items: list[ScheduleView]

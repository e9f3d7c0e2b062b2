"""Jobs: work for a tenant that waits, is being done, or is done."""

from collections.abc import Mapping
from datetime import datetime
from enum import IntEnum, StrEnum
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Column, Index, Integer, String, Uuid, text

from app.core.ids import TenantId
from app.core.lifecycle import Transition
from app.db.metadata import FIELDS, enum_type, tenant_table, unique
from app.db.types import Json, UtcDateTime
from app.models.base import Entity

MAX_NAME: Final = 100


class JobState(StrEnum):
    """How far a job has come."""

    QUEUED = "queued"
    LEASED = "leased"
    DONE = "done"
    DEAD = "dead"
    CANCELLED = "cancelled"


class Priority(IntEnum):
    """Which jobs come first, among those that are due."""

    HIGH = 0
    NORMAL = 1
    LOW = 2


JOB_TRANSITIONS: Final[Mapping[str, Transition[JobState]]] = MappingProxyType(
    {
        "cancel": Transition(
            frozenset({JobState.QUEUED, JobState.LEASED, JobState.DEAD}), JobState.CANCELLED
        ),
        "discard": Transition(frozenset({JobState.DEAD}), JobState.CANCELLED),
        "replay": Transition(frozenset({JobState.DEAD}), JobState.QUEUED),
    }
)


class Job(Entity, frozen=True):
    """Work for one tenant, and what became of it.

    A worker that takes it leases it: the job is the worker's as long as it has the token and
    prolongs the lease in time. Whatever it changes is committed only with that token.

    Attributes:
        name: Which work.
        schedule: The schedule that asked for it; None if an event did.
        scheduled_for: The time at which the schedule was to fire.
        event: Type of the event that asked for it; None if a schedule did.
        event_id: Its id in the outbox.
        payload: What it carried.
        correlation_id: Of the request that announced it.
        run_id: The job with which its run began; None for that one.
        row_id: The row that it is about, where each row has a job of its own.
        given: What the job before it was answered.
        result: What it was answered itself.
        priority: Which come first: a `Priority`.
        run_at: From when on it may be taken.
        told_at: When the broker was told that it is due.
        attempt: How often it was taken since it was queued.
        max_attempts: How often it may be.
        token: What only the worker that leases it knows.
        leased_until: When the lease ends, by the database's clock.
        progress: How far it has come.
        reason: Why its last attempt failed; None once one is done.
        history: What became of each attempt that failed.
    """

    id: UUID
    tenant_id: TenantId
    name: str
    schedule: str | None
    scheduled_for: datetime | None
    event: str | None
    event_id: UUID | None
    payload: dict[str, Any] | None
    correlation_id: str | None
    run_id: UUID | None
    row_id: UUID | None
    given: dict[str, Any] | None
    result: dict[str, Any] | None
    state: JobState
    priority: int
    run_at: datetime
    told_at: datetime | None
    attempt: int
    max_attempts: int
    token: UUID | None
    leased_until: datetime | None
    progress: dict[str, Any]
    reason: str | None
    history: list[dict[str, Any]]
    created_at: datetime
    finished_at: datetime | None


_QUEUED: Final[Mapping[str, Any]] = {
    "postgresql_where": text("state = 'queued'"),
    "sqlite_where": text("state = 'queued'"),
}

jobs: Final = tenant_table(
    "jobs",
    Column("name", String(MAX_NAME), nullable=False),
    Column("schedule", String(MAX_NAME), nullable=True),
    Column("scheduled_for", UtcDateTime(), nullable=True),
    Column("event", String(MAX_NAME), nullable=True),
    Column("event_id", Uuid(), nullable=True),
    Column("payload", Json, nullable=True),
    Column("correlation_id", String(128), nullable=True),
    Column("run_id", Uuid(), nullable=True),
    Column("row_id", Uuid(), nullable=True),
    Column("given", Json, nullable=True),
    Column("result", Json, nullable=True),
    Column("state", enum_type(JobState, name="state"), nullable=False, default=JobState.QUEUED),
    Column("priority", Integer(), nullable=False, default=Priority.NORMAL),
    Column("run_at", UtcDateTime(), nullable=False),
    Column("told_at", UtcDateTime(), nullable=True),
    Column("attempt", Integer(), nullable=False, default=0),
    Column("max_attempts", Integer(), nullable=False),
    Column("token", Uuid(), nullable=True),
    Column("leased_until", UtcDateTime(), nullable=True),
    Column("progress", Json, nullable=False),
    Column("reason", String(MAX_NAME), nullable=True),
    Column("history", Json, nullable=False),
    Column("created_at", UtcDateTime(), nullable=False),
    Column("finished_at", UtcDateTime(), nullable=True),
    unique("name", "schedule", "scheduled_for"),
    # Each event starts a job once, however often it is relayed.
    unique("name", "event_id"),
    # Of a run, each row has each job once, and whatever follows it once for the row.
    unique("run_id", "name", "row_id"),
    # Of each job a tenant has one run at a time, however many workers there are; what events
    # start may run side by side.
    Index(
        "uq_jobs_leased",
        "tenant_id",
        "name",
        unique=True,
        info={FIELDS: ("name",)},
        postgresql_where=text("state = 'leased' AND event_id IS NULL"),
        sqlite_where=text("state = 'leased' AND event_id IS NULL"),
    ),
    Index(
        "ix_jobs_untold",
        "run_at",
        postgresql_where=text("state = 'queued' AND told_at IS NULL"),
        sqlite_where=text("state = 'queued' AND told_at IS NULL"),
    ),
    Index("ix_jobs_next", "priority", "run_at", "id", **_QUEUED),
    Index("ix_jobs_turn", "tenant_id", "priority", "run_at", "id", **_QUEUED),
    Index("ix_jobs_created_at", "tenant_id", "created_at", "id"),
    Index("ix_jobs_name", "tenant_id", "name", "created_at", "id"),
    Index("ix_jobs_row_id", "tenant_id", "row_id", "created_at", "id"),
    Index("ix_jobs_state", "tenant_id", "state", "created_at", "id"),
    Index("ix_jobs_state_run_at", "state", "run_at", "id"),
    Index("ix_jobs_state_finished_at", "state", "finished_at"),
)

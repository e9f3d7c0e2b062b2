"""Runs: jobs that follow one another, or that are done for each of many rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID


class RunState(StrEnum):
    """How far a run has come."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    DEAD = "dead"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Jobs that belong together, and what became of them.

    Attributes:
        id: Of the job with which it began.
        name: Of that job.
        row_id: The row that it is about; None if it is about none or many.
        event: With which it began; None if a schedule began it.
        total: How many jobs there are, as far as is known.
        done: How many of them are done.
        progress: How much of it is done, from 0 to 100.
        job_id: The job at which it is: one that is dead before all others, or else the latest.
        job: Name of that job.
        reason: Why that is dead.
        result: What the last job was answered; None unless the run is done.
        finished_at: When all of it was done, or stopped.
    """

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
    result: Mapping[str, Any] | None
    created_at: datetime
    finished_at: datetime | None

"""Leases: a job that is a worker's for a while."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from sqlalchemy import Row

from app.core.errors import AppError
from app.core.ids import TenantId
from app.core.outside import HopelessError, OutsideError
from app.events.reading import Announced
from app.worker.work import Part, Progress


class LeaseLostError(Exception):
    """Somebody else goes on with the job, or nobody does; nothing of it may be committed."""


class Reason(StrEnum):
    """Why an attempt failed."""

    FAILED = "failed"
    TIMEOUT = "timeout"
    WORKER_CRASH = "worker-crash"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why an attempt failed.

    Attributes:
        error: Name of what was raised; neither values nor texts from outside.
        is_final: Whether another attempt would end the same way.
    """

    reason: Reason
    error: str | None = None
    is_final: bool = False

    @classmethod
    def of(cls, error: Exception) -> Self:
        """Return the failure that `error` is."""
        if isinstance(error, OutsideError):
            is_final = isinstance(error, HopelessError)
            return cls(reason=Reason.FAILED, error=str(error), is_final=is_final)
        told = f"{error.slug}: {error.title}" if isinstance(error, AppError) else None
        return cls(reason=Reason.FAILED, error=told or type(error).__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """A job as it was when it was taken.

    Attributes:
        token: What proves that it is still the worker's.
        attempt: The number of this attempt, from 1.
        announced: The event that started it; None if a schedule did.
        correlation_id: Of the request that announced it.
        part: Which part of a run it is.
    """

    id: UUID
    tenant_id: TenantId
    name: str
    token: UUID
    attempt: int
    max_attempts: int
    progress: Progress
    history: Sequence[dict[str, Any]]
    announced: Announced | None
    correlation_id: str | None
    part: Part

    @classmethod
    def of(cls, row: Row[Any], *, token: UUID, attempt: int) -> Self:
        """Return the lease of the job that `row` holds."""
        return cls(
            id=row.id,
            tenant_id=row.tenant_id,
            name=row.name,
            token=token,
            attempt=attempt,
            max_attempts=row.max_attempts,
            progress=Progress.parse(row.progress),
            history=row.history,
            announced=_announced(row),
            correlation_id=row.correlation_id,
            part=Part(
                job_id=row.id, run_id=row.run_id or row.id, row_id=row.row_id, given=row.given
            ),
        )

    @property
    def is_suspect(self) -> bool:
        """Return whether this is its last attempt, and the one before ended with its worker."""
        crashed = bool(self.history) and self.history[-1]["reason"] == Reason.WORKER_CRASH
        return crashed and self.is_last

    @property
    def is_last(self) -> bool:
        """Return whether no further attempt follows this one."""
        return self.attempt >= self.max_attempts


def _announced(row: Row[Any]) -> Announced | None:
    if row.event_id is None:
        return None
    return Announced(id=row.event_id, type=row.event, payload=row.payload)

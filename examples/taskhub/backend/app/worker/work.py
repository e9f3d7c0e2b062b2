"""What a job does: work for a tenant that nobody has asked for, in steps.

A step is one transaction. What it changes and how far the run has come are committed together,
so that whoever goes on with a run that broke off neither repeats a step nor leaves one out.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, ClassVar, Final, Protocol, Self
from uuid import UUID

from app.core.ids import TenantId
from app.core.settings import Settings
from app.db.engine import Database
from app.db.transactions import Transaction
from app.events.base import Event
from app.events.outbox import Outbox
from app.events.reading import Announced
from app.models.job import Priority
from app.services.audit import AuditTrail

_MOST_DOUBLINGS: Final = 62


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """How often a run is attempted, and how long it waits in between.

    Attributes:
        attempts: How often at the most, the first one counted.
        base: The longest wait after the first attempt; it doubles with each further one.
        cap: The longest wait after any.
    """

    attempts: int
    base: timedelta
    cap: timedelta

    def longest_wait(self, attempt: int) -> timedelta:
        """Return the longest wait after `attempt` has failed, counted from 1."""
        doubled = self.base.total_seconds() * 2 ** min(attempt - 1, _MOST_DOUBLINGS)
        return timedelta(seconds=min(doubled, self.cap.total_seconds()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a run has come.

    Attributes:
        after: The row that was the last one, where rows are taken in the order of their ids.
        changed: How many rows were changed or removed.
        refused: How many rows were left as they are, by the code of the rule that refused them.
        asked: What another service is asked for before the next step.
        answer: What the other service said, until it is kept.
        finished: Whether nothing is left to do.
        idle: Whether there was nothing to do at all, so that nothing follows.
    """

    after: UUID | None = None
    changed: int = 0
    refused: Mapping[str, int] = field(default_factory=dict)
    asked: Mapping[str, Any] | None = None
    answer: Mapping[str, Any] | None = None
    finished: bool = False
    idle: bool = False

    @classmethod
    def parse(cls, document: Mapping[str, Any]) -> Self:
        """Return the progress that `document` describes."""
        after = document.get("after")
        return cls(
            after=UUID(after) if after else None,
            changed=document.get("changed", 0),
            refused=document.get("refused", {}),
            asked=document.get("asked"),
        )

    def document(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        after = None if self.after is None else str(self.after)
        done = {"after": after, "changed": self.changed, "refused": dict(self.refused)}
        return done if self.asked is None else {**done, "asked": dict(self.asked)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Which part of a run a job is.

    Attributes:
        job_id: The job.
        run_id: The job with which the run began, which may be this one.
        row_id: The row that it is about; None if it is about none or many.
        given: What the job before it was answered.
    """

    job_id: UUID
    run_id: UUID
    row_id: UUID | None = None
    given: Mapping[str, Any] | None = None


class Outside(Protocol):
    """The other services that jobs ask."""

    @property
    def troubled(self) -> Mapping[str, str]:
        """Which of them are not asked for a while, by name, and why."""

    async def close(self) -> None:
        """Close what is open."""


@dataclass(frozen=True, slots=True)
class Itself:
    """The service as the author of a change that nobody asked for."""

    tenant_id: TenantId
    user_id: None = None


class Work(ABC):
    """Work for one tenant, within one transaction.

    Attributes:
        name: By which rows, metrics and people know it; never changes.
        timeout: How long one attempt may take.
        retry: What happens after one that failed.
        on: The events, any of which starts it; none if schedules do.
        priority: Which jobs come first, among those that are due.
        then: The name of the job that follows in its run, once it is done; None if none does.
        follows: Whether it is such a job, so that no event starts it by itself.
        spreads: Whether it queues a job of its own name for each of many rows.
    """

    name: ClassVar[str]
    timeout: ClassVar[timedelta]
    retry: ClassVar[Retry]
    on: ClassVar[tuple[type[Event], ...]] = ()
    priority: ClassVar[Priority] = Priority.NORMAL
    then: ClassVar[str | None] = None
    follows: ClassVar[bool] = False
    spreads: ClassVar[bool] = False

    def __init__(self, transaction: Transaction, tenant_id: TenantId, settings: Settings) -> None:
        self._transaction = transaction
        self._tenant_id = tenant_id
        self._now = transaction.now
        self._settings = settings
        self._audit = AuditTrail(transaction, Itself(tenant_id))
        self._outbox = Outbox(transaction)
        self._part: Part | None = None

    @classmethod  # noqa: B027  # few jobs have anything to do there
    async def prepare(cls, database: Database, settings: Settings) -> None:
        """Do what belongs to no tenant, before the steps; doing it twice must do no harm."""

    @classmethod
    async def ask(
        cls, outside: Any, asked: Mapping[str, Any], *, job_id: UUID
    ) -> Mapping[str, Any] | None:
        """Ask another service for what the last step left to be asked; no transaction is open.

        Whoever goes on with a run that broke off asks again.

        Returns:
            What it said, as far as anybody is to know; None if nobody is.
        """
        return None

    def take_part(self, part: Part) -> None:
        """Take in which part of a run it is."""
        self._part = part

    @property
    def result(self) -> Mapping[str, Any]:
        """Return what the job before it was answered; nothing if it is the first."""
        return (self._part.given if self._part else None) or {}

    def answered[T](self, name: str, kind: type[T]) -> T:
        """Return a value that the job before it was answered.

        Raises:
            TypeError: If there is none of that kind.
        """
        value = self.result.get(name)
        if not isinstance(value, kind):
            message = f"no {name} was handed on"
            raise TypeError(message)
        return value

    async def hear(self, announced: Announced) -> bool:
        """Take in the event that started the job; return whether there is anything to do."""
        return True

    @abstractmethod
    async def step(self, progress: Progress) -> Progress:
        """Do the next part of the work, and return how far it has come."""

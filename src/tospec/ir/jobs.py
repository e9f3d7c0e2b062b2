"""Background work: jobs, and the schedules that start them."""

from dataclasses import dataclass

from tospec.ir.conditions import SqlValue
from tospec.ir.events import Emission, Event
from tospec.ir.names import EntityNames
from tospec.ir.operations import Fault
from tospec.ir.services import Assignment, RuleCall
from tospec.python import Code


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """What follows a failed attempt; times in seconds."""

    attempts: int
    base: int
    cap: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """A row that an event leads to, read when the job runs.

    Attributes:
        name: Name under which it is held: `event_assignee`.
        id: Source of its id, which another such row may hold.
    """

    name: str
    entity: EntityNames
    id: Code


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """Events that start a job.

    Attributes:
        events: Any of which starts it.
        when: What must hold, in Python; None if nothing must.
        followed: Rows that its expressions read, in the order in which they are found.
    """

    events: tuple[Event, ...]
    when: Code | None
    followed: tuple[Followed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Work that nobody waits for.

    Attributes:
        name: What rows, metrics and people know it by: `mark_overdue`.
        type: Its class: `MarkOverdue`.
        about: One sentence.
        timeout: Seconds that one attempt may take.
        trigger: What starts it; None if schedules do.
        priority: `low`, `normal` or `high`.
        then: Name of the job that follows; None if none does.
        follows: Whether it follows one, and so is not started by its events.
    """

    name: str
    type: str
    about: str
    timeout: int
    retry: Retry
    priority: str
    requirements: tuple[str, ...]
    trigger: Trigger | None = None
    then: str | None = None
    follows: bool = False

    @property
    def origins(self) -> tuple[str, ...]:
        """Spec items that files about it come from."""
        return (*self.requirements, f"job:{self.type}")


@dataclass(frozen=True, slots=True, kw_only=True)
class RowJob(Job):
    """A job that does the same to many rows of an entity.

    Attributes:
        where: For which rows; None for all.
        values: What it stores in each; None if it changes none.
        faults: Errors that a row may end in.
    """

    entity: EntityNames
    where: SqlValue | None
    values: tuple[Assignment, ...] | None
    rules: RuleCall | None
    emissions: tuple[Emission, ...]
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PurgeJob(Job):
    """A job that removes what has expired.

    Attributes:
        purged: Kinds of rows: `sessions`.
    """

    purged: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AskJob(Job):
    """A job that asks another service for something.

    Attributes:
        integration: Whom: `mail`.
        call: For what: `send`.
        values: What is sent, by name.
        answers: What is told of the answer, by name; None if nothing is.
    """

    integration: str
    call: str
    values: tuple[tuple[str, Code], ...]
    answers: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AskEachJob(Job):
    """A job that asks another service about each of many rows.

    Attributes:
        entity: Whose rows.
        table: Source of their table.
        integration: Whom: `mail`.
        call: For what: `send`.
        where: About which rows; None for all.
        values: What is sent about a row, by name.
    """

    entity: EntityNames
    table: Code
    integration: str
    call: str
    where: SqlValue | None
    values: tuple[tuple[str, SqlValue], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When jobs start.

    Attributes:
        name: What rows, metrics and people know it by: `mark_overdue_tasks`.
        origin: The spec item that it comes from: `schedule:MarkOverdueTasks`.
        zone: Time zone of its hours; None for each tenant's own.
        catch_up: `once`, `all` or `skip`.
        overlap: `skip` or `queue`.
    """

    name: str
    origin: str
    jobs: tuple[Job, ...]
    cron: str
    zone: str | None
    catch_up: str
    overlap: str
    requirements: tuple[str, ...]

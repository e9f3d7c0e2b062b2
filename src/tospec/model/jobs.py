"""Background work: jobs, the schedules that start them, and who operates them."""

from dataclasses import dataclass
from typing import Final

from tospec.model.expressions import Expression
from tospec.model.integrations import Ask
from tospec.model.operations import Emit, Update
from tospec.source import Span

TENANT_ZONE: Final = "tenant"
"""What stands for each tenant's own time zone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Purge:
    """A step of a job: remove what has expired.

    Attributes:
        what: `sessions`, `invitations`, `sign_in_attempts`, `idempotency_records` or
            `received_messages`.
    """

    what: str
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """What follows a failed attempt: a wait of any length up to a bound, then another one.

    Attributes:
        attempts: How often it is tried, the first time included.
        base: Seconds: the bound before the second attempt; each further one is twice as long.
        cap: Seconds that no bound exceeds.
    """

    attempts: int
    base: int
    cap: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Work that nobody waits for.

    Attributes:
        entity: Entity whose rows it changes, or asks about; None for a job that does neither.
        where: Which rows; None for all.
        on: Events that start it, in the tenant where they happen; none if schedules do. If it
            follows another job, those that start the first one.
        then: The job that follows in its run, once it is done; None if none does.
        follows: The job that it follows; None if it is the first.
        when: What must hold of the event, or nothing is done; None if it always is.
        timeout: Seconds that one attempt may take.
        priority: Which come first among those that are due: `low`, `normal` or `high`.
        given: Keys that the spec itself wrote; the convention jobs-1 filled in the others.
    """

    name: str
    entity: str | None
    where: Expression | None
    on: tuple[str, ...]
    when: Expression | None
    steps: tuple[Update | Emit | Purge | Ask, ...]
    timeout: int
    retry: Retry
    priority: str
    given: tuple[str, ...]
    requirements: tuple[str, ...]
    span: Span
    description: str = ""
    then: str | None = None
    follows: str | None = None

    @property
    def is_linked(self) -> bool:
        """Whether it is one of a chain of jobs."""
        return self.then is not None or self.follows is not None

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """What it asks of events and rows, what it stores, and what it sends."""
        stored = (each.value for update in self.updates for each in update.set)
        sent = (value for _, value in (self.ask.values if self.ask else ()))
        return tuple(each for each in (self.when, self.where, *stored, *sent) if each)

    @property
    def updates(self) -> tuple[Update, ...]:
        """The steps that change the row."""
        return tuple(step for step in self.steps if isinstance(step, Update))

    @property
    def ask(self) -> Ask | None:
        """What it asks another service for."""
        return next((step for step in self.steps if isinstance(step, Ask)), None)

    @property
    def events(self) -> tuple[str, ...]:
        """The events that it announces, in order."""
        return tuple(step.event for step in self.steps if isinstance(step, Emit))

    @property
    def purges(self) -> tuple[str, ...]:
        """What it purges, in order."""
        return tuple(step.what for step in self.steps if isinstance(step, Purge))


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When jobs start.

    Attributes:
        run: Names of the jobs; none waits for another.
        cron: Minute, hour, day of the month, month and day of the week.
        zone: IANA time zone of the hours, or `tenant` for each tenant's own.
        catch_up: What becomes of firings that were missed: `once`, `all` or `skip`.
        overlap: What becomes of a firing during the run before: `skip` or `queue`.
        given: Keys that the spec itself wrote; the convention jobs-1 filled in the others.
    """

    name: str
    run: tuple[str, ...]
    cron: str
    zone: str
    catch_up: str
    overlap: str
    given: tuple[str, ...]
    requirements: tuple[str, ...]
    span: Span
    description: str = ""

    @property
    def is_local(self) -> bool:
        """Whether it fires in each tenant by the tenant's own clock."""
        return self.zone == TENANT_ZONE


@dataclass(frozen=True, slots=True, kw_only=True)
class JobOperator:
    """Who operates the jobs of a tenant, and how long their rows are kept.

    Attributes:
        manage: Permission to see them, to replay or discard dead ones, to cancel others.
        watch: Permission to see runs of several jobs, and to cancel them.
        keep: Seconds for which rows of finished jobs stay.
        given: Whether the spec itself wrote `keep`; otherwise jobs-1 fills it in.
    """

    manage: str
    watch: str
    keep: int
    given: bool
    requirements: tuple[str, ...]
    span: Span

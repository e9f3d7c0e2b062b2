"""What tests know about jobs that change rows."""

from dataclasses import dataclass

from tospec.ir.cases import Given
from tospec.ir.events import Event
from tospec.ir.names import EntityNames


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRefusal:
    """A row that a job finds, and whose change a rule refuses.

    Attributes:
        error: Code of the rule's error.
    """

    error: str
    given: Given


@dataclass(frozen=True, slots=True, kw_only=True)
class JobCase:
    """A job over rows of one entity.

    Attributes:
        name: Its name: `mark_overdue`.
        type: Its class.
        role: Role of who makes the rows.
        found: A row that it changes.
        left: A row that it leaves as it is; None if it takes all.
        stored: Columns that it sets.
        audit: Action of the audit entry; None if it leaves none.
        events: Types of the events, sorted.
        ends: Whether a second run finds nothing.
    """

    name: str
    type: str
    requirements: tuple[str, ...]
    role: str
    found: Given
    left: Given | None
    stored: tuple[str, ...]
    audit: str | None
    events: tuple[str, ...]
    ends: bool
    refusals: tuple[JobRefusal, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """An event about rows that a test has made.

    Attributes:
        given: Of what the row is made that the job may change.
        event: The event.
        about: Variable of the row that it is about.
        before: Whether it tells of a change that left the row as it was; if not, of a new row.
        told: What another service tells beside the row, as far as it is known.
    """

    given: Given
    event: Event
    about: str
    before: bool
    told: tuple[tuple[str, str | int | bool | None], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AskCase:
    """A job that an event starts, and that asks another service for something.

    Attributes:
        name: Its name: `notify_assignee`.
        type: Its class.
        role: Role of who makes the rows.
        integration: Whom it asks.
        call: For what.
        row: What tests call the row that the event is about.
        entity: Of that row.
        found: An event after which it asks.
        ignored: One that asks for nothing; None if each asks for something.
        sent: What it sends, as far as that is known.
    """

    name: str
    type: str
    requirements: tuple[str, ...]
    role: str
    integration: str
    call: str
    row: str
    entity: EntityNames
    found: Happening
    ignored: Happening | None
    sent: tuple[tuple[str, str | int | bool], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageCase:
    """A type of message that another service sends.

    Attributes:
        sender: What the service is known by.
        of: Entity of the row that it is about.
        about: Name of the value that is that row's id.
        optional: Whether that value may be missing.
        data: All else that it may tell.
    """

    sender: str
    type: str
    event: str
    of: EntityNames
    about: str
    optional: bool
    data: tuple[tuple[str, object], ...]
    requirements: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventJobCase:
    """A job that an event starts, over rows of one entity.

    Attributes:
        name: Its name: `close_subtasks`.
        type: Its class.
        role: Role of who makes the rows.
        found: An event after which it changes the row.
        left: One after which it leaves the row as it is; None if it takes all.
        ignored: One that asks for nothing; None if each asks for something.
        stored: Columns that it sets.
        audit: Action of the audit entry; None if it leaves none.
        events: Types of the events that it announces.
    """

    name: str
    type: str
    requirements: tuple[str, ...]
    role: str
    found: Happening
    left: Happening | None
    ignored: Happening | None
    stored: tuple[str, ...]
    audit: str | None
    events: tuple[str, ...]

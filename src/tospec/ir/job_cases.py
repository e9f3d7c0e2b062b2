"""What tests know about jobs that change rows."""

from dataclasses import dataclass

from tospec.ir.cases import Given


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

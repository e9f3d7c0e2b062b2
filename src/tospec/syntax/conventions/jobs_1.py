"""jobs-1: what the spec leaves open about background work, and what its operators may do."""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Final

from tospec.model import Field, FieldType, JobOperator, Kind, Operation, Retry
from tospec.source import Span
from tospec.syntax.conventions.data_1 import added_fields, managed_field

NAME: Final = "jobs-1"
TIMEOUT: Final = 60
"""Seconds that an attempt may take."""
RETRY: Final = Retry(attempts=5, base=2, cap=600)
PRIORITY: Final = "normal"
ZONE: Final = "UTC"
CATCH_UP: Final = "once"
OVERLAP: Final = "skip"
KEEP: Final = 30 * 86_400
"""Seconds for which rows of finished jobs stay."""
ENTITY: Final = "Job"
SUMMARY: Final = "JobSummary"
DETAIL: Final = "JobDetail"
VIEWS: Final = (SUMMARY, DETAIL, "JobsReplayedView", "JobsDiscardedView", "SchedulesView")
RUN: Final = "RunView"
"""How runs of several jobs are shown; only where there are any."""
_STATES: Final = ("queued", "leased", "done", "dead", "cancelled")
_SHOWN: Final = (
    "id",
    "name",
    "state",
    "schedule",
    "scheduled_for",
    "event",
    "run_at",
    "attempt",
    "max_attempts",
    "reason",
    "created_at",
    "finished_at",
)
_ROUTES: Final = (
    ("ListJobs", "GET", "/v1/jobs", SUMMARY),
    ("ReplayJobs", "POST", "/v1/jobs/replay", "JobsReplayedView"),
    ("DiscardJobs", "POST", "/v1/jobs/discard", "JobsDiscardedView"),
    ("GetJob", "GET", "/v1/jobs/{job}", DETAIL),
    ("ReplayJob", "POST", "/v1/jobs/{job}/replay", DETAIL),
    ("DiscardJob", "POST", "/v1/jobs/{job}/discard", DETAIL),
    ("CancelJob", "POST", "/v1/jobs/{job}/cancel", DETAIL),
    ("ListSchedules", "GET", "/v1/schedules", "SchedulesView"),
)
_OF_RUNS: Final = (
    ("ListRuns", "GET", "/v1/runs", RUN),
    ("GetRun", "GET", "/v1/runs/{run}", RUN),
    ("CancelRun", "POST", "/v1/runs/{run}/cancel", RUN),
)
OPERATIONS: Final = frozenset(name for name, *_ in (*_ROUTES, *_OF_RUNS))
_field: Final = partial(managed_field, origin=NAME)


def entity_fields(span: Span) -> tuple[Field, ...]:
    """Return the fields of a job, as far as operators see them."""
    first, last = added_fields(span, optimistic=False)
    return (
        *first,
        _field("name", FieldType.STRING, span, "Which work, such as `mark_overdue`."),
        _field("state", FieldType.ENUM, span, "How far it has come.", values=_STATES),
        _field("schedule", FieldType.STRING, span, "Schedule that asked for it.", optional=True),
        _field("scheduled_for", FieldType.TIMESTAMP, span, "When that was to fire.", optional=True),
        _field("event", FieldType.STRING, span, "Event that asked for it.", optional=True),
        _field("run_at", FieldType.TIMESTAMP, span, "From when on it may be taken."),
        _field("attempt", FieldType.INT, span, "How often it was taken since it was queued."),
        _field("max_attempts", FieldType.INT, span, "How often it may be."),
        _field("reason", FieldType.STRING, span, "Why it is dead.", optional=True),
        _field("finished_at", FieldType.TIMESTAMP, span, "When it was done.", optional=True),
        _field("progress", FieldType.JSON, span, "What it has changed so far."),
        _field("history", FieldType.JSON, span, "What became of each attempt that failed."),
        *last,
    )


def view_fields(view: str) -> tuple[str, ...]:
    """Return the fields of a job that a view shows; those of other shapes show none."""
    shown = {SUMMARY: _SHOWN, DETAIL: (*_SHOWN, "progress", "history")}
    return shown.get(view, ())


def views(*, with_runs: bool) -> tuple[str, ...]:
    """Return the names of the views of jobs, schedules and runs."""
    return (*VIEWS, RUN) if with_runs else VIEWS


def operations(operator: JobOperator, *, with_runs: bool) -> Iterator[Operation]:
    """Yield the operations on jobs, schedules and runs."""
    yield from _operations(_ROUTES, operator.manage, operator)
    if with_runs:
        yield from _operations(_OF_RUNS, operator.watch, operator)


def _operations(
    routes: Iterable[tuple[str, str, str, str]], permission: str, operator: JobOperator
) -> tuple[Operation, ...]:
    return tuple(
        Operation(
            name=name,
            kind=Kind.ACCOUNT,
            entity=ENTITY,
            method=method,
            path=path,
            permission=permission,
            view=view,
            requirements=operator.requirements,
            span=operator.span,
            origin=NAME,
        )
        for name, method, path, view in routes
    )

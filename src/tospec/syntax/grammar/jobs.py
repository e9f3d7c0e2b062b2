"""Blocks about background work: jobs, the schedules that start them, and who operates them."""

from typing import Final

from tospec.syntax.grammar.behaviour import EMIT_STEP, UPDATE_STEP
from tospec.syntax.grammar.integrations import CALL_STEP
from tospec.syntax.grammar.words import (
    CONDITION,
    DESCRIPTION,
    DURATION,
    ENTITY,
    EVENT,
    LINE,
    PERMISSION,
    REQUIREMENTS,
)
from tospec.syntax.shapes import (
    Choice,
    Either,
    Key,
    Kind,
    ListOf,
    Notation,
    Record,
    Text,
    Variant,
    Whole,
)

PURGED: Final = (
    *("sessions", "invitations", "sign_in_attempts", "idempotency_records"),
    "received_messages",
)
CATCH_UP: Final = ("once", "all", "skip")
OVERLAP: Final = ("skip", "queue")
PRIORITY: Final = ("low", "normal", "high")
_MOST_ATTEMPTS: Final = 100
_JOB: Final = Text(Notation.PASCAL, "a job")

_STEP: Final = Variant(
    "job step",
    {
        "update": UPDATE_STEP,
        "emit": EMIT_STEP,
        "call": CALL_STEP,
        "purge": Record(
            "purge step",
            {
                "purge": Key(
                    Choice(PURGED),
                    "Removes the rows of this kind that have expired.",
                    required=True,
                )
            },
        ),
    },
)
_RETRY: Final = Record(
    "retry",
    {
        "attempts": Key(
            Whole(1, _MOST_ATTEMPTS),
            "How often it is tried, the first time included.",
            required=True,
        ),
        "base": Key(
            DURATION,
            "The most that it waits before the second attempt; each further wait may be twice as "
            "long. How long it is within that is left to chance.",
        ),
        "cap": Key(DURATION, "The most that any wait may be."),
    },
)
JOB: Final = Kind(
    "job",
    Record(
        "job",
        {
            "job": Key(_JOB, "Name of it, an order: `MarkOverdue`.", required=True),
            "description": DESCRIPTION,
            "on": Key(
                Either(EVENT, ListOf(EVENT, 1)),
                "Event that starts it, in the tenant where it happened; of several any one does. "
                "Without it, schedules start the job.",
            ),
            "when": Key(
                CONDITION,
                "What must hold of the event, or nothing is done. What it proves not to be null "
                "is so in all other expressions of the job.",
            ),
            "for_each": Key(
                ENTITY,
                "Entity whose rows it changes, in every tenant unless an event starts it; a job "
                "that purges has none. One that calls asks about each row in a job of the row's "
                "own, of people as well: `User`.",
            ),
            "where": Key(
                CONDITION,
                "Which rows; nobody asks, so there is no `principal`. With `on` there is `event`, "
                "with what its payload carries: `event.id`, `event.before.status`. A reference "
                "can be followed, and is read as it is by then: `event.assignee.email`; if the "
                "row is gone, nothing is done.",
            ),
            "do": Key(ListOf(_STEP, 1), "What it does, in order.", required=True),
            "then": Key(
                _JOB,
                "Job that follows once this one is done, in the same run. It knows the `event` "
                "with which the run began, and as `result` what this one was answered: "
                "`result.id`.",
            ),
            "timeout": Key(DURATION, "The most that one attempt may take."),
            "retry": Key(_RETRY, "What follows a failed attempt."),
            "priority": Key(
                Choice(PRIORITY),
                "Which jobs come first among those that are due; `normal` if it says nothing. What "
                "has waited longest comes first every now and then all the same.",
            ),
            "requirements": REQUIREMENTS,
        },
    ),
    "Work that nobody waits for. It is a row of the database until it is done: an attempt that "
    "fails, takes too long or loses its worker is made again, and after the last one the row stays "
    "as a dead letter that can be replayed. A run takes rows until there is none left for which "
    "`where` holds; each row's change, its audit entry and its events are one transaction. Rules "
    "on `update` hold as for requests: a row whose change they refuse stays as it is. Jobs that "
    "follow one another by `then` are one run, whose progress and result can be read; a job that "
    "fails for good stops it, and replayed it goes on from there.",
    """job: MarkStale
description: Tell once that a note was not read for a month.
for_each: Note
where: "!stale && read_at != null && read_at < now() - duration('30d')"
do:
  - update: note
    set: {stale: "true"}
  - emit: NoteBecameStale
timeout: 60s
retry: {attempts: 5, base: 2s, cap: 10m}""",
)
SCHEDULE: Final = Kind(
    "schedule",
    Record(
        "schedule",
        {
            "schedule": Key(Text(Notation.PASCAL, "a schedule"), "Name of it.", required=True),
            "description": DESCRIPTION,
            "run": Key(
                Either(_JOB, ListOf(_JOB, 1)),
                "Job that it starts; of several none waits for another.",
                required=True,
            ),
            "cron": Key(
                LINE,
                "When: minute, hour, day of the month, month, day of the week, as `*/15 * * * *`.",
                required=True,
            ),
            "zone": Key(
                LINE,
                "Time zone of the hours, such as `UTC` or `Europe/Berlin`; `tenant` for each "
                "tenant's own.",
            ),
            "catch_up": Key(
                Choice(CATCH_UP),
                "What becomes of firings that were missed while nothing ran: one run for all of "
                "them, a run for each, none.",
            ),
            "overlap": Key(
                Choice(OVERLAP),
                "What becomes of a firing while the run before is not finished: it is left out, or "
                "waits.",
            ),
            "requirements": REQUIREMENTS,
        },
    ),
    "When jobs start. A firing happens once, however many machines run. Where clocks are put "
    "forward, a firing in the hour that is left out comes right after it; where they are put back, "
    "one at a fixed hour comes once. With `zone: tenant`, it happens once in each tenant by the "
    "tenant's own clock; once a tenant has changed its zone, only times count that are later than "
    "the last one by both clocks, so that none comes twice.",
    'schedule: NightlyMarking\nrun: MarkStale\ncron: "0 3 * * *"\nzone: UTC\ncatch_up: once\n'
    "overlap: skip",
)
JOBS: Final = Kind(
    "jobs",
    Record(
        "jobs",
        {
            "jobs": Key(Choice(("queue",)), "Jobs wait as rows of the database.", required=True),
            "manage": Key(
                PERMISSION,
                "Permission to see the jobs and schedules, to replay or discard dead "
                "ones and to cancel those that wait.",
                required=True,
            ),
            "watch": Key(
                PERMISSION,
                "Permission to see how far runs of several jobs have come, and to cancel them; "
                "that of `manage` if it says nothing.",
            ),
            "keep": Key(DURATION, "How long rows of jobs that are done stay."),
            "requirements": REQUIREMENTS,
        },
    ),
    "Who operates the jobs of a tenant, and how long their rows are kept.",
    'jobs: queue\nmanage: "job:manage"\nkeep: 30d',
    single=True,
)

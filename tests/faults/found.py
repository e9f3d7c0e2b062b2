"""What a run has left behind: rows, messages, log lines, sessions and processes."""

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from tests.faults.cluster import Cluster
from tests.faults.inbox import Call


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A task as it is in the end."""

    id: str
    tenant: str
    project: str
    number: int
    status: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """What a change of an object has left beside it: an audit entry, or an event.

    Attributes:
        what: Such as `task.start`, or `TaskCreated`.
        before: Its status before, if that changed.
        after: Its status from then on, if that changed.
        is_pending: Whether it is an event that nobody has relayed or laid aside.
    """

    id: str
    tenant: str
    entity: str
    what: str
    before: str | None = None
    after: str | None = None
    is_pending: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """An `Idempotency-Key` that was used, and what it made."""

    tenant: str
    key: str
    status: int
    task: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuedJob:
    """A job of the backend's own.

    Attributes:
        event: What started it; None if nothing did.
        is_overdue: Whether it is leased, and the lease has ended long ago.
    """

    id: str
    tenant: str
    name: str
    event: str | None
    state: str
    is_overdue: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """What processes and sessions there are, before or after a run.

    Attributes:
        sessions: How many of the backend the database serves.
        idle_in_transaction: How many of these hold a transaction and do nothing.
        advisory_locks: How many are held.
        files: How many files each of its processes has open, by its name.
        memory: How many bytes each of them takes, by its name.
        orphans: Processes of groups whose first process has ended.
    """

    sessions: int = 0
    idle_in_transaction: int = 0
    advisory_locks: int = 0
    files: Mapping[str, int] = field(default_factory=dict)
    memory: Mapping[str, int] = field(default_factory=dict)
    orphans: Sequence[int] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """All that a run has left behind.

    Attributes:
        lines: Lines of logs that name a request and a tenant, as these.
        errors: Messages of log lines that tell of a defect.
    """

    tasks: Sequence[Task] = ()
    entries: Sequence[Trace] = ()
    events: Sequence[Trace] = ()
    keys: Sequence[Key] = ()
    jobs: Sequence[QueuedJob] = ()
    calls: Sequence[Call] = ()
    lines: Sequence[tuple[str, str]] = ()
    errors: Sequence[str] = ()
    before: Health = field(default_factory=Health)
    after: Health = field(default_factory=Health)


_TASKS = """
    SELECT id::text, tenant_id::text AS tenant, project_id::text AS project, number, status, version
    FROM tasks
"""
_ENTRIES = """
    SELECT id::text, tenant_id::text AS tenant, entity_id::text AS entity, action AS what,
           before ->> 'status' AS before, after ->> 'status' AS after
    FROM audit_entries WHERE entity_type = 'task' ORDER BY occurred_at, id
"""
_EVENTS = """
    SELECT id::text, tenant_id::text AS tenant, coalesce(payload ->> 'id', '') AS entity,
           type AS what, payload ->> 'before_status' AS before, payload ->> 'status' AS after,
           published_at IS NULL AND parked_at IS NULL AS is_pending
    FROM outbox_messages ORDER BY occurred_at, id
"""
_KEYS = """
    SELECT tenant_id::text AS tenant, key, status,
           CASE WHEN status < 300 THEN convert_from(body, 'UTF8')::jsonb ->> 'id' END AS task
    FROM idempotency_records
"""
_JOBS = """
    SELECT id::text, tenant_id::text AS tenant, name, event_id::text AS event, state,
           state = 'leased' AND leased_until < now() - interval '30 s' AS is_overdue
    FROM jobs
"""
_SESSIONS = """
    SELECT count(*) AS sessions,
           count(*) FILTER (WHERE state LIKE 'idle in transaction%') AS idle_in_transaction,
           (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory') AS advisory_locks
    FROM pg_stat_activity WHERE usename = 'backend'
"""


_ID: Final = 32
_HEX: Final = frozenset("0123456789abcdef")
_DEFECTS: Final = frozenset({"internal error", "background work has failed", "validation gap"})


def rows_of(ask: Callable[[str], Iterable[Any]]) -> dict[str, Any]:
    """Return what the tables hold, as arguments of `Found`."""
    kinds: dict[str, tuple[str, type[Any]]] = {
        "tasks": (_TASKS, Task),
        "entries": (_ENTRIES, Trace),
        "events": (_EVENTS, Trace),
        "keys": (_KEYS, Key),
        "jobs": (_JOBS, QueuedJob),
    }
    return {
        name: [kind(**dict(row)) for row in ask(statement)]
        for name, (statement, kind) in kinds.items()
    }


def asked_of_file(path: Path) -> Callable[[str], Iterable[Any]]:
    """Return what asks a file of SQLite as `rows_of` asks PostgreSQL."""

    def ask(statement: str) -> Iterable[Any]:
        with closing(sqlite3.connect(path)) as connection:
            connection.row_factory = sqlite3.Row
            rows = connection.execute(_for_sqlite(statement)).fetchall()
        return [{name: _plain(row[name]) for name in row.keys()} for row in rows]  # noqa: SIM118

    return ask


def _for_sqlite(statement: str) -> str:
    body = "json_extract(CAST(body AS TEXT), '$.id')"
    statement = statement.replace("convert_from(body, 'UTF8')::jsonb ->> 'id'", body)
    # Whoever asks has waited until no lease is left.
    late = "leased_until < now() - interval '30 s'"
    return statement.replace("::text", "").replace(late, "leased_until IS NULL")


def _plain(value: object) -> object:
    """Return an id as PostgreSQL tells it."""
    is_id = isinstance(value, str) and len(value) == _ID and _HEX.issuperset(value)
    return str(UUID(str(value))) if is_id else value


def sessions_of(cluster: Cluster) -> dict[str, int]:
    """Return what the database tells of the backend's sessions, as arguments of `Health`."""
    [row] = cluster.ask(_SESSIONS)
    return dict(row)


def lines_of(log: str) -> dict[str, Any]:
    """Return what logs tell, as arguments of `Found`."""
    lines: list[tuple[str, str]] = []
    errors: list[str] = []
    for text in log.splitlines():
        try:
            line = json.loads(text)
        except ValueError:
            continue
        if line.get("correlation_id") and line.get("tenant_id"):
            lines.append((line["correlation_id"], line["tenant_id"]))
        if line.get("message") in _DEFECTS:
            errors.append(str(line.get("message")))
    return {"lines": lines, "errors": errors}

"""The task service as fast as Python gets: raw ASGI and asyncpg, one statement a request.

It works on the tables of the built TaskHub and does the same features' work: the session behind a
token and the person's role, row-level security, rows of private projects, computed values, rules,
words of searched texts, audit entry and events. It is a limit and no example: SQL by hand, nothing
of a request is validated, and refusals say no more than their status. Settings as for `typical.py`.
"""

import asyncio
import json
import os
import re
import sys
import time
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import jwt
from pydantic_core import to_json

KEY = bytes.fromhex(os.environ["PEER_KEY"])
URL = os.environ["PEER_DATABASE"].replace("+asyncpg", "")
WORD = re.compile(r"[^\W_]+")
CLOSED = "('done', 'cancelled')"
SUMMARY = (
    *("id", "reference", "title", "status", "priority", "due_at", "is_overdue", "project_id"),
    *("assignee_id", "label_ids", "created_at", "updated_at", "version"),
)
DETAIL = (
    *("id", "reference", "number", "title", "description", "status", "priority", "due_at"),
    *("is_overdue", "estimate", "project_id", "assignee_id", "parent_id", "label_ids"),
    *("open_subtasks", "completed_at", "cancel_reason", "mail_bounced_at", "archived_at"),
    "is_archived",
    *("created_by_id", "created_at", "updated_at", "version"),
)
UNAUDITED = ("created_at", "updated_at", "version")
AUDITED = [*(name for name in DETAIL if name not in UNAUDITED), "overdue_told_for"]
ME = """
    SELECT u.id, u.role FROM users u JOIN tenants n ON n.id = u.tenant_id
    WHERE u.tenant_id = $1 AND u.id = $2 AND u.disabled_at IS NULL AND n.suspended_at IS NULL
      AND EXISTS (SELECT 1 FROM refresh_tokens r WHERE r.tenant_id = $1 AND r.family_id = $3
                  AND r.user_id = $2 AND r.revoked_at IS NULL)
"""
SEEN = """
    (p.visibility = 'tenant' OR me.role IN ('owner', 'admin') OR EXISTS (SELECT 1
     FROM project_members m WHERE m.tenant_id = $1 AND m.project_id = p.id AND m.user_id = me.id))
"""
LABELS = """
    COALESCE((SELECT array_agg(l.label_id ORDER BY l.label_id) FROM task_labels l
              WHERE l.tenant_id = $1 AND l.task_id = t.id), '{}') AS label_ids
"""
COMPUTED = f"""
    p.key || '-' || t.number AS reference, t.archived_at IS NOT NULL AS is_archived,
    (t.due_at IS NOT NULL AND t.due_at < now() AND t.status NOT IN {CLOSED}) AS is_overdue
"""
OPEN = f"""
    (SELECT count(*) FROM tasks s WHERE s.tenant_id = $1 AND s.parent_id = t.id
     AND s.status NOT IN {CLOSED}) AS open_subtasks
"""
GET = f"""
    SELECT found.* FROM ({ME}) me LEFT JOIN LATERAL (
        SELECT t.*, {COMPUTED}, {OPEN}, {LABELS}
        FROM tasks t JOIN projects p ON p.tenant_id = $1 AND p.id = t.project_id
        WHERE t.tenant_id = $1 AND t.id = $4 AND {SEEN}
    ) found ON true
"""
LIST = f"""
    SELECT found.* FROM ({ME}) me LEFT JOIN LATERAL (
        SELECT t.*, {COMPUTED}, {LABELS}
        FROM tasks t JOIN projects p ON p.tenant_id = $1 AND p.id = t.project_id
        WHERE t.tenant_id = $1 AND t.status = $4 AND {SEEN}
        ORDER BY t.created_at DESC, t.id DESC LIMIT 51
    ) found ON true ORDER BY created_at DESC, id DESC
"""
AUDIT = """
    INSERT INTO audit_entries (id, tenant_id, actor_id, action, entity_type, entity_id, before,
        after, correlation_id, occurred_at)
"""
EVENT = """
    INSERT INTO outbox_messages (id, tenant_id, type, payload, correlation_id, occurred_at)
"""
CREATE = f"""
    WITH me AS ({ME}),
    p AS (SELECT p.* FROM projects p, me WHERE p.tenant_id = $1 AND p.id = $5 AND {SEEN}),
    counted AS (
        INSERT INTO task_number_counters AS c (tenant_id, project_id, last_number)
        SELECT $1, p.id, 1 FROM p WHERE NOT p.archived
        ON CONFLICT (tenant_id, project_id) DO UPDATE SET last_number = c.last_number + 1
        RETURNING last_number
    ),
    made AS (
        INSERT INTO tasks (id, tenant_id, number, title, description, priority, status, project_id,
            created_by_id, created_at, updated_at, version)
        SELECT $4, $1, counted.last_number, $6, $7, 'medium', 'todo', p.id, $2, now(), now(), 1
        FROM counted, p RETURNING *
    ),
    shown AS (
        SELECT t.*, {COMPUTED}, 0 AS open_subtasks, '{{}}'::uuid[] AS label_ids FROM made t, p
    ),
    words AS (
        INSERT INTO task_words (tenant_id, task_id, word)
        SELECT $1, $4, unnest($8::text[]) FROM made
    ),
    audited AS (
        {AUDIT} SELECT gen_random_uuid(), $1, $2, 'task.create', 'task', $4, NULL,
            jsonb_build_object({", ".join(f"'{name}', shown.{name}" for name in AUDITED)}), $9,
            now() FROM shown
    ),
    told AS (
        {EVENT} SELECT gen_random_uuid(), $1, 'TaskCreated', jsonb_build_object('id', id,
            'reference', reference, 'title', title, 'project_id', project_id), $9, now() FROM shown
    )
    SELECT EXISTS (SELECT 1 FROM me) AS known, shown.* FROM (SELECT 1) one LEFT JOIN shown ON true
"""
MOVE = f"""
    WITH me AS ({ME}),
    found AS (
        SELECT t.*, p.archived, p.key, {OPEN}, {LABELS}
        FROM me, tasks t JOIN projects p ON p.tenant_id = $1 AND p.id = t.project_id
        WHERE t.tenant_id = $1 AND t.id = $4 AND {SEEN}
          AND (me.role IN ('owner', 'admin') OR me.id IN (t.created_by_id, t.assignee_id))
        FOR UPDATE OF t
    ),
    moved AS (
        UPDATE tasks t SET status = $7, cancel_reason = $8, updated_at = now(),
            completed_at = CASE WHEN $5 = 'reopen' THEN NULL ELSE t.completed_at END,
            version = t.version + 1
        FROM found WHERE t.id = found.id AND t.tenant_id = $1 AND NOT found.archived
          AND t.status = ANY ($6::text[]) AND ($5 != 'start' OR t.assignee_id IS NOT NULL)
        RETURNING t.*
    ),
    shown AS (
        SELECT t.*, {COMPUTED}, p.open_subtasks, p.label_ids FROM moved t, found p
    ),
    audited AS (
        {AUDIT} SELECT gen_random_uuid(), $1, $2, 'task.' || $5, 'task', $4,
            jsonb_strip_nulls(jsonb_build_object('status', found.status)) || CASE
                WHEN found.cancel_reason IS DISTINCT FROM shown.cancel_reason
                THEN jsonb_build_object('cancel_reason', found.cancel_reason) ELSE '{{}}' END,
            jsonb_build_object('status', shown.status) || CASE
                WHEN found.cancel_reason IS DISTINCT FROM shown.cancel_reason
                THEN jsonb_build_object('cancel_reason', shown.cancel_reason) ELSE '{{}}' END,
            $9, now() FROM found, shown
    ),
    told AS (
        {EVENT} SELECT gen_random_uuid(), $1, 'TaskStatusChanged', jsonb_build_object('id',
            shown.id, 'reference', shown.reference, 'status', shown.status, 'before_status',
            found.status), $9, now() FROM found, shown
    )
    SELECT EXISTS (SELECT 1 FROM me) AS known, shown.* FROM (SELECT 1) one LEFT JOIN shown ON true
"""
MOVES = {
    "start": (["todo"], "in_progress"),
    "cancel": (["todo", "in_progress", "in_review"], "cancelled"),
    "reopen": (["done", "cancelled"], "todo"),
}


class Pool:
    """Lends connections, if it can one that serves the tenant already."""

    def __init__(self) -> None:
        self._idle: list[tuple[UUID, asyncpg.Connection]] = []
        self._leave = asyncio.Semaphore(10)

    async def ask(self, sql: str, tenant: UUID, *values: Any) -> Sequence[Any]:
        """Return the rows of a statement that is its own transaction."""
        async with self._leave:
            connection = await self._at(tenant)
            try:
                rows: Sequence[Any] = await connection.fetch(sql, tenant, *values)
            except BaseException:
                connection.terminate()
                raise
            self._idle.append((tenant, connection))
            return rows

    async def _at(self, tenant: UUID) -> Any:
        for place in range(len(self._idle) - 1, -1, -1):
            if self._idle[place][0] == tenant:
                return self._idle.pop(place)[1]
        connection = self._idle.pop()[1] if self._idle else await _connected()
        await connection.execute(f"SET app.tenant_id = '{tenant.hex}'")
        return connection


async def _connected() -> Any:
    settings = {"role": os.environ["PEER_ROLE"], "timezone": "UTC"}
    return await asyncpg.connect(URL, server_settings=settings)


pool = Pool()
tokens: dict[bytes, tuple[tuple[UUID, UUID, UUID], float]] = {}


def caller(header: bytes) -> tuple[UUID, UUID, UUID]:
    """Return tenant, person and session of a token, which is remembered until it expires."""
    found = tokens.get(header)
    if found is None:
        options: Any = {"verify_aud": False}
        claims = jwt.decode(header[7:].decode(), KEY, algorithms=["HS256"], options=options)
        ids = (UUID(claims["tid"]), UUID(claims["sub"]), UUID(claims["sid"]))
        found = tokens[header] = ids, claims["exp"]
    if found[1] <= time.time():
        raise PermissionError
    return found[0]


async def app(scope: Any, receive: Any, send: Any) -> None:
    """Serve one request."""
    if scope["type"] != "http":
        return
    begin = time.perf_counter()
    request = str(uuid4())
    status, body = await _answer(scope, receive, request)
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"x-request-id", request.encode()),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
    line = {
        "method": scope["method"],
        "path": scope["path"],
        "status": status,
        "duration_ms": (time.perf_counter() - begin) * 1000,
        "request_id": request,
    }
    sys.stdout.write(json.dumps(line) + "\n")


async def _answer(scope: Any, receive: Any, request: str) -> tuple[int, bytes]:
    path = scope["path"].split("/")
    if path[1] == "readyz":
        return 200, b"{}"
    me = caller(next(value for name, value in scope["headers"] if name == b"authorization"))
    match scope["method"], path[3:]:
        case "GET", []:
            return _page(await pool.ask(LIST, *me, "todo"))
        case "GET", [id_]:
            return _shown(await pool.ask(GET, *me, UUID(id_)), 200)
        case "POST", []:
            return await _create(me, json.loads((await receive())["body"]), request)
        case "POST", [id_, move]:
            sources, target = MOVES[move]
            reason = json.loads((await receive())["body"])["reason"] if move == "cancel" else None
            values = (UUID(id_), move, sources, target, reason, request)
            return _shown(await pool.ask(MOVE, *me, *values), 200, refused=409)
    return 404, b"{}"


async def _create(
    me: tuple[UUID, UUID, UUID], body: dict[str, Any], request: str
) -> tuple[int, bytes]:
    text = body.get("description", "")
    words = sorted(set(WORD.findall(f"{body['title']} {text}".lower())))
    values = (uuid4(), UUID(body["project_id"]), body["title"], text, words, request)
    return _shown(await pool.ask(CREATE, *me, *values), 201, refused=409)


def _shown(rows: Sequence[Any], success: int, refused: int = 404) -> tuple[int, bytes]:
    if not rows or rows[0].get("known") is False:
        return 401, b"{}"
    row = rows[0]
    if row["id"] is None:
        return refused, b"{}"
    return success, to_json({name: row[name] for name in DETAIL})


def _page(rows: Sequence[Any]) -> tuple[int, bytes]:
    if not rows:
        return 401, b"{}"
    items = [{name: row[name] for name in SUMMARY} for row in rows[:50] if row["id"]]
    last = items[-1] if len(rows) > 50 else None
    following = f"{last['created_at'].isoformat()}_{last['id']}" if last else None
    return 200, to_json({"items": items, "next": following})

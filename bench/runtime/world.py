"""The tenants that requests are about, and whether all servers give the same answers about them."""

import asyncio
import json
import secrets
import urllib.request
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import asyncpg

TENANTS = 20
ROWS = 1_000
ASKED = 64
_PASSWORD = secrets.token_urlsafe(16)
_FILL = """
    INSERT INTO tasks (id, tenant_id, number, title, description, priority, status,
        project_id, assignee_id, created_by_id, created_at, updated_at, version)
    SELECT gen_random_uuid(), p.tenant_id, n, 'Task ' || n, repeat('words ', 20), 'medium',
        'todo', p.id, p.created_by_id, p.created_by_id, now() - n * interval '1 minute', now(), 1
    FROM projects p, generate_series(1, $1::int) AS n
"""
_WORDS = """
    INSERT INTO task_words (tenant_id, task_id, word)
    SELECT tenant_id, id, unnest(ARRAY['task', 'words', number::text]) FROM tasks
"""
_LABEL = """
    INSERT INTO task_labels (tenant_id, task_id, label_id)
    SELECT t.tenant_id, t.id, l.id FROM tasks t JOIN labels l ON l.tenant_id = t.tenant_id
    WHERE t.number % 3 < l.name::int
"""
_COUNT = """
    INSERT INTO task_number_counters (tenant_id, project_id, last_number)
    SELECT tenant_id, id, $1::int FROM projects
"""
_IDS = "SELECT id FROM tasks WHERE project_id = $1 ORDER BY number LIMIT $2"
_WRITTEN = """
    SELECT (SELECT jsonb_agg(jsonb_build_object('action', action, 'before', before, 'after', after,
                'named', correlation_id IS NOT NULL)) FROM audit_entries WHERE entity_id = $1),
           (SELECT jsonb_agg(jsonb_build_object('type', type, 'payload', payload,
                'named', correlation_id IS NOT NULL))
            FROM outbox_messages WHERE payload ->> 'id' = $1::text),
           (SELECT jsonb_agg(word ORDER BY word) FROM task_words WHERE task_id = $1)
"""
# What differs from one task, or from one moment, to the next.
_OWN = frozenset({"id", "number", "reference", "created_at", "updated_at", "next"})


async def made(port: int, url: str) -> dict[str, Any]:
    """Make tenants with many tasks; return what requests need to know of them."""
    tenants = [_tenant(port, number) for number in range(TENANTS)]
    connection = await asyncpg.connect(url)
    await connection.execute(_FILL, ROWS)
    for statement in (_WORDS, _LABEL):
        await connection.execute(statement)
    await connection.execute(_COUNT, ROWS)
    await connection.execute("VACUUM ANALYZE")
    for tenant in tenants:
        rows = await connection.fetch(_IDS, tenant["project"], ASKED)
        tenant["ids"] = [str(row[0]) for row in rows]
    await connection.close()
    return {"url": url, "tenants": tenants}


def settle(world: Mapping[str, Any]) -> None:
    """Bring the tasks that are asked for back to where they began."""
    asyncio.run(
        execute(
            world["url"],
            f"UPDATE tasks SET status = 'todo', cancel_reason = NULL "
            f"WHERE number <= {ASKED} AND status != 'todo'",
        )
    )


def compare(world: Mapping[str, Any], ports: Sequence[int]) -> None:
    """Hold the answers of servers, and what they have stored, against one another.

    Raises:
        ValueError: If two of them differ.
    """
    told = [_told(world, port) for port in ports]
    for kind, expected in told[0].items():
        for other in told[1:]:
            if other[kind] != expected:
                raise ValueError(f"{kind} differs:\n{expected}\n{other[kind]}")


async def execute(url: str, statement: str) -> None:
    """Run one statement."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def _tenant(port: int, number: int) -> dict[str, Any]:
    person = {"email": f"ann{number}@example.org", "password": _PASSWORD}
    name = f"Bench {number}"
    _send(port, "/v1/auth/sign-up", {**person, "name": "Ann", "tenant_name": name})
    token = _send(port, "/v1/auth/sign-in", person)["access_token"]
    project = _send(port, "/v1/projects", {"name": "Bench", "key": f"BEN{chr(65 + number)}"}, token)
    for label in ("1", "2"):
        _send(port, "/v1/labels", {"name": label}, token)
    return {"token": token, "project": project["id"]}


def _told(world: Mapping[str, Any], port: int) -> dict[str, Any]:
    tenant = world["tenants"][0]
    token, id_ = tenant["token"], tenant["ids"][0]
    settle(world)
    body = {"project_id": tenant["project"], "title": "The same", "description": "for all"}
    told = {
        "get": _send(port, f"/v1/tasks/{id_}", None, token),
        "list": _send(port, "/v1/tasks?limit=50&status=todo", None, token),
        "create": _send(port, "/v1/tasks", body, token),
        "start": _send(port, f"/v1/tasks/{id_}/start", {}, token),
        "cancel": _send(port, f"/v1/tasks/{id_}/cancel", {"reason": "because"}, token),
    }
    made, moved = (
        asyncio.run(_written(world["url"], each)) for each in (told["create"]["id"], id_)
    )
    settle(world)
    # The list holds what others have created; all of it is by then the same for everybody.
    told["list"]["items"] = [each for each in told["list"]["items"] if each["title"] != "The same"][
        :40
    ]
    shown = {kind: _comparable(body, kind) for kind, body in told.items()}
    return {**shown, "what a create stores": made, "what moves store": moved}


async def _written(url: str, id_: str) -> Any:
    """Return what a change has stored beside the row; of a row's changes, only the last two."""
    connection = await asyncpg.connect(url)
    try:
        entries, events, words = (
            json.loads(each or "[]") for each in await connection.fetchrow(_WRITTEN, id_)
        )
        await connection.execute("DELETE FROM audit_entries WHERE entity_id = $1", id_)
        await connection.execute("DELETE FROM outbox_messages WHERE payload ->> 'id' = $1", id_)
    finally:
        await connection.close()
    return _comparable([entries, events, words], "stored")


def _comparable(value: Any, kind: str) -> Any:
    if isinstance(value, dict):
        left_out = _OWN if kind in ("create", "stored") else {"updated_at", "version", "next"}
        return {
            name: _comparable(each, kind) for name, each in value.items() if name not in left_out
        }
    if isinstance(value, list):
        return [_comparable(each, kind) for each in value]
    return _instant(value) if isinstance(value, str) else value


def _instant(text: str) -> str:
    try:
        return datetime.fromisoformat(text).isoformat() if text[4:5] == "-" else text
    except ValueError:
        return text


def _send(port: int, path: str, body: object, token: str = "") -> Any:
    headers = {"content-type": "application/json"}
    if token:
        headers["authorization"] = f"Bearer {token}"
    data = None if body is None else json.dumps(body).encode() if body else b""
    if not data:
        del headers["content-type"]
    method = "GET" if body is None else "POST"
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", data, headers, method=method)
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
        return json.load(answer)

"""The task service as it is typically written by hand: FastAPI, SQLAlchemy's ORM, PyJWT, loguru.

It works on the tables of the built TaskHub and does the same features' work: the session behind a
token and the person's role are asked for on each request, PostgreSQL is told the tenant, rows of
private projects are hidden, writes are checked against the rules, and leave an audit entry and
events. `PEER_KEY` is the key of tokens in hexadecimal, `PEER_DATABASE` a URL for asyncpg.
"""

import os
import re
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID, uuid4

import jwt
from fastapi import Depends, FastAPI, HTTPException, Query, Request, Response
from fastapi.security import OAuth2PasswordBearer
from loguru import logger
from models import AuditEntry, Counter, Outbox, Project, RefreshToken, Task, Tenant, User, Word
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import ColumnElement, and_, exists, func, or_, select, text, tuple_
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import selectinload

ROLE = {"server_settings": {"role": os.environ["PEER_ROLE"]}}
engine = create_async_engine(
    os.environ["PEER_DATABASE"], connect_args=ROLE, pool_size=10, max_overflow=5
)
SessionLocal = async_sessionmaker(engine, expire_on_commit=False)
oauth2 = OAuth2PasswordBearer(tokenUrl="/login")
app = FastAPI()
logger.remove()
logger.add(sys.stdout, serialize=True)

correlation_id: ContextVar[str] = ContextVar("correlation_id")
CLOSED = ("done", "cancelled")
UNAUDITED = {"created_at", "updated_at", "version"}
MOVES = {
    "start": ({"todo"}, "in_progress"),
    "cancel": ({"todo", "in_progress", "in_review"}, "cancelled"),
    "reopen": ({"done", "cancelled"}, "todo"),
}


class TaskCreate(BaseModel):
    project_id: UUID
    title: str = Field(min_length=1, max_length=255)
    description: str = Field(default="", max_length=20_000)
    assignee_id: UUID | None = None


class MoveBody(BaseModel):
    reason: str = Field(min_length=3, max_length=500)


class TaskOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    id: UUID
    number: int
    title: str
    description: str
    priority: str
    due_at: datetime | None
    estimate: int | None
    completed_at: datetime | None
    cancel_reason: str | None
    mail_bounced_at: datetime | None
    archived_at: datetime | None
    is_archived: bool
    status: str
    project_id: UUID
    assignee_id: UUID | None
    parent_id: UUID | None
    created_by_id: UUID
    created_at: datetime
    updated_at: datetime
    version: int
    reference: str
    is_overdue: bool
    open_subtasks: int
    label_ids: list[UUID]


class TaskSummary(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    id: UUID
    reference: str
    title: str
    status: str
    priority: str
    due_at: datetime | None
    is_overdue: bool
    project_id: UUID
    assignee_id: UUID | None
    label_ids: list[UUID]
    created_at: datetime
    updated_at: datetime
    version: int


class TaskPage(BaseModel):
    items: list[TaskSummary]
    next: str | None


@app.middleware("http")
async def log_request(
    request: Request, call_next: Callable[[Request], Awaitable[Response]]
) -> Response:
    begin = time.perf_counter()
    correlation_id.set(str(uuid4()))
    response = await call_next(request)
    logger.bind(
        method=request.method,
        path=request.url.path,
        status=response.status_code,
        duration_ms=(time.perf_counter() - begin) * 1000,
        request_id=correlation_id.get(),
    ).info("request")
    return response


async def get_session() -> AsyncIterator[AsyncSession]:
    async with SessionLocal() as session:
        yield session


SessionDep = Annotated[AsyncSession, Depends(get_session)]


async def current_user(session: SessionDep, token: Annotated[str, Depends(oauth2)]) -> User:
    try:
        claims = jwt.decode(
            token,
            bytes.fromhex(os.environ["PEER_KEY"]),
            algorithms=["HS256"],
            options={"verify_aud": False},
        )
    except jwt.PyJWTError:
        raise HTTPException(401, "Could not validate credentials") from None
    await session.execute(
        text("SELECT set_config('app.tenant_id', :tenant, true)"), {"tenant": claims["tid"]}
    )
    user = await session.scalar(select(User).where(User.id == UUID(claims["sub"])))
    alive = await session.scalar(
        select(RefreshToken.id)
        .where(RefreshToken.family_id == UUID(claims["sid"]), RefreshToken.revoked_at.is_(None))
        .limit(1)
    )
    tenant = await session.scalar(select(Tenant).where(Tenant.id == UUID(claims["tid"])))
    if user is None or user.disabled_at or alive is None or tenant is None or tenant.suspended_at:
        raise HTTPException(401, "Could not validate credentials")
    return user


UserDep = Annotated[User, Depends(current_user)]


def visible(user: User) -> ColumnElement[bool]:
    if user.role in ("owner", "admin"):
        return and_(Task.tenant_id == user.tenant_id)
    seen = or_(Project.visibility == "tenant", Project.members.any(User.id == user.id))
    return and_(
        Task.tenant_id == user.tenant_id,
        exists().where(Project.id == Task.project_id, seen),
    )


async def shown(session: AsyncSession, task: Task) -> TaskOut:
    task.open_subtasks = await session.scalar(
        select(func.count()).where(Task.parent_id == task.id, Task.status.not_in(CLOSED))
    )
    compute(task)
    return TaskOut.model_validate(task)


def compute(task: Task) -> None:
    overdue = task.due_at and task.due_at < datetime.now(UTC) and task.status not in CLOSED
    task.is_overdue = bool(overdue)
    task.is_archived = task.archived_at is not None
    task.reference = f"{task.project.key}-{task.number}"
    task.label_ids = sorted(label.label_id for label in task.labels)


def loaded() -> Any:
    return selectinload(Task.labels), selectinload(Task.project)


@app.get("/v1/tasks/{task_id}", response_model=TaskOut)
async def get_task(task_id: UUID, session: SessionDep, user: UserDep) -> TaskOut:
    found = select(Task).options(*loaded()).where(Task.id == task_id, visible(user))
    task = await session.scalar(found)
    if task is None:
        raise HTTPException(404)
    return await shown(session, task)


@app.get("/v1/tasks", response_model=TaskPage)
async def list_tasks(
    session: SessionDep,
    user: UserDep,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    status: Annotated[list[str] | None, Query()] = None,
    cursor: str | None = None,
) -> TaskPage:
    found = select(Task).options(*loaded()).where(visible(user))
    if status:
        found = found.where(Task.status.in_(status))
    if cursor:
        at, _, last = cursor.partition("_")
        after = tuple_(datetime.fromisoformat(at), UUID(last))
        found = found.where(tuple_(Task.created_at, Task.id) < after)
    found = found.order_by(Task.created_at.desc(), Task.id.desc()).limit(limit + 1)
    tasks = list(await session.scalars(found))
    for task in tasks[:limit]:
        compute(task)
    items = [TaskSummary.model_validate(task) for task in tasks[:limit]]
    last_one = tasks[limit - 1] if len(tasks) > limit else None
    following = f"{last_one.created_at.isoformat()}_{last_one.id}" if last_one else None
    return TaskPage(items=items, next=following)


@app.post("/v1/tasks", response_model=TaskOut, status_code=201)
async def create_task(body: TaskCreate, session: SessionDep, user: UserDep) -> TaskOut:
    project = await session.scalar(select(Project).where(Project.id == body.project_id))
    if project is None:
        raise HTTPException(422, "project")
    if project.archived:
        raise HTTPException(409, "PROJECT_ARCHIVED")
    if body.assignee_id and not await session.get(User, body.assignee_id):
        raise HTTPException(422, "assignee")
    counter = await session.scalar(
        select(Counter).where(Counter.project_id == project.id).with_for_update()
    )
    if counter is None:
        counter = Counter(tenant_id=user.tenant_id, project_id=project.id, last_number=0)
        session.add(counter)
    counter.last_number += 1
    task = Task(
        **body.model_dump(),
        tenant_id=user.tenant_id,
        number=counter.last_number,
        created_by_id=user.id,
    )
    session.add(task)
    await session.flush()
    await session.refresh(task, ["project", "labels"])
    words = set(re.findall(r"[^\W_]+", f"{task.title} {task.description}".lower()))
    session.add_all(Word(tenant_id=task.tenant_id, task_id=task.id, word=word) for word in words)
    out = await shown(session, task)
    record(session, user, "task.create", task, None, out)
    payload = out.model_dump(mode="json", include={"id", "reference", "title", "project_id"})
    session.add(event(task, "TaskCreated", payload))
    await session.commit()
    return out


@app.post("/v1/tasks/{task_id}/{move}", response_model=TaskOut)
async def move_task(
    task_id: UUID, move: str, session: SessionDep, user: UserDep, body: MoveBody | None = None
) -> TaskOut:
    found = select(Task).options(*loaded()).where(Task.id == task_id, visible(user))
    task = await session.scalar(found.with_for_update(of=Task))
    if task is None or move not in MOVES:
        raise HTTPException(404)
    admin = user.role in ("owner", "admin")
    if not admin and user.id not in (task.created_by_id, task.assignee_id):
        raise HTTPException(403)
    sources, target = MOVES[move]
    if task.status not in sources:
        raise HTTPException(409, "INVALID_TRANSITION")
    if task.project.archived:
        raise HTTPException(409, "PROJECT_ARCHIVED")
    if move == "start" and task.assignee_id is None:
        raise HTTPException(409, "TASK_UNASSIGNED")
    before = await shown(session, task)
    task.status, task.version, task.updated_at = target, task.version + 1, datetime.now(UTC)
    task.cancel_reason = body.reason if body and move == "cancel" else None
    await session.flush()
    out = await shown(session, task)
    record(session, user, f"task.{move}", task, before, out)
    payload = out.model_dump(mode="json", include={"id", "reference", "status"})
    payload["before_status"] = before.status
    session.add(event(task, "TaskStatusChanged", payload))
    await session.commit()
    return out


def record(
    session: AsyncSession,
    user: User,
    action: str,
    task: Task,
    before: TaskOut | None,
    after: TaskOut,
) -> None:
    old = before.model_dump(mode="json", exclude=UNAUDITED) if before else None
    new = after.model_dump(mode="json", exclude=UNAUDITED)
    if old is None:
        new["overdue_told_for"] = None
    else:
        changed = [name for name in new if new[name] != old[name]]
        old, new = ({name: each[name] for name in changed} for each in (old, new))
    session.add(
        AuditEntry(
            id=uuid4(),
            tenant_id=user.tenant_id,
            actor_id=user.id,
            action=action,
            entity_type="task",
            entity_id=task.id,
            before=old,
            after=new,
            correlation_id=correlation_id.get(),
            occurred_at=datetime.now(UTC),
        )
    )


def event(task: Task, name: str, payload: dict[str, Any]) -> Outbox:
    return Outbox(
        id=uuid4(),
        tenant_id=task.tenant_id,
        type=name,
        payload=payload,
        correlation_id=correlation_id.get(),
        occurred_at=datetime.now(UTC),
    )


@app.get("/readyz")
async def ready(session: SessionDep) -> dict[str, str]:
    await session.execute(text("SELECT 1"))
    return {"status": "ok"}

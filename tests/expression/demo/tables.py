"""Enums and tables."""

from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Enum,
    Integer,
    MetaData,
    String,
    Table,
    Uuid,
)

from tests.expression.demo.columns import Duration, ExactDecimal, UtcDateTime


class Status(StrEnum):
    TODO = "todo"
    IN_PROGRESS = "in_progress"
    DONE = "done"


class Priority(StrEnum):
    LOW = "low"
    HIGH = "high"


class Role(StrEnum):
    OWNER = "owner"
    MEMBER = "member"


class Permission(StrEnum):
    TASK_READ = "task:read"
    TASK_UPDATE = "task:update"


def _enum(values: type[StrEnum]) -> Enum:
    return Enum(values, values_callable=list, native_enum=False, length=20)


metadata = MetaData()


def _table(name: str, *columns: Column[object]) -> Table:
    return Table(
        name,
        metadata,
        Column("id", Uuid(), primary_key=True),
        Column("tenant_id", Uuid(), nullable=False),
        *columns,
    )


users = _table(
    "users",
    Column("name", String(50)),
    Column("role", _enum(Role)),
    Column("active", Boolean()),
    Column("score", Integer()),
    Column("manager_id", Uuid()),
)
projects = _table(
    "projects",
    Column("name", String(50)),
    Column("archived", Boolean()),
    Column("budget", ExactDecimal(2)),
    Column("starts_at", UtcDateTime()),
    Column("owner_id", Uuid()),
)
labels = _table("labels", Column("name", String(50)))
tasks = _table(
    "tasks",
    Column("title", String(50)),
    Column("note", String(50)),
    Column("points", Integer()),
    Column("estimate", Integer()),
    Column("big", BigInteger()),
    Column("huge", BigInteger()),
    Column("price", ExactDecimal(2)),
    Column("rate", ExactDecimal(4)),
    Column("done", Boolean()),
    Column("flag", Boolean()),
    Column("status", _enum(Status)),
    Column("priority", _enum(Priority)),
    Column("created_at", UtcDateTime()),
    Column("due_at", UtcDateTime()),
    Column("day", Date()),
    Column("end_day", Date()),
    Column("spent", Duration()),
    Column("allowed", Duration()),
    Column("token", Uuid()),
    Column("project_id", Uuid()),
    Column("parent_id", Uuid()),
    Column("assignee_id", Uuid()),
    Column("author_id", Uuid()),
)
task_labels = Table(
    "task_labels",
    metadata,
    Column("task_id", Uuid(), primary_key=True),
    Column("label_id", Uuid(), primary_key=True),
)

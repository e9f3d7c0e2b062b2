"""The tables of the built TaskHub, as the typical peer maps them."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import DateTime, ForeignKey
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

Time = DateTime(timezone=True)


def now() -> datetime:
    return datetime.now(UTC)


class Base(DeclarativeBase):
    __allow_unmapped__ = True


class Tenant(Base):
    __tablename__ = "tenants"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    suspended_at: Mapped[datetime | None] = mapped_column(Time)


class User(Base):
    __tablename__ = "users"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    tenant_id: Mapped[UUID]
    name: Mapped[str]
    role: Mapped[str]
    disabled_at: Mapped[datetime | None] = mapped_column(Time)


class RefreshToken(Base):
    __tablename__ = "refresh_tokens"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    family_id: Mapped[UUID]
    revoked_at: Mapped[datetime | None] = mapped_column(Time)


class Member(Base):
    __tablename__ = "project_members"
    tenant_id: Mapped[UUID]
    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)


class Project(Base):
    __tablename__ = "projects"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    tenant_id: Mapped[UUID]
    key: Mapped[str]
    visibility: Mapped[str]
    archived: Mapped[bool]
    members: Mapped[list[User]] = relationship(secondary="project_members", viewonly=True)


class Label(Base):
    __tablename__ = "task_labels"
    tenant_id: Mapped[UUID]
    task_id: Mapped[UUID] = mapped_column(ForeignKey("tasks.id"), primary_key=True)
    label_id: Mapped[UUID] = mapped_column(primary_key=True)


class Word(Base):
    __tablename__ = "task_words"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    task_id: Mapped[UUID] = mapped_column(primary_key=True)
    word: Mapped[str] = mapped_column(primary_key=True)


class Counter(Base):
    __tablename__ = "task_number_counters"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    project_id: Mapped[UUID] = mapped_column(primary_key=True)
    last_number: Mapped[int]


class Task(Base):
    __tablename__ = "tasks"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    tenant_id: Mapped[UUID]
    number: Mapped[int]
    title: Mapped[str]
    description: Mapped[str] = mapped_column(default="")
    priority: Mapped[str] = mapped_column(default="medium")
    due_at: Mapped[datetime | None] = mapped_column(Time)
    estimate: Mapped[int | None]
    completed_at: Mapped[datetime | None] = mapped_column(Time)
    cancel_reason: Mapped[str | None]
    mail_bounced_at: Mapped[datetime | None] = mapped_column(Time)
    overdue_told_for: Mapped[datetime | None] = mapped_column(Time)
    archived_at: Mapped[datetime | None] = mapped_column(Time)
    status: Mapped[str] = mapped_column(default="todo")
    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id"))
    assignee_id: Mapped[UUID | None]
    parent_id: Mapped[UUID | None]
    created_by_id: Mapped[UUID]
    created_at: Mapped[datetime] = mapped_column(Time, default=now)
    updated_at: Mapped[datetime] = mapped_column(Time, default=now)
    version: Mapped[int] = mapped_column(default=1)
    project: Mapped[Project] = relationship()
    labels: Mapped[list[Label]] = relationship()
    reference: str
    is_overdue: bool
    is_archived: bool
    open_subtasks: int
    label_ids: list[UUID]


class AuditEntry(Base):
    __tablename__ = "audit_entries"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    tenant_id: Mapped[UUID]
    actor_id: Mapped[UUID]
    action: Mapped[str]
    entity_type: Mapped[str]
    entity_id: Mapped[UUID]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    after: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    correlation_id: Mapped[str | None]
    occurred_at: Mapped[datetime] = mapped_column(Time)


class Outbox(Base):
    __tablename__ = "outbox_messages"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    tenant_id: Mapped[UUID]
    type: Mapped[str]
    payload: Mapped[dict[str, Any]] = mapped_column(JSONB)
    correlation_id: Mapped[str | None]
    occurred_at: Mapped[datetime] = mapped_column(Time)

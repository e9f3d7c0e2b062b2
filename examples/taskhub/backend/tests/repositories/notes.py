"""Notes with tags, in trees, numbered, and kept when deleted: for the tests of repositories."""

from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import (
    Column,
    ColumnElement,
    FromClause,
    Index,
    Integer,
    MetaData,
    String,
    Uuid,
    text,
)

from app.core.clock import Clock
from app.core.errors import RuleError
from app.core.ids import TenantId
from app.db.counters import Numbered
from app.db.engine import Database, DatabaseOptions
from app.db.links import counter_table, link_table
from app.db.metadata import (
    FIELDS,
    enum_type,
    global_table,
    metadata,
    reference,
    tenant_table,
    timestamps,
    unique,
    version_column,
)
from app.db.migration import owner_engine
from app.db.security import create_roles, global_table_grants, tenant_table_policies
from app.db.subqueries import any_of, count_of, refers, value_of
from app.db.types import UtcDateTime
from app.models.base import Entity
from app.repositories.entities import EntityRepository
from app.repositories.linking import ToMany
from app.repositories.nesting import Nesting

tables = MetaData(naming_convention=metadata.naming_convention)
tenants = global_table("tenants", Column("id", Uuid(), primary_key=True), into=tables)


class NoteWeight(StrEnum):
    LIGHT = "light"
    MIDDLING = "middling"
    HEAVY = "heavy"


class TooDeepError(RuleError):
    slug = "too-deep"
    code = "TOO_DEEP"


notes = tenant_table(
    "notes",
    Column("title", String(50), nullable=False),
    Column("weight", enum_type(NoteWeight, name="weight"), nullable=True),
    Column("size", Integer(), nullable=False, default=7),
    Column("parent_id", Uuid(), nullable=True),
    version_column(),
    *timestamps(),
    unique("title"),
    reference("parent_id", "notes"),
    into=tables,
)
tags = tenant_table("tags", Column("name", String(50), nullable=False), into=tables)
scraps = tenant_table(
    "scraps",
    Column("text", String(50), nullable=False),
    Column("above_id", Uuid(), nullable=True),
    Column("beside_id", Uuid(), nullable=True),
    *timestamps(),
    version_column(),
    Column("deleted_at", UtcDateTime(), nullable=True),
    reference("above_id", "scraps"),
    reference("beside_id", "scraps"),
    Index(
        "uq_scraps_text",
        "tenant_id",
        "text",
        unique=True,
        postgresql_where=text("deleted_at IS NULL"),
        sqlite_where=text("deleted_at IS NULL"),
        info={FIELDS: ("text",)},
    ),
    into=tables,
)
lines = tenant_table(
    "lines",
    Column("width", Integer(), nullable=False, default=7),
    Column("number", Integer(), nullable=False),
    Column("note_id", Uuid(), nullable=False),
    unique("note_id", "number"),
    reference("note_id", "notes"),
    into=tables,
)
note_tags = link_table(
    "note_tags", left=("note_id", "notes"), right=("tag_id", "tags"), into=tables
)
note_counters = counter_table("note_counters", within=("note_id", "notes"), into=tables)


class Note(Entity, frozen=True):
    id: UUID
    tenant_id: TenantId
    title: str
    weight: NoteWeight | None
    size: int
    parent_id: UUID | None
    version: int
    created_at: datetime
    updated_at: datetime
    children: int
    parent_title: str | None
    tag_ids: tuple[UUID, ...]


class Tag(Entity, frozen=True):
    id: UUID
    tenant_id: TenantId
    name: str


class Line(Entity, frozen=True):
    id: UUID
    tenant_id: TenantId
    width: int
    number: int
    note_id: UUID


class Scrap(Entity, frozen=True):
    id: UUID
    tenant_id: TenantId
    text: str
    above_id: UUID | None
    beside_id: UUID | None
    created_at: datetime
    updated_at: datetime
    version: int
    deleted_at: datetime | None


def children(note: FromClause = notes) -> ColumnElement[int]:
    child = notes.alias()
    return count_of(child, refers(child, "parent_id", to=note))


def tagged(name: str, note: FromClause = notes) -> ColumnElement[bool]:
    link, tag = note_tags.alias(), tags.alias()
    named = any_of(tag, refers(link, "tag_id", to=tag), tag.c.name == name)
    return any_of(link, refers(link, "note_id", to=note), named)


def parent_title(note: FromClause = notes) -> ColumnElement[str]:
    parent = notes.alias()
    return value_of(parent, parent.c.title, refers(note, "parent_id", to=parent))


class NoteRepository(EntityRepository[Note]):
    table = notes
    model = Note
    links: ClassVar[tuple[ToMany, ...]] = (
        ToMany(field="tag_ids", table=note_tags, own="note_id", other="tag_id"),
    )
    trees: ClassVar[tuple[Nesting, ...]] = (
        Nesting(column="parent_id", max_depth=3, error=TooDeepError),
    )

    @classmethod
    def _computed(cls) -> Mapping[str, ColumnElement[Any]]:
        return {"children": children(), "parent_title": parent_title()}


class TagRepository(EntityRepository[Tag]):
    table = tags
    model = Tag


class LineRepository(EntityRepository[Line]):
    table = lines
    model = Line
    counters: ClassVar[tuple[Numbered, ...]] = (Numbered(column="number", table=note_counters),)


class ScrapRepository(EntityRepository[Scrap]):
    table = scraps
    model = Scrap


async def create_notes(url: str) -> None:
    """Make the tables, locked on PostgreSQL."""
    engine = owner_engine(url)
    async with engine.begin() as connection:
        await connection.run_sync(tables.create_all)
        if engine.dialect.name == "postgresql":
            for statement in _security():
                await connection.execute(text(statement))
    await engine.dispose()


async def open_notes(url: str, clock: Clock) -> AsyncIterator[Database]:
    """Open a database that has the tables."""
    database = Database(DatabaseOptions(url=url), clock=clock, tables=tables)
    yield database
    await database.close()


def _security() -> list[str]:
    statements = [*create_roles(), *global_table_grants(tenants)]
    for table in tables.sorted_tables:
        if table is not tenants:
            statements += tenant_table_policies(table, identified="id" in table.c)
    return statements

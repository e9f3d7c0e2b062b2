"""A small service on the platform alone, for the tests of the platform."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Final
from uuid import UUID

from fastapi import FastAPI, Request, Response
from pydantic import Field
from sqlalchemy import Column, Integer, MetaData, String, Uuid, text

from app.api.application import assemble
from app.api.conditions import IfMatch, RequiredIfMatch
from app.api.deps import Dispatch, Permitted, Runtime
from app.api.pages import Listing, page
from app.api.payload import JsonBody
from app.api.responses import created, item, no_content
from app.api.routing import Router
from app.authorization.actor import Actor
from app.authorization.decisions import require_object
from app.authorization.dispatch import Dispatcher, Message, PublicMessage
from app.authorization.permissions import FOUNDER
from app.core.clock import Clock
from app.core.errors import NotFoundError, UnauthenticatedError, UniqueConflictError
from app.core.ids import TenantId, UserId, new_id
from app.core.inputs import Payload
from app.core.logging import LogLines
from app.core.preconditions import Precondition
from app.core.settings import Settings
from app.db.engine import Database, DatabaseOptions
from app.db.metadata import (
    global_table,
    metadata,
    reference,
    tenant_table,
    text_length,
    timestamps,
    unique,
    version_column,
)
from app.db.migration import owner_engine
from app.db.security import create_roles, global_table_grants, tenant_table_policies
from app.db.types import ExactDecimal, Json, UtcDateTime
from app.models.base import Entity
from app.repositories.base import TenantRepository
from app.schemas.base import Input, View
from app.schemas.fields import DecimalText, Id, Instant, Int64, QueryBool
from app.schemas.page import ListParameters, ListRequest, Page, PageView
from app.security.signing import Signer

tables = MetaData(naming_convention=metadata.naming_convention)
tenants = global_table("tenants", Column("id", Uuid(), primary_key=True), into=tables)
gadgets = tenant_table(
    "gadgets",
    Column("name", String(50), nullable=False),
    Column("size", Integer(), nullable=True),
    Column("price", ExactDecimal(30, 10), nullable=True),
    Column("due", UtcDateTime(), nullable=True),
    Column("parent_id", Uuid(), nullable=True),
    Column("extra", Json, nullable=True),
    version_column(),
    *timestamps(),
    unique("name"),
    reference("parent_id", "gadgets", field="parent"),
    text_length("name", 1, 50),
    into=tables,
)


class Gadget(Entity, frozen=True):
    id: UUID
    tenant_id: TenantId
    name: str
    size: int | None
    price: Decimal | None
    due: datetime | None
    parent_id: UUID | None
    extra: dict[str, Any] | None
    version: int
    created_at: datetime
    updated_at: datetime


class GadgetPermission(StrEnum):
    """What may be done with gadgets; roles hold none of it, each actor holds their own."""

    READ = "gadget:read"
    WRITE = "gadget:write"


EVERYTHING: Final = frozenset(GadgetPermission)
READING: Final = frozenset({GadgetPermission.READ})


@dataclass(frozen=True, slots=True, kw_only=True)
class GadgetActor(Actor):
    """Somebody who may do with gadgets what they hold, whatever roles there are."""

    holds: frozenset[str]

    def has(self, permission: str) -> bool:
        return permission in self.holds


class GadgetRepository(TenantRepository[Gadget]):
    table = gadgets
    model = Gadget


class GadgetSort(StrEnum):
    NAME = "name"
    NAME_DOWN = "-name"
    DUE = "due"
    DUE_DOWN = "-due"


class GadgetParameters(ListParameters):
    sort: GadgetSort = GadgetSort.NAME
    size: Annotated[int, Field(ge=0)] | None = None
    named: tuple[str, ...] | None = None
    dated: QueryBool | None = None


class Part(Input):
    code: str
    count: Int64


class GadgetInput(Input):
    name: Annotated[str, Field(min_length=1, max_length=50)]
    size: Annotated[Int64, Field(ge=0)] | None = None
    price: Annotated[DecimalText, Field(max_digits=30, decimal_places=10)] | None = None
    due: Instant | None = None
    parent_id: Id | None = None
    parts: tuple[Part, ...] = ()
    secret: str | None = None
    flag: bool | None = None
    ratio: float | None = None


class GadgetView(View):
    id: UUID
    name: str
    price: DecimalText | None
    due: Instant | None
    size: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateGadget(Message[Gadget]):
    permission: ClassVar = GadgetPermission.WRITE
    body: Payload[GadgetInput]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadGadget(Message[Gadget]):
    permission: ClassVar = GadgetPermission.READ
    gadget_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeGadget(Message[Gadget]):
    permission: ClassVar = GadgetPermission.WRITE
    gadget_id: UUID
    body: Payload[GadgetInput]
    condition: Precondition


@dataclass(frozen=True, slots=True, kw_only=True)
class DropGadget(Message[None]):
    permission: ClassVar = GadgetPermission.WRITE
    gadget_id: UUID
    condition: Precondition


@dataclass(frozen=True, slots=True, kw_only=True)
class ListGadgets(Message[Page[Gadget]]):
    permission: ClassVar = GadgetPermission.READ
    listing: Payload[ListRequest[GadgetParameters]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Echo(PublicMessage[str]):
    text: str


class Handlers:
    """All that may be done with gadgets."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.conflicts = 0

    async def create(self, message: CreateGadget, *, actor: Actor) -> Gadget:
        async with self._database.begin(actor.tenant_id) as transaction:
            values = message.body.value.model_dump(
                include={"name", "size", "price", "due", "parent_id"}
            )
            fixed = {"id": new_id(), "version": 1, "extra": None}
            times = {"created_at": transaction.now, "updated_at": transaction.now}
            repository = GadgetRepository(transaction)
            return await repository.insert(values | fixed | times, tenant_id=actor.tenant_id)

    async def read(self, message: ReadGadget, *, actor: Actor) -> Gadget:
        async with self._database.read(actor.tenant_id) as transaction:
            repository = GadgetRepository(transaction)
            return await repository.get(message.gadget_id, tenant_id=actor.tenant_id)

    async def change(self, message: ChangeGadget, *, actor: Actor) -> Gadget:
        async with self._database.begin(actor.tenant_id) as transaction:
            repository = GadgetRepository(transaction)
            tenant_id = actor.tenant_id
            gadget = await repository.get_for_update(message.gadget_id, tenant_id=tenant_id)
            require_object(
                gadget.name != "locked",
                actor=actor,
                action="gadget:write",
                resource="gadget",
                resource_id=gadget.id,
            )
            values = message.body.value.model_dump(include={"name", "size", "parent_id"})
            message.condition.check(gadget)
            return await repository.update(gadget, values, tenant_id=tenant_id)

    async def drop(self, message: DropGadget, *, actor: Actor) -> None:
        async with self._database.begin(actor.tenant_id) as transaction:
            repository = GadgetRepository(transaction)
            tenant_id = actor.tenant_id
            gadget = await repository.get_for_update(message.gadget_id, tenant_id=tenant_id)
            message.condition.check(gadget)
            await repository.delete(gadget.id, tenant_id=tenant_id)

    async def list(self, message: ListGadgets, *, actor: Actor) -> Page[Gadget]:
        request = message.listing.value
        filters = request.parameters
        conditions = []
        if filters.size is not None:
            conditions.append(gadgets.c.size == filters.size)
        if filters.named is not None:
            conditions.append(gadgets.c.name.in_(filters.named))
        async with self._database.read(actor.tenant_id) as transaction:
            repository = GadgetRepository(transaction)
            return await repository.page(request.page, *conditions, tenant_id=actor.tenant_id)

    async def echo(self, message: Echo) -> str:
        return message.text


class EchoView(View):
    text: str


router = Router(tags=["gadgets"])


@router.post(
    "/v1/gadgets",
    status_code=201,
    response_model=GadgetView,
    raises=(UniqueConflictError,),
)
async def create_gadget(
    actor: Permitted[CreateGadget], body: JsonBody[GadgetInput], dispatch: Dispatch
) -> Response:
    """Make a gadget."""
    gadget = await dispatch(CreateGadget(body=body), actor=actor)
    return created(GadgetView.of(gadget), location=f"/v1/gadgets/{gadget.id}", of=gadget)


@router.get("/v1/gadgets", response_model=PageView[GadgetView])
async def list_gadgets(
    request: Request,
    actor: Permitted[ListGadgets],
    listing: Listing[GadgetParameters],
    dispatch: Dispatch,
) -> Response:
    """List gadgets."""
    found = await dispatch(ListGadgets(listing=listing), actor=actor)
    return page(request, found, GadgetView.each)


@router.get("/v1/gadgets/{gadget_id}", response_model=GadgetView)
async def read_gadget(
    request: Request, gadget_id: Id, actor: Permitted[ReadGadget], dispatch: Dispatch
) -> Response:
    """Show a gadget."""
    gadget = await dispatch(ReadGadget(gadget_id=gadget_id), actor=actor)
    return item(GadgetView.of(gadget), of=gadget, request=request)


@router.patch(
    "/v1/gadgets/{gadget_id}",
    response_model=GadgetView,
    raises=(UniqueConflictError, NotFoundError),
)
async def change_gadget(
    gadget_id: Id,
    actor: Permitted[ChangeGadget],
    body: JsonBody[GadgetInput],
    condition: RequiredIfMatch,
    dispatch: Dispatch,
) -> Response:
    """Change a gadget."""
    message = ChangeGadget(gadget_id=gadget_id, body=body, condition=condition)
    gadget = await dispatch(message, actor=actor)
    return item(GadgetView.of(gadget), of=gadget)


@router.delete("/v1/gadgets/{gadget_id}", status_code=204)
async def drop_gadget(
    gadget_id: Id, actor: Permitted[DropGadget], condition: IfMatch, dispatch: Dispatch
) -> Response:
    """Remove a gadget."""
    await dispatch(DropGadget(gadget_id=gadget_id, condition=condition), actor=actor)
    return no_content()


@router.post("/v1/echo", response_model=EchoView)
async def echo(body: JsonBody[Part], dispatch: Dispatch) -> Response:
    """Say the code again."""
    text = await dispatch.public(Echo(text=body.value.code))
    return item(EchoView(text=text))


@router.get("/v1/broken")
async def broken() -> Response:
    """Fail in a way that nobody thought of."""
    msg = "secret-canary {braces} \ud800"
    raise RuntimeError(msg)


class Doorman:
    """Knows the actors by their tokens."""

    def __init__(self) -> None:
        self.actors: dict[str, Actor] = {}

    async def __call__(self, token: str) -> Actor:
        if token not in self.actors:
            raise UnauthenticatedError
        return self.actors[token]

    def admit(self, token: str, holds: frozenset[str], tenant_id: UUID | None = None) -> Actor:
        actor = GadgetActor(
            user_id=UserId(new_id()),
            tenant_id=TenantId(tenant_id or new_id()),
            role=FOUNDER,
            holds=holds,
        )
        self.actors[token] = actor
        return actor


async def create_schema(url: str) -> None:
    """Make the tables, and on PostgreSQL the roles and policies."""
    engine = owner_engine(url)
    async with engine.begin() as connection:
        await connection.run_sync(tables.create_all)
        if engine.dialect.name == "postgresql":
            for statement in (
                *create_roles(),
                *tenant_table_policies(gadgets),
                *global_table_grants(tenants),
            ):
                await connection.execute(text(statement))
    await engine.dispose()


async def open_database(url: str, clock: Clock, **options: Any) -> AsyncIterator[Database]:
    """Yield a database with the tables, which are made."""
    await create_schema(url)
    async for database in reopened(url, clock, **options):
        yield database


async def reopened(url: str, clock: Clock, **options: Any) -> AsyncIterator[Database]:
    """Yield a database that has the tables."""
    database = Database(DatabaseOptions(url=url, **options), clock=clock, tables=tables)
    try:
        yield database
    finally:
        await database.close()


def build_app(
    settings: Settings, database: Database, doorman: Doorman, lines: LogLines, **options: Any
) -> FastAPI:
    handlers = Handlers(database)
    dispatcher = Dispatcher()
    dispatcher.register(CreateGadget, handlers.create)
    dispatcher.register(ReadGadget, handlers.read)
    dispatcher.register(ChangeGadget, handlers.change)
    dispatcher.register(DropGadget, handlers.drop)
    dispatcher.register(ListGadgets, handlers.list)
    dispatcher.register_public(Echo, handlers.echo)
    runtime = Runtime(
        database=database,
        dispatcher=dispatcher,
        authenticate=doorman,
        cursors=Signer(settings.secret, purpose="cursor"),
        public_url=settings.public_url,
        check_answers=True,
        **options,
    )
    return assemble(settings, runtime, [router], lines)

"""Webhooks of tenants, events for them, and what tests ask about both."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar, Final
from uuid import UUID

from sqlalchemy import insert, select, update

from app.authorization.permissions import MANAGE_WEBHOOKS, ROLE_PERMISSIONS, Role
from app.core.clock import SystemClock
from app.core.ids import TenantId, UserId, new_id
from app.core.settings import Settings
from app.db.engine import Database
from app.db.webhooks_security import COURIER_SCOPE
from app.events.base import Event
from app.events.outbox import Outbox
from app.models.audit_entry import audit_entries
from app.models.base import hydrate
from app.models.outbox_message import outbox_messages
from app.models.user import users
from app.models.webhook import Webhook, webhooks
from app.models.webhook_delivery import WebhookDelivery, webhook_deliveries
from app.models.webhook_event import WebhookEvent
from app.security.webhook_secrets import WebhookSecrets, new_salt
from app.webhooks import taking
from app.webhooks.courier import Courier
from app.webhooks.fan_out import FanOut
from app.webhooks.ledger import Taken
from app.webhooks.network import PublicNetwork, Resolve, resolved
from app.webhooks.sending import Sender
from app.worker.relay import Relay
from tests.jobs.deeds import PAST, add_tenant
from tests.world import number

CHOSEN: Final = next(iter(WebhookEvent))
"""An event that webhooks may hear of."""
ALLOWED: Final = tuple(role for role in Role if MANAGE_WEBHOOKS in ROLE_PERMISSIONS[role])
REFUSED: Final = tuple(role for role in Role if role not in ALLOWED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Somebody who may have webhooks."""

    tenant_id: TenantId
    user_id: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen(Event):
    """An event by the name of one that webhooks may hear of."""

    NAME: ClassVar[str] = str(CHOSEN)
    id: UUID
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unchosen(Event):
    """An event of which no webhook may hear."""

    NAME: ClassVar[str] = "NobodysEvent"
    id: UUID


async def add_owner(database: Database) -> Owner:
    tenant_id = await add_tenant(database)
    user_id = UserId(new_id())
    email = f"owner-{number()}@example.test"
    row = {
        "id": user_id,
        "tenant_id": tenant_id,
        "email": email,
        "email_key": email,
        "name": "Owner",
        "handle": f"owner-{number()}",
        "role": ALLOWED[0],
        "password_hash": "nobody signs in with a password here",
        "created_at": PAST,
        "updated_at": PAST,
        "version": 1,
    }
    async with database.begin(tenant_id) as transaction:
        await transaction.execute(insert(users).values(row))
    return Owner(tenant_id=tenant_id, user_id=user_id)


async def add_webhook(
    database: Database, owner: Owner, url: str, events: Sequence[str] = (CHOSEN,), **values: Any
) -> Webhook:
    row = {
        "id": new_id(),
        "tenant_id": owner.tenant_id,
        "url": url,
        "events": list(events),
        "salt": new_salt(),
        "owner_id": owner.user_id,
        "created_at": PAST,
        "updated_at": PAST,
        "version": 1,
        **values,
    }
    async with database.begin(owner.tenant_id) as transaction:
        stored = insert(webhooks).values(row).returning(*webhooks.c)
        return hydrate(Webhook, await transaction.one(stored))


async def announce(database: Database, owner: Owner, note: str = "hear") -> UUID:
    """Announce something that webhooks may hear of, relay it, and return the event's id."""
    written = await write(database, owner, note)
    await relay(database).relay()
    found = select(outbox_messages).where(outbox_messages.c.tenant_id == owner.tenant_id)
    async with database.read(owner.tenant_id) as transaction:
        rows = await transaction.all(found)
    return next(row.id for row in rows if row.payload.get("id") == str(written))


async def write(database: Database, owner: Owner, note: str = "hear") -> UUID:
    """Announce something that webhooks may hear of, and return which thing."""
    event = Chosen(tenant_id=owner.tenant_id, id=new_id(), note=note)
    async with database.begin(owner.tenant_id) as transaction:
        await Outbox(transaction).add(event)
    return event.id


def relay(database: Database) -> Relay:
    keep = timedelta(days=30)
    return Relay(database, (), (Chosen, Unchosen), keep=keep, listeners=(FanOut(),))


def courier(
    database: Database, settings: Settings, *, chance: float = 1.0, resolve: Resolve = resolved
) -> Courier:
    """Return what delivers; each wait is as long as it may be."""
    insecure = settings.webhooks_insecure
    network = PublicNetwork(insecure=insecure, resolve=resolve)
    secrets = WebhookSecrets(settings.secret)
    sender = Sender(secrets, network, SystemClock(), insecure=insecure)
    return Courier(database, settings, sender, chance=lambda: chance)


async def deliver(worker: Courier, database: Database) -> int:
    """Deliver what is due, one after the other; return how much that was."""
    rows, token = await taking.take(database, 100)
    for row in rows:
        await worker.deliver(Taken.of(row, token))
    return len(rows)


async def deliveries(database: Database, owner: Owner) -> list[WebhookDelivery]:
    """Return the deliveries of a tenant, the oldest first."""
    found = select(webhook_deliveries).order_by(webhook_deliveries.c.id)
    mine = found.where(webhook_deliveries.c.tenant_id == owner.tenant_id)
    async with database.read(owner.tenant_id) as transaction:
        return [hydrate(WebhookDelivery, row) for row in await transaction.all(mine)]


async def webhook(database: Database, owner: Owner, webhook_id: UUID) -> Webhook:
    found = select(webhooks).where(
        webhooks.c.tenant_id == owner.tenant_id, webhooks.c.id == webhook_id
    )
    async with database.read(owner.tenant_id) as transaction:
        return hydrate(Webhook, await transaction.one(found))


async def change(database: Database, owner: Owner, **values: Any) -> None:
    """Change the deliveries of a tenant, as time or an accident would."""
    mine = update(webhook_deliveries).where(webhook_deliveries.c.tenant_id == owner.tenant_id)
    async with database.opened(COURIER_SCOPE) as transaction:
        await transaction.execute(mine.values(values))


async def change_webhook(database: Database, owner: Owner, **values: Any) -> None:
    """Change the webhooks of a tenant."""
    mine = update(webhooks).where(webhooks.c.tenant_id == owner.tenant_id)
    async with database.begin(owner.tenant_id) as transaction:
        await transaction.execute(mine.values(values))


async def announced(database: Database, owner: Owner, name: str) -> list[Mapping[str, Any]]:
    """Return the payloads of the events of a name in a tenant."""
    found = select(outbox_messages).where(
        outbox_messages.c.tenant_id == owner.tenant_id, outbox_messages.c.type == name
    )
    async with database.read(owner.tenant_id) as transaction:
        return [row.payload for row in await transaction.all(found)]


async def recorded(database: Database, owner: Owner) -> list[Any]:
    """Return the audit trail of a tenant, the oldest entry first."""
    found = select(audit_entries).where(audit_entries.c.tenant_id == owner.tenant_id)
    async with database.read(owner.tenant_id) as transaction:
        return list(await transaction.all(found.order_by(audit_entries.c.id)))

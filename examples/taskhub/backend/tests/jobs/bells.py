"""An event that nothing else announces, jobs that hear of it, and what tests ask about both."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar, Final
from uuid import UUID

from sqlalchemy import insert, select

from app.core.context import WorkContext, entered
from app.core.ids import TenantId, new_id
from app.db.engine import Database
from app.db.jobs_security import RELAY_SCOPE
from app.events.base import Event
from app.events.outbox import Outbox
from app.models.job import jobs
from app.models.outbox_message import outbox_messages
from app.worker.on_event import OnEvent
from app.worker.relay import Relay
from app.worker.work import Work
from tests.jobs.deeds import PAST, Act, Deed, deed

KEEP: Final = timedelta(days=30)
CORRELATION: Final = "who-rang"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung(Event):
    """Somebody rang a bell."""

    NAME: ClassVar[str] = "Rung"
    id: UUID
    times: int


class Hearing(OnEvent[Rung], Deed):
    """Leaves its audit entry when a bell was rung, though not for no ring at all."""

    on: ClassVar = (Rung,)

    def applies(self) -> bool:
        return self._event.times > 0


def hearing(act: Act | None = None, **attributes: Any) -> type[Work]:
    """Return a job that hears of bells, and that no other test knows."""
    own = deed(act, **attributes)
    return type("OwnHearing", (Hearing,), {"name": own.name, "act": own.__dict__["act"]})


def relay(database: Database, *works: type[Work], events: Sequence[type[Event]] = (Rung,)) -> Relay:
    return Relay(database, works, events, keep=KEEP)


async def ring(database: Database, tenant_id: TenantId, *, times: int = 1) -> UUID:
    """Announce that a bell was rung, and return which one."""
    rung = Rung(tenant_id=tenant_id, id=new_id(), times=times)
    async with database.begin(tenant_id) as transaction:
        with entered(WorkContext(correlation_id=CORRELATION)):
            await Outbox(transaction).add(rung)
    return rung.id


async def write(database: Database, tenant_id: TenantId, **values: Any) -> UUID:
    """Write an event as another version of the service would, and return its id."""
    row = {"id": new_id(), "tenant_id": tenant_id, "type": Rung.NAME, "occurred_at": PAST}
    payload = {"id": str(new_id()), "times": 1}
    async with database.begin(tenant_id) as transaction:
        await transaction.execute(
            insert(outbox_messages).values({**row, "payload": payload, **values})
        )
    found: UUID = values.get("id", row["id"])
    return found


async def messages(database: Database) -> Sequence[Any]:
    """Return what is in the outbox, the oldest first."""
    found = select(outbox_messages).order_by(outbox_messages.c.occurred_at, outbox_messages.c.id)
    async with database.opened(RELAY_SCOPE) as transaction:
        return await transaction.all(found)


async def queued(database: Database, work: type[Work]) -> Sequence[Any]:
    """Return the jobs of a kind, in the order in which they are taken."""
    found = select(jobs).where(jobs.c.name == work.name).order_by(jobs.c.run_at, jobs.c.id)
    async with database.opened(RELAY_SCOPE) as transaction:
        return await transaction.all(found)


async def rung(database: Database, work: type[Work]) -> list[UUID]:
    """Return which bells jobs of a kind heard of, in the order in which they are taken."""
    return [UUID(row.payload["id"]) for row in await queued(database, work)]

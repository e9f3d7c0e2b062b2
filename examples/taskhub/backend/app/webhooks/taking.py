"""Which deliveries are next, and whose they are for a while."""

from collections.abc import Sequence
from functools import cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    Integer,
    Row,
    Select,
    Subquery,
    bindparam,
    delete,
    func,
    select,
    update,
)

from app.core.errors import SerializationError
from app.core.ids import new_id
from app.core.webhook_rules import TIMEOUT
from app.db.clock import database_now, from_now
from app.db.engine import Database
from app.db.parameters import named, one_of, parameter
from app.db.statements import Fixed
from app.db.webhooks_security import COURIER_SCOPE
from app.models.webhook_delivery import WebhookDeliveryState, webhook_deliveries

PER_WEBHOOK: Final = 2
"""How many deliveries are on their way to one webhook, so that a slow one holds up no other."""
LEASE_SECONDS: Final = TIMEOUT.total_seconds() + 30
"""After which time whoever has taken a delivery is taken for dead."""
_REMOVED_AT_ONCE: Final = 1000
_rows = webhook_deliveries.c
_LIMIT: Final = bindparam("given.limit", type_=Integer())
_DUE: Final = (_rows.state == WebhookDeliveryState.WAITING, _rows.run_at <= database_now())
_TAKEN: Final = Fixed(
    update(webhook_deliveries)
    .where(one_of(_rows.id, "ids"))
    .values(
        attempt=_rows.attempt + 1,
        token=parameter("token", _rows.token),
        run_at=from_now("lease"),
    )
)
_BACKLOG: Final = Fixed(
    select(
        func.count().label("size"),
        func.min(_rows.run_at).label("since"),
        database_now().label("now"),
    ).where(*_DUE)
)
_OLD: Final = (
    select(_rows.id)
    .where(_rows.state != WebhookDeliveryState.WAITING, _rows.created_at < from_now("since"))
    .limit(_REMOVED_AT_ONCE)
)
_OLD_REMOVED: Final = Fixed(delete(webhook_deliveries).where(_rows.id.in_(_OLD)))


async def take(database: Database, limit: int) -> tuple[Sequence[Row[Any]], UUID]:
    """Take at most `limit` deliveries that are due, as they were before; return the token, too.

    Of each webhook one comes before its second.
    """
    token = new_id()
    try:
        async with database.opened(COURIER_SCOPE) as transaction:
            rows = await transaction.all(_due(), named({"limit": limit}))
            if rows:
                ids = [row.id for row in rows]
                taken = named({"ids": ids, "token": token, "lease": LEASE_SECONDS})
                await transaction.execute(_TAKEN, taken)
    except SerializationError:
        # Another worker has just taken one of them.
        return [], token
    return rows, token


async def backlog(database: Database) -> tuple[int, float]:
    """Return how many deliveries are due, and for how many seconds the oldest one has been."""
    async with database.opened(COURIER_SCOPE) as transaction:
        found = await transaction.one(_BACKLOG)
    return found.size, (found.now - found.since).total_seconds() if found.size else 0.0


async def remove_old(database: Database, *, older: float) -> None:
    """Remove deliveries that ended, and were queued more than so many seconds ago."""
    removed = _REMOVED_AT_ONCE
    while removed == _REMOVED_AT_ONCE:
        async with database.opened(COURIER_SCOPE) as transaction:
            removed = await transaction.execute(_OLD_REMOVED, named({"since": -older}))


@cache
def _due() -> Fixed:
    turns = _turns()
    found: Select[tuple[object, ...]] = select(webhook_deliveries)
    found = found.join(turns, turns.c.id == _rows.id).where(*_DUE, turns.c.turn <= PER_WEBHOOK)
    found = found.order_by(turns.c.turn, _rows.run_at, _rows.id).limit(_LIMIT)
    return Fixed(found.with_for_update(of=webhook_deliveries, skip_locked=True))


def _turns() -> Subquery:
    """Return the place of each delivery that is due among those on their way to its webhook."""
    due, busy = webhook_deliveries.alias(), _busy()
    first = due.c
    place = func.row_number().over(partition_by=first.webhook_id, order_by=(first.run_at, first.id))
    turn = (place + func.coalesce(busy.c.deliveries, 0)).label("turn")
    found = select(first.id, turn).select_from(
        due.outerjoin(busy, busy.c.webhook_id == first.webhook_id)
    )
    is_due = (first.state == WebhookDeliveryState.WAITING, first.run_at <= database_now())
    return found.where(*is_due).subquery()


def _busy() -> Subquery:
    """Return how many deliveries are on their way to each webhook, counted once for all of them."""
    others = webhook_deliveries.alias().c
    deliveries = func.count().label("deliveries")
    on_their_way = (
        others.state == WebhookDeliveryState.WAITING,
        others.token.is_not(None),
        others.run_at > database_now(),
    )
    counted = select(others.webhook_id, deliveries).where(*on_their_way)
    return counted.group_by(others.webhook_id).subquery()

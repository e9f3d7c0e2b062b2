"""The relay: each event starts each of its jobs once, whatever happens meanwhile."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from loguru import logger
from sqlalchemy import delete, update

from app.core.ids import TenantId, new_id
from app.db.engine import Database
from app.db.jobs_security import RELAY_SCOPE
from app.db.transactions import Transaction
from app.events.outbox import Outbox
from app.models.outbox_message import outbox_messages
from app.worker.metrics import EVENTS_PARKED, OUTBOX_PARKED, OUTBOX_WAITING, OUTBOX_WAITING_SECONDS
from app.worker.relay import AT_ONCE, Relay
from tests.jobs.bells import (
    CORRELATION,
    KEEP,
    Rung,
    hearing,
    messages,
    queued,
    relay,
    ring,
    rung,
    write,
)
from tests.jobs.deeds import PAST, deed
from tests.requirements import JOBS

pytestmark = pytest.mark.requirement(*JOBS)


@pytest.fixture(autouse=True)
async def _empty(database: Database) -> None:
    async with database.opened(RELAY_SCOPE) as transaction:
        await transaction.execute(delete(outbox_messages))


@pytest.fixture
def logged() -> Iterator[list[dict[str, Any]]]:
    """What is logged, from errors on."""
    lines: list[dict[str, Any]] = []
    sink = logger.add(lambda line: lines.append(line.record["extra"]), level="ERROR")
    yield lines
    logger.remove(sink)


async def forget(database: Database) -> None:
    """Let all events look as if they had not been relayed."""
    async with database.opened(RELAY_SCOPE) as transaction:
        await transaction.execute(update(outbox_messages).values(published_at=None))


async def test_an_event_starts_all_that_hears_of_it(database: Database, tenant: TenantId) -> None:
    first, second, deaf = hearing(), hearing(), deed()
    bell = await ring(database, tenant)

    await relay(database, first, second, deaf).relay()

    for work in (first, second):
        [row] = await queued(database, work)
        assert (row.tenant_id, row.event, row.correlation_id) == (tenant, "Rung", CORRELATION)
        assert row.payload == {"id": str(bell), "times": 1}
        assert (row.schedule, row.scheduled_for) == (None, None)
    assert await queued(database, deaf) == []
    [message] = await messages(database)
    assert message.published_at is not None
    assert row.event_id == message.id


async def test_what_nobody_hears_of_is_relayed_to_nobody(
    database: Database, tenant: TenantId
) -> None:
    work = deed()
    await ring(database, tenant)

    await relay(database, work).relay()

    [message] = await messages(database)
    assert message.published_at is not None
    assert await queued(database, work) == []


async def test_without_jobs_that_hear_of_events_none_is_needed(database: Database) -> None:
    assert not relay(database, deed()).is_needed
    assert relay(database, hearing()).is_needed


async def test_an_event_that_is_relayed_twice_starts_a_job_once(
    database: Database, tenant: TenantId
) -> None:
    work = hearing()
    await ring(database, tenant)

    for _ in range(3):
        await relay(database, work).relay()
        await forget(database)

    assert len(await queued(database, work)) == 1


async def test_a_relay_that_breaks_off_has_done_nothing(
    database: Database, tenant: TenantId, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = hearing()
    bells = [await ring(database, tenant) for _ in range(3)]
    executed = Transaction.execute_each

    async def broken(self: Transaction, statement: Any, rows: Sequence[Any]) -> None:
        # What is killed before it marks the events.
        await executed(self, statement, rows)
        assert len(rows) == len(bells)
        raise ConnectionResetError

    with monkeypatch.context() as patched:
        patched.setattr(Transaction, "execute_each", broken)
        with pytest.raises(ConnectionResetError):
            await relay(database, work).relay()
    assert await queued(database, work) == []

    await relay(database, work).relay()
    assert await rung(database, work) == bells


async def test_what_was_rolled_back_starts_nothing(database: Database, tenant: TenantId) -> None:
    work = hearing()
    with pytest.raises(KeyError):
        async with database.begin(tenant) as transaction:
            await Outbox(transaction).add(Rung(tenant_id=tenant, id=new_id(), times=1))
            raise KeyError

    await relay(database, work).relay()

    assert await queued(database, work) == []


async def test_what_is_committed_late_is_not_passed_over(
    database: Database, tenant: TenantId, *, on_postgresql: bool
) -> None:
    if not on_postgresql:
        pytest.skip("SQLite has one writer, so whoever begins first commits first")
    work = hearing()
    late = Rung(tenant_id=tenant, id=new_id(), times=1)
    async with database.begin(tenant) as transaction:
        await Outbox(transaction).add(late)
        await transaction.settle()
        early = await ring(database, tenant)
        await relay(database, work).relay()
        assert await rung(database, work) == [early]

    await relay(database, work).relay()

    assert set(await rung(database, work)) == {early, late.id}


@pytest.mark.waits(4)
async def test_of_many_relays_one_takes_each_event(
    database: Database, tenant: TenantId, other_tenant: TenantId
) -> None:
    work = hearing()
    for number in range(2 * AT_ONCE):
        occurred_at = PAST + timedelta(seconds=number)
        await write(database, (tenant, other_tenant)[number % 2], occurred_at=occurred_at)

    async def relayed(own: Relay) -> None:
        for _ in range(20):
            await own.relay()

    await asyncio.gather(*(relayed(relay(database, work)) for _ in range(3)))

    rows = await queued(database, work)
    assert len({row.event_id for row in rows}) == len(rows) == 2 * AT_ONCE
    for each in (tenant, other_tenant):
        assert len([row for row in rows if row.tenant_id == each]) == AT_ONCE
    assert [row.event_id for row in rows] == [message.id for message in await messages(database)]


async def test_jobs_are_taken_in_the_order_of_what_happened(
    database: Database, tenant: TenantId
) -> None:
    work = hearing()
    later = await write(database, tenant, occurred_at=PAST + timedelta(hours=1))
    await relay(database, work).relay()
    earlier = await write(database, tenant)
    await relay(database, work).relay()

    assert [row.event_id for row in await queued(database, work)] == [earlier, later]


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"type": "BellMelted"}, "unknown"),
        ({"payload": {"id": "no id", "times": 1}}, "unreadable"),
        ({"payload": {}}, "unreadable"),
        ({"payload": ["no", "members"]}, "unreadable"),
    ],
)
async def test_what_cannot_be_read_is_laid_aside(
    database: Database,
    tenant: TenantId,
    logged: list[dict[str, Any]],
    values: dict[str, Any],
    reason: str,
) -> None:
    work, counted = hearing(), EVENTS_PARKED.labels(reason)
    before = counted._value.get()
    bad = await write(database, tenant, **values)
    good = await write(database, tenant, occurred_at=PAST + timedelta(seconds=1))

    assert not await relay(database, work).relay()

    parked, relayed = await messages(database)
    assert (parked.id, parked.parked_because, parked.published_at) == (bad, reason, None)
    assert parked.parked_at is not None
    assert (relayed.id, relayed.parked_at) == (good, None)
    assert [row.event_id for row in await queued(database, work)] == [good]
    assert counted._value.get() == before + 1
    [line] = logged
    assert (line["event"], line["event_id"], line["reason"]) == ("event_parked", str(bad), reason)
    assert not await relay(database, work).relay()
    assert len(logged) == 1


async def test_what_was_unknown_is_relayed_by_a_version_that_knows_it(
    database: Database, tenant: TenantId
) -> None:
    work = hearing()
    bell = await ring(database, tenant)
    older = relay(database, work, events=())
    await older.relay()
    await older.revive()
    await older.relay()
    assert await queued(database, work) == []

    newer = relay(database, work)
    await newer.revive()
    await newer.relay()

    assert await rung(database, work) == [bell]


async def test_metrics_tell_what_waits_and_what_was_laid_aside(
    database: Database, tenant: TenantId
) -> None:
    since = datetime.now(UTC) - timedelta(minutes=10)
    own = relay(database, hearing())
    await write(database, tenant, type="BellMelted")
    await own.relay()
    await write(database, tenant, occurred_at=since)
    await ring(database, tenant)

    await own.measure()
    assert (OUTBOX_WAITING._value.get(), OUTBOX_PARKED._value.get()) == (2, 1)
    assert abs(OUTBOX_WAITING_SECONDS._value.get() - 600) < 10

    await own.relay()
    await own.measure()
    assert (OUTBOX_WAITING._value.get(), OUTBOX_WAITING_SECONDS._value.get()) == (0, 0)


async def test_events_that_were_relayed_go_after_a_while(
    database: Database, tenant: TenantId
) -> None:
    now = datetime.now(UTC)
    old, new = now - KEEP - timedelta(hours=1), now - KEEP + timedelta(hours=1)
    await write(database, tenant, published_at=old)
    kept = [
        await write(database, tenant, published_at=new),
        await write(database, tenant),
        await write(database, tenant, parked_at=old, parked_because="unknown"),
    ]

    await relay(database, hearing()).remove_old()

    assert {message.id for message in await messages(database)} == set(kept)

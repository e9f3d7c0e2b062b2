"""Deliveries: one of each event for each webhook, tried again for a while, and then given up."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from app.core.settings import Settings
from app.core.webhook_rules import ATTEMPTS, DISABLE_AFTER, OVERLAP, TIMEOUT, WAITS
from app.db.engine import Database
from app.db.jobs_security import RELAY_SCOPE
from app.db.webhooks_security import COURIER_SCOPE
from app.events.webhooks import WebhookDisabled
from app.models.outbox_message import outbox_messages
from app.models.webhook import WebhookDisabledBecause
from app.models.webhook_delivery import (
    TEST_EVENT,
    WebhookDelivery,
    WebhookDeliveryState,
    webhook_deliveries,
)
from app.repositories.webhook_deliveries import WebhookDeliveryRepository
from app.repositories.webhooks import WebhookRepository
from app.security.webhook_secrets import WebhookSecrets, new_salt
from app.webhooks import taking
from app.webhooks.fan_out import FanOut
from app.webhooks.ledger import MOST_ATTEMPTS, Taken
from app.worker.worker import Worker
from tests.jobs.deeds import PAST, until
from tests.requirements import WEBHOOKS
from tests.webhooks.hooks import (
    CHOSEN,
    Chosen,
    Owner,
    Unchosen,
    add_owner,
    add_webhook,
    announce,
    announced,
    change,
    change_webhook,
    courier,
    deliver,
    deliveries,
    recorded,
    relay,
    webhook,
    write,
)
from tests.webhooks.receiver import Receiver, hanging, saying, verified

pytestmark = pytest.mark.requirement(*WEBHOOKS)

State = WebhookDeliveryState


async def only(database: Database, owner: Owner) -> WebhookDelivery:
    [delivery] = await deliveries(database, owner)
    return delivery


async def test_an_event_is_delivered_to_whoever_chose_it(
    database: Database,
    hook_settings: Settings,
    owner: Owner,
    other_owner: Owner,
    receiver: Receiver,
) -> None:
    hears = await add_webhook(database, owner, receiver.url)
    also = await add_webhook(database, owner, receiver.url)
    await add_webhook(database, owner, receiver.url, ["SomethingElse"])
    await add_webhook(database, owner, receiver.url, active=False)
    await add_webhook(database, other_owner, receiver.url)

    event_id = await announce(database, owner, "for us")
    assert await deliver(courier(database, hook_settings), database) == 2

    assert [each.told["data"]["note"] for each in receiver.heard] == ["for us"] * 2
    assert {each.told["tenant_id"] for each in receiver.heard} == {str(owner.tenant_id)}
    assert {each.id for each in receiver.heard} == {str(event_id)}
    found = await deliveries(database, owner)
    assert {each.webhook_id for each in found} == {hears.id, also.id}
    assert {each.state for each in found} == {State.DELIVERED}
    assert [each.attempts[0]["status"] for each in found] == [204, 204]
    assert await deliveries(database, other_owner) == []
    secrets = WebhookSecrets(hook_settings.secret)
    told = [secrets.told(each.salt) for each in (hears, also)]
    for heard in receiver.heard:
        assert [verified(heard, each, now=time.time()) for each in told].count(True) == 1


async def test_an_event_that_is_relayed_twice_is_queued_once(
    database: Database, owner: Owner, receiver: Receiver
) -> None:
    await add_webhook(database, owner, receiver.url)
    await announce(database, owner)

    async with database.opened(RELAY_SCOPE) as transaction:
        await transaction.execute(update(outbox_messages).values(published_at=None))
    await asyncio.gather(relay(database).relay(), relay(database).relay())

    assert len(await deliveries(database, owner)) == 1


async def test_a_failed_attempt_is_made_again_within_its_bounds(
    database: Database, hook_settings: Settings, owner: Owner, receiver: Receiver
) -> None:
    await add_webhook(database, owner, receiver.url)
    await announce(database, owner)
    receiver.answer = saying(500, body=b"<script>secret</script>")
    worker = courier(database, hook_settings)

    waits = []
    for attempt in range(1, ATTEMPTS):
        began = datetime.now(UTC)
        assert await deliver(worker, database) == 1
        delivery = await only(database, owner)
        assert (delivery.state, delivery.attempt) == (State.WAITING, attempt)
        assert (delivery.status, delivery.reason) == (500, "status 500")
        waits.append(delivery.run_at - began)
        assert await deliver(worker, database) == 0, "it waits"
        await change(database, owner, run_at=PAST)
    assert await deliver(worker, database) == 1

    delivery = await only(database, owner)
    assert (delivery.state, delivery.attempt) == (State.FAILED, ATTEMPTS)
    assert len(delivery.attempts) == ATTEMPTS
    assert "secret" not in str(delivery.attempts)
    for wait, bound in zip(waits, WAITS, strict=True):
        assert bound - timedelta(seconds=1) < wait < bound + timedelta(seconds=20)
    assert sum(WAITS, timedelta()) <= timedelta(hours=24)
    assert {each.id for each in receiver.heard} == {str(delivery.event_id)}
    assert len({each.body for each in receiver.heard}) == 1
    assert await deliver(worker, database) == 0


async def test_chance_makes_waits_shorter(
    database: Database, hook_settings: Settings, owner: Owner, receiver: Receiver
) -> None:
    await add_webhook(database, owner, receiver.url)
    await announce(database, owner)
    receiver.answer = saying(503)

    await deliver(courier(database, hook_settings, chance=0.0), database)

    assert await deliver(courier(database, hook_settings), database) == 1


async def test_too_many_failures_in_a_row_switch_a_webhook_off(
    database: Database, hook_settings: Settings, owner: Owner, receiver: Receiver
) -> None:
    hook = await add_webhook(database, owner, receiver.url, failures=DISABLE_AFTER - 2)
    worker = courier(database, hook_settings)
    receiver.answer = saying(500)

    async def fail() -> None:
        await announce(database, owner)
        await change(database, owner, attempt=ATTEMPTS - 1)
        await deliver(worker, database)

    await fail()
    still = await webhook(database, owner, hook.id)
    assert (still.active, still.failures, still.version) == (True, DISABLE_AFTER - 1, 1)
    await announce(database, owner, "waits")
    await change(database, owner, run_at=datetime(2100, 1, 1, tzinfo=UTC))
    await fail()

    disabled = await webhook(database, owner, hook.id)
    assert (disabled.active, disabled.version) == (False, 2)
    assert disabled.disabled_because is WebhookDisabledBecause.FAILURES
    states = [each.state for each in await deliveries(database, owner)]
    assert sorted(states) == [State.CANCELLED, State.FAILED, State.FAILED]
    entries = await recorded(database, owner)
    assert [(each.action, each.actor_id) for each in entries] == [("webhook.disable", None)]
    if WebhookDisabled.NAME:
        [payload] = await announced(database, owner, WebhookDisabled.NAME)
        assert payload.get("id", str(hook.id)) == str(hook.id)
    heard = len(receiver.heard)
    await announce(database, owner)
    assert await deliver(worker, database) == 0
    assert len(receiver.heard) == heard


async def test_a_success_ends_the_row(
    database: Database, hook_settings: Settings, owner: Owner, receiver: Receiver
) -> None:
    hook = await add_webhook(database, owner, receiver.url, failures=DISABLE_AFTER - 1)
    await announce(database, owner)

    await deliver(courier(database, hook_settings), database)

    after = await webhook(database, owner, hook.id)
    assert (after.failures, after.active, after.version) == (0, True, 1)


async def test_whoever_is_gone_is_switched_off_at_once(
    database: Database, hook_settings: Settings, owner: Owner, receiver: Receiver
) -> None:
    hook = await add_webhook(database, owner, receiver.url)
    await announce(database, owner)
    receiver.answer = saying(410)

    await deliver(courier(database, hook_settings), database)

    after = await webhook(database, owner, hook.id)
    assert (after.active, after.disabled_because) == (False, WebhookDisabledBecause.GONE)
    assert (await only(database, owner)).state is State.FAILED


async def test_what_waits_for_a_webhook_that_was_switched_off_is_cancelled(
    database: Database, hook_settings: Settings, owner: Owner, receiver: Receiver
) -> None:
    await add_webhook(database, owner, receiver.url)
    await announce(database, owner)
    await change_webhook(database, owner, active=False)

    await deliver(courier(database, hook_settings), database)

    assert (await only(database, owner)).state is State.CANCELLED
    assert receiver.heard == []


async def test_a_delivery_on_its_way_to_a_webhook_that_is_deleted_ends_with_it(
    database: Database, hook_settings: Settings, owner: Owner, receiver: Receiver
) -> None:

    hook = await add_webhook(database, owner, receiver.url)
    await announce(database, owner)
    rows, token = await taking.take(database, 1)
    async with database.begin(owner.tenant_id) as transaction:
        await WebhookRepository(transaction).delete(hook.id, tenant_id=owner.tenant_id)

    await courier(database, hook_settings).deliver(Taken.of(rows[0], token))

    assert await deliveries(database, owner) == []
    assert receiver.heard == []


async def test_what_was_sent_and_not_stored_is_sent_again_under_the_same_id(
    database: Database,
    hook_settings: Settings,
    owner: Owner,
    receiver: Receiver,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await add_webhook(database, owner, receiver.url)
    event_id = await announce(database, owner)
    worker = courier(database, hook_settings)

    async def die(*_: Any, **__: Any) -> bool:
        raise asyncio.CancelledError

    with monkeypatch.context() as patch:
        patch.setattr(WebhookDeliveryRepository, "conclude", die)
        with pytest.raises(asyncio.CancelledError):
            await deliver(worker, database)
    assert await deliver(worker, database) == 0, "whoever has it may still live"
    taken = await only(database, owner)
    assert taken.run_at - datetime.now(UTC) > TIMEOUT
    await change(database, owner, run_at=PAST)

    assert await deliver(worker, database) == 1

    assert [each.id for each in receiver.heard] == [str(event_id)] * 2
    assert (await only(database, owner)).state is State.DELIVERED


async def test_whoever_comes_too_late_changes_nothing(
    database: Database, hook_settings: Settings, owner: Owner, receiver: Receiver
) -> None:
    await add_webhook(database, owner, receiver.url)
    await announce(database, owner)
    late, late_token = await taking.take(database, 1)
    await change(database, owner, run_at=PAST)
    worker = courier(database, hook_settings)
    await deliver(worker, database)
    receiver.answer = saying(500)

    await worker.deliver(Taken.of(late[0], late_token))

    delivery = await only(database, owner)
    assert (delivery.state, delivery.status, len(delivery.attempts)) == (State.DELIVERED, 204, 1)


async def test_workers_that_die_each_time_do_not_go_on_for_ever(
    database: Database, hook_settings: Settings, owner: Owner, receiver: Receiver
) -> None:
    await add_webhook(database, owner, receiver.url)
    await announce(database, owner)
    await change(database, owner, attempt=ATTEMPTS)

    await deliver(courier(database, hook_settings), database)

    delivery = await only(database, owner)
    assert (delivery.state, delivery.reason) == (State.FAILED, "worker died")
    assert receiver.heard == []


async def test_the_secret_before_signs_for_a_while(
    database: Database, hook_settings: Settings, owner: Owner, receiver: Receiver
) -> None:
    now, earlier = datetime.now(UTC), new_salt()
    hook = await add_webhook(
        database, owner, receiver.url, earlier_salt=earlier, earlier_until=now + OVERLAP
    )
    worker = courier(database, hook_settings)
    await announce(database, owner)
    await deliver(worker, database)
    await change_webhook(database, owner, earlier_until=now - timedelta(seconds=1))
    await announce(database, owner)
    await deliver(worker, database)

    secrets = WebhookSecrets(hook_settings.secret)
    first, second = receiver.heard
    for heard, old in ((first, True), (second, False)):
        assert verified(heard, secrets.told(hook.salt), now=time.time())
        assert verified(heard, secrets.told(earlier), now=time.time()) is old


async def test_inner_machines_hear_nothing_unless_a_setting_says_so(
    database: Database, hook_settings: Settings, owner: Owner, receiver: Receiver
) -> None:
    await add_webhook(database, owner, receiver.url)
    await announce(database, owner)
    secure = hook_settings.model_copy(update={"webhooks_insecure": False})

    await deliver(courier(database, secure), database)

    delivery = await only(database, owner)
    assert (delivery.state, delivery.reason) == (State.WAITING, "address refused")
    assert receiver.connections == 0


async def test_a_test_counts_as_no_failure(
    database: Database, hook_settings: Settings, owner: Owner, receiver: Receiver
) -> None:
    hook = await add_webhook(database, owner, receiver.url, failures=DISABLE_AFTER - 1)
    await announce(database, owner)
    await change(database, owner, type=TEST_EVENT, max_attempts=1)
    receiver.answer = saying(500)

    await deliver(courier(database, hook_settings), database)

    assert (await only(database, owner)).state is State.FAILED
    assert (await webhook(database, owner, hook.id)).active


async def test_the_log_of_attempts_has_an_end(
    database: Database, hook_settings: Settings, owner: Owner, receiver: Receiver
) -> None:
    await add_webhook(database, owner, receiver.url)
    await announce(database, owner)
    entry = {"at": "then", "status": 500, "reason": "status 500", "duration_ms": 1}
    await change(database, owner, attempts=[entry] * MOST_ATTEMPTS)

    await deliver(courier(database, hook_settings), database)

    attempts = (await only(database, owner)).attempts
    assert (len(attempts), attempts[-1]["status"]) == (MOST_ATTEMPTS, 204)


async def test_one_webhook_has_few_deliveries_at_once(
    database: Database, owner: Owner, other_owner: Owner, receiver: Receiver
) -> None:
    slow = await add_webhook(database, owner, receiver.url)
    for _ in range(4):
        await announce(database, owner)
    await add_webhook(database, other_owner, receiver.url)
    await announce(database, other_owner)

    first, _ = await taking.take(database, 100)
    second, _ = await taking.take(database, 100)

    assert [each.webhook_id for each in first].count(slow.id) == taking.PER_WEBHOOK
    assert len(first) == taking.PER_WEBHOOK + 1
    assert second == []


async def test_two_workers_deliver_each_thing_once(
    database: Database, hook_settings: Settings, receiver: Receiver
) -> None:
    owners = [await add_owner(database) for _ in range(3)]
    for owner in owners:
        await add_webhook(database, owner, receiver.url)
        for _ in range(5):
            await announce(database, owner)
    workers = [courier(database, hook_settings) for _ in range(2)]
    running = [asyncio.create_task(each.run()) for each in workers]

    async def all_done() -> bool:
        found = [each for owner in owners for each in await deliveries(database, owner)]
        return {each.state for each in found} == {State.DELIVERED}

    try:
        await until(all_done)
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, *(each.close() for each in workers), return_exceptions=True)

    assert len(receiver.heard) == 15
    assert len({each.id for each in receiver.heard}) == 15


@pytest.mark.waits(2)
async def test_a_worker_relays_and_delivers(
    database: Database, hook_settings: Settings, owner: Owner, receiver: Receiver
) -> None:

    await add_webhook(database, owner, receiver.url)

    worker = Worker(
        database,
        hook_settings,
        jobs=[],
        schedules=[],
        events=[Chosen, Unchosen],
        listeners=[FanOut()],
        companions=[courier(database, hook_settings)],
    )
    running = asyncio.create_task(worker.run())
    try:
        await write(database, owner)

        async def heard() -> bool:
            return len(receiver.heard) == 1

        await until(heard)
        receiver.answer = hanging
        await write(database, owner)

        async def begun() -> bool:
            return len(receiver.heard) == 2

        await until(begun)
    finally:
        worker.stop()
        await asyncio.wait_for(running, 20)

    states = [each.state for each in await deliveries(database, owner)]
    assert states == [State.DELIVERED, State.WAITING], "what hangs is left to another worker"


async def test_old_deliveries_are_removed(database: Database, owner: Owner) -> None:
    await add_webhook(database, owner, "http://127.0.0.1:9/")
    for _ in range(3):
        await announce(database, owner)
    oldest, waiting, young = await deliveries(database, owner)

    async with database.opened(COURIER_SCOPE) as transaction:
        for each, state, age in (
            (oldest, State.FAILED, 31),
            (waiting, State.WAITING, 31),
            (young, State.DELIVERED, 29),
        ):
            created_at = datetime.now(UTC) - timedelta(days=age)
            own = update(webhook_deliveries).where(webhook_deliveries.c.id == each.id)
            await transaction.execute(own.values(state=state, created_at=created_at))

    await taking.remove_old(database, older=timedelta(days=30).total_seconds())

    assert [each.id for each in await deliveries(database, owner)] == [waiting.id, young.id]


async def test_the_backlog_is_measured(database: Database, owner: Owner) -> None:
    assert await taking.backlog(database) == (0, 0.0)
    await add_webhook(database, owner, "http://127.0.0.1:9/")
    await announce(database, owner)
    await change(database, owner, run_at=PAST)

    size, seconds = await taking.backlog(database)

    assert (size, seconds > 86_400) == (1, True)


def test_events_that_can_be_chosen_are_heard_of() -> None:

    assert str(CHOSEN) in FanOut.events

"""What is kept of a request with a key, when, and for how long."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from app.authorization.dispatch import Dispatcher
from app.core.errors import ConcurrentUpdateError, ConflictError
from app.core.keyed_requests import Answer, Claim, Scope
from app.core.settings import Settings
from app.repositories import idempotency_records
from app.repositories.audit_entries import AuditEntryRepository
from app.repositories.idempotency_records import IdempotencyRecordRepository
from tests.cases import Operation, each
from tests.conftest import HeldClock
from tests.idempotency.keyed import (
    KEYED,
    effects,
    is_replayed,
    new_key,
    records,
    send,
    stored,
    told,
)
from tests.requirements import IDEMPOTENCY
from tests.world import World, refused

pytestmark = pytest.mark.requirement(*IDEMPOTENCY)

AUDITED = [each for each in KEYED if each.audit is not None]
ABOUT_OBJECTS = [each for each in KEYED if each.about_objects]


@pytest.fixture
def held(world: World, clock: HeldClock, monkeypatch: pytest.MonkeyPatch) -> HeldClock:
    """The clock of the database, which stands still."""
    monkeypatch.setattr(world.database, "_clock", clock)
    return clock


@each(KEYED)
async def test_a_key_is_new_after_its_time(
    world: World, operation: Operation, held: HeldClock, served_settings: Settings
) -> None:
    me, key = world.home[operation.caller], new_key()
    first = await send(me, await operation.arrange(me), key)
    keep = served_settings.idempotency_keep
    assert [each.expires_at for each in await stored(world)] == [held.now() + keep]

    held.move(seconds=keep.total_seconds() - 1)
    other = await operation.arrange(me)
    assert refused(await send(me, other, key, more=b" ")) == (422, "idempotency-key-reused")
    held.move(seconds=1)
    later = await send(me, other, key, more=b" ")

    assert (later.status_code, is_replayed(later)) == (201, False)
    assert told(later) != told(first)
    assert len(await stored(world)) == 1


async def test_what_has_expired_is_cleared_away_a_few_at_a_time(
    world: World, held: HeldClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(idempotency_records, "PURGED_AT_ONCE", 2)
    answer = Answer(status=201, headers={}, body=b"{}")
    async with world.database.begin(world.home.id) as transaction:
        kept = IdempotencyRecordRepository(transaction)
        for hours in (-2, -1, 0, 1):
            claim = _claim(world, held.now() + timedelta(hours=hours))
            await kept.insert(claim, answer, tenant_id=world.home.id)
        await kept.purge(tenant_id=world.home.id)
        assert len(await records(world, transaction)) == 2
        await kept.purge(tenant_id=world.home.id)
        [last] = await records(world, transaction)

    assert last.expires_at == held.now() + timedelta(hours=1)


def _claim(world: World, expires_at: datetime) -> Claim:
    scope = Scope(
        tenant_id=world.home.id,
        user_id=world.home.somebody.id,
        method="POST",
        route="/",
        key=new_key(),
    )
    return Claim(scope=scope, fingerprint="", expires_at=expires_at)


@each(KEYED)
async def test_input_that_is_not_valid_uses_no_key_up(world: World, operation: Operation) -> None:
    me, key = world.home[operation.caller], new_key()
    call = await operation.arrange(me)

    assert refused(await send(me, call.with_body({"?": 1}), key)) == (422, "validation-error")
    assert await stored(world) == []
    assert (await send(me, call, key)).status_code == 201


@each(ABOUT_OBJECTS)
async def test_what_does_not_exist_uses_no_key_up(world: World, operation: Operation) -> None:
    me, key = world.home[operation.caller], new_key()
    call = await operation.arrange(me)

    assert refused(await send(me, call.about_nothing(), key)) == (404, "not-found")
    assert (await send(me, call, key)).status_code == 201


@each(ABOUT_OBJECTS)
async def test_a_key_is_not_for_another_object(world: World, operation: Operation) -> None:
    me, key = world.home[operation.caller], new_key()
    assert (await send(me, await operation.arrange(me), key)).status_code == 201

    other = await send(me, await operation.arrange(me), key)

    assert refused(other) == (422, "idempotency-key-reused")


@each(AUDITED)
async def test_a_refusal_by_what_is_stored_is_repeated(
    world: World, operation: Operation, monkeypatch: pytest.MonkeyPatch
) -> None:
    me, key = world.home[operation.caller], new_key()
    call = await operation.arrange(me)
    with monkeypatch.context() as refusing:
        refusing.setattr(AuditEntryRepository, "add", _raising(ConflictError()))
        first = await send(me, call, key)

    again = await send(me, call, key)

    assert refused(first) == (409, "conflict")
    assert is_replayed(again)
    assert told(again) == told(first)
    assert await effects(world) == (0, 0)
    assert (await send(me, call, new_key())).status_code == 201


@each(AUDITED)
@pytest.mark.parametrize(
    ("fault", "answer"),
    [
        (RuntimeError(), (500, "internal-error")),
        (ConcurrentUpdateError(), (409, "concurrent-update")),
    ],
    ids=["defect", "race"],
)
async def test_what_may_succeed_the_next_time_uses_no_key_up(
    world: World,
    operation: Operation,
    fault: Exception,
    answer: tuple[int, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    me, key = world.home[operation.caller], new_key()
    call = await operation.arrange(me)
    with monkeypatch.context() as broken:
        broken.setattr(AuditEntryRepository, "add", _raising(fault))
        assert refused(await send(me, call, key)) == answer

    again = await send(me, call, key)

    assert (again.status_code, is_replayed(again)) == (201, False)


@each(KEYED)
async def test_nothing_happens_whose_answer_cannot_be_kept(
    world: World, operation: Operation, monkeypatch: pytest.MonkeyPatch
) -> None:
    me, key = world.home[operation.caller], new_key()
    call = await operation.arrange(me)
    before = await effects(world)
    with monkeypatch.context() as broken:
        broken.setattr(IdempotencyRecordRepository, "insert", _raising(RuntimeError()))
        assert refused(await send(me, call, key)) == (500, "internal-error")

    assert await effects(world) == before
    assert (await send(me, call, key)).status_code == 201


@each(KEYED)
async def test_an_answer_that_was_lost_is_given_the_next_time(
    world: World, operation: Operation, monkeypatch: pytest.MonkeyPatch
) -> None:
    me, key = world.home[operation.caller], new_key()
    call = await operation.arrange(me)
    dispatch = Dispatcher.__call__

    async def dispatch_and_die(self: Dispatcher, message: Any, *, actor: Any) -> None:
        await dispatch(self, message, actor=actor)
        msg = "killed after the commit"
        raise RuntimeError(msg)

    with monkeypatch.context() as dying:
        dying.setattr(Dispatcher, "__call__", dispatch_and_die)
        assert (await send(me, call, key)).status_code == 500
    once = await effects(world)

    again = await send(me, call, key)

    assert (again.status_code, is_replayed(again)) == (201, True)
    assert await effects(world) == once


def _raising(fault: Exception) -> Any:
    def fail(*_: object, **__: object) -> None:
        raise fault

    return fail

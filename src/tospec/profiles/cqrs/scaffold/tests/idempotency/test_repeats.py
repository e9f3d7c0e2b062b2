"""A request that is sent again with its key is answered again, and carried out once."""

import asyncio
import re

import pytest
from sqlalchemy import update

from app.api.idempotency import PARAMETER
from app.authorization.permissions import Role
from app.models.user import users
from app.repositories.idempotency_records import IdempotencyRecordRepository
from tests.cases import Operation, each
from tests.idempotency.keyed import KEYED, effects, is_replayed, new_key, send, told
from tests.requirements import IDEMPOTENCY
from tests.world import World, refused

pytestmark = pytest.mark.requirement(*IDEMPOTENCY)

TOO_LONG = "k" * 256


@each(KEYED)
async def test_the_answer_is_the_first_one(world: World, operation: Operation) -> None:
    me, key = world.home[operation.caller], new_key()
    call = await operation.arrange(me)
    first = await send(me, call, key)
    once = await effects(world)

    again = await send(me, call, key)

    assert (first.status_code, is_replayed(first)) == (201, False)
    assert is_replayed(again)
    assert told(again) == told(first)
    assert await effects(world) == once


@each(KEYED)
async def test_a_key_is_the_same_with_and_without_quotes(
    world: World, operation: Operation
) -> None:
    me, key = world.home[operation.caller], new_key()
    call = await operation.arrange(me)
    first = await send(me, call, key)

    again = await send(me, call, f'"{key}"')

    assert is_replayed(again)
    assert told(again) == told(first)


@each(KEYED)
async def test_another_body_is_refused(world: World, operation: Operation) -> None:
    me, key = world.home[operation.caller], new_key()
    call = await operation.arrange(me)
    first = await send(me, call, key)
    once = await effects(world)

    other = await send(me, call, key, more=b" ")

    assert refused(other) == (422, "idempotency-key-reused")
    assert await effects(world) == once
    assert told(await send(me, call, key)) == told(first)


@each(KEYED)
@pytest.mark.parametrize("key", ["", TOO_LONG, '"open', 'a"b', '"', '""', "a\tb"])
async def test_what_is_no_key_is_refused(world: World, operation: Operation, key: str) -> None:
    me = world.home[operation.caller]
    call = await operation.arrange(me)
    before = await effects(world)

    response = await send(me, call, key)

    assert refused(response) == (400, "idempotency-key-invalid")
    assert await effects(world) == before
    assert (await send(me, call, TOO_LONG[1:])).status_code == 201


@pytest.mark.parametrize(
    ("key", "fits"),
    [("k", True), ("a b", True), (TOO_LONG[1:], True), (r'"a \"b\""', True), ('"a', False)]
    + [(each, False) for each in ("", TOO_LONG, 'a"b', '""', "é")],
)
def test_the_document_says_what_is_a_key(key: str, fits: bool) -> None:
    assert (re.search(PARAMETER["schema"]["pattern"], key) is not None) is fits


@each(KEYED)
async def test_somebody_else_has_keys_of_their_own(world: World, operation: Operation) -> None:
    me, key = world.home[operation.caller], new_key()
    await send(me, await operation.arrange(me), key)
    for stranger in (await world.join(operation.caller), world.other[operation.caller]):
        call = await operation.arrange(stranger)

        theirs = await send(stranger, call, key)

        assert (theirs.status_code, is_replayed(theirs)) == (201, False)
        assert is_replayed(await send(stranger, call, key))


@each(KEYED)
async def test_of_two_at_once_one_is_carried_out(world: World, operation: Operation) -> None:
    me, key = world.home[operation.caller], new_key()
    call = await operation.arrange(me)
    before = await effects(world)

    answers = await asyncio.gather(*(send(me, call, key) for _ in range(4)))

    [first] = [each for each in answers if each.status_code == 201 and not is_replayed(each)]
    for answer in answers:
        if answer.status_code == 409:
            assert refused(answer) == (409, "idempotency-in-progress")
            assert answer.headers["retry-after"] == "1"
        else:
            assert told(answer) == told(first)
    once = await effects(world)
    assert once[0] - before[0] <= 1
    assert told(await send(me, call, key)) == told(first)
    assert await effects(world) == once


@each(KEYED)
async def test_whoever_comes_while_the_first_one_runs_is_told_to_wait(
    world: World, operation: Operation, monkeypatch: pytest.MonkeyPatch
) -> None:
    me, key = world.home[operation.caller], new_key()
    call = await operation.arrange(me)
    before = await effects(world)

    async def taken(*_: object, **__: object) -> bool:
        return False

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(IdempotencyRecordRepository, "claim", taken)
        waiting = await send(me, call, key)

    assert refused(waiting) == (409, "idempotency-in-progress")
    assert waiting.headers["retry-after"] == "1"
    assert await effects(world) == before
    assert (await send(me, call, key)).status_code == 201


@each(KEYED)
async def test_no_answer_is_repeated_to_who_may_no_longer_ask(
    world: World, operation: Operation
) -> None:
    me, key = await world.join(operation.caller), new_key()
    call = await operation.arrange(me)
    assert (await send(me, call, key)).status_code == 201

    for role in set(Role) - set(operation.roles):
        await _change(world, me.id, role=role)
        assert refused(await send(me, call, key)) == (403, "permission-denied")
    await _change(world, me.id, role=operation.caller)
    assert is_replayed(await send(me, call, key))
    await _change(world, me.id, disabled_at=world.database._clock.now())
    assert refused(await send(me, call, key)) == (401, "unauthenticated")


async def _change(world: World, user_id: object, **values: object) -> None:
    changed = update(users).where(users.c.tenant_id == world.home.id, users.c.id == user_id)
    async with world.database.begin(world.home.id) as transaction:
        await transaction.execute(changed.values(values))

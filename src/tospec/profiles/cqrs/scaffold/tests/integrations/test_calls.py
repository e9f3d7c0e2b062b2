"""Calls: what is tried again and what is not, within its time, and told to nobody."""

import asyncio
import socket
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from loguru import logger
from prometheus_client import REGISTRY

from app.core.outside import HeldError, HopelessError, OutsideError
from app.integrations.answers import MAX_ANSWER
from app.integrations.breaker import State
from app.integrations.metrics import CALLS, RETRIES
from app.integrations.policies import Breaking, Call, Retry
from tests.integrations.asking import BODY, CALL, TOKEN, UNKEYED, ask
from tests.integrations.conftest import QUICK, SOON, Connecting
from tests.requirements import INTEGRATIONS
from tests.stubs.faults import SAID, Fault
from tests.stubs.server import Stub

pytestmark = pytest.mark.requirement(*INTEGRATIONS)

HANGING = (Fault.HANG, Fault.HANG_AFTER_HEADERS, Fault.DRIP)
TRANSIENT = (
    *(Fault.RESET, Fault.LOSE, *HANGING, Fault.HUGE),
    *(Fault.ERROR, Fault.GARBAGE, Fault.WRONG_TYPE, Fault.EMPTY, Fault.TRUNCATED, Fault.ENCODED),
)
FINAL = (Fault.REFUSE, Fault.UNKNOWN, Fault.REDIRECT)
LATE = 3.0
"""How many seconds a busy machine may be late."""
ONCE = Retry(attempts=1, base=timedelta(seconds=0.02), cap=timedelta(seconds=0.05), budget=1.0)


def patience(fault: Fault) -> timedelta:
    """Return for how long to wait for a stub with that fault."""
    return SOON if fault in HANGING else QUICK.timeout


@pytest.fixture
def logged() -> Iterator[list[dict[str, Any]]]:
    """What is logged, all of it."""
    lines: list[dict[str, Any]] = []

    def keep(message: Any) -> None:
        lines.append({"text": message.record["message"], **message.record["extra"]})

    sink = logger.add(keep, level="TRACE")
    yield lines
    logger.remove(sink)


async def test_what_is_asked_for_is_done_once(connecting: Connecting, stub: Stub) -> None:
    told = await ask(connecting())

    [effect] = stub.effects
    assert (effect.values, effect.answer["id"]) == (BODY, told.id)
    [asked] = stub.asked
    assert asked.headers["authorization"] == f"Bearer {TOKEN}"
    assert asked.key == "a-key"


@pytest.mark.parametrize("fault", TRANSIENT)
async def test_what_may_pass_is_tried_again(
    connecting: Connecting, stub: Stub, fault: Fault
) -> None:
    stub.fail(fault, times=2)

    told = await ask(connecting(timeout=patience(fault)))

    assert len(stub.asked) == 3
    assert {asked.key for asked in stub.asked} == {"a-key"}
    assert [effect.answer["id"] for effect in stub.effects] == [told.id]


@pytest.mark.parametrize("fault", TRANSIENT)
async def test_it_is_tried_as_often_as_the_policy_says(
    connecting: Connecting, stub: Stub, fault: Fault
) -> None:
    stub.fail(fault, times=3)
    started = time.monotonic()

    with pytest.raises(OutsideError) as failed:
        await ask(connecting(timeout=patience(fault)))

    assert type(failed.value) is OutsideError
    assert len(stub.asked) == 3
    waits = sum(QUICK.retry.longest_wait(each).total_seconds() for each in (1, 2))
    assert time.monotonic() - started < 3 * SOON.total_seconds() + waits + LATE


@pytest.mark.parametrize("fault", HANGING)
async def test_an_attempt_has_one_time_for_all_of_it(
    connecting: Connecting, stub: Stub, fault: Fault
) -> None:
    stub.fail(fault)
    started = time.monotonic()

    with pytest.raises(OutsideError, match="took too long"):
        await ask(connecting(retry=ONCE, timeout=SOON))

    assert SOON.total_seconds() <= time.monotonic() - started < SOON.total_seconds() + LATE


@pytest.mark.parametrize("fault", FINAL)
async def test_a_refusal_is_final(connecting: Connecting, stub: Stub, fault: Fault) -> None:
    stub.fail(fault)

    with pytest.raises(HopelessError, match=r"^other\.tell: status (307|400|401)$"):
        await ask(connecting())

    assert len(stub.asked) == 1
    assert stub.effects == []


async def test_refusals_do_not_open_the_breaker(connecting: Connecting, stub: Stub) -> None:
    breaker = Breaking(failures=1, within=timedelta(seconds=30), open=timedelta(seconds=60))
    connection = connecting(breaker=breaker)
    stub.fail(Fault.REFUSE)
    with pytest.raises(HopelessError):
        await ask(connection)

    assert (await ask(connection)).id


async def test_nobody_answers_where_nobody_listens(connecting: Connecting) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{unused.getsockname()[1]}"

    with pytest.raises(OutsideError, match="ConnectError") as failed:
        await ask(connecting(at=nobody), UNKEYED)

    assert type(failed.value) is OutsideError


@pytest.mark.parametrize("fault", [Fault.AWAY, Fault.BUSY])
async def test_it_is_left_alone_for_as_long_as_it_asks(
    connecting: Connecting, stub: Stub, fault: Fault
) -> None:
    stub.fail(fault)

    with pytest.raises(OutsideError) as failed:
        await ask(connecting())
    assert (len(stub.asked), failed.value.after) == (1, timedelta(seconds=1))

    stub.fail(fault)
    patient = Retry(attempts=2, base=timedelta(seconds=0.02), cap=timedelta(seconds=2), budget=1.0)
    started = time.monotonic()
    assert (await ask(connecting(retry=patient))).id
    assert time.monotonic() - started >= 1


@pytest.mark.parametrize("fault", TRANSIENT)
async def test_what_may_be_done_twice_is_sent_once(
    connecting: Connecting, stub: Stub, fault: Fault
) -> None:
    stub.fail(fault)

    with pytest.raises(HopelessError, match="nobody knows"):
        await ask(connecting(timeout=patience(fault)), UNKEYED)

    assert len(stub.asked) == 1
    assert "idempotency-key" not in stub.asked[0].headers


async def test_what_may_be_done_twice_is_tried_again_while_nothing_was_sent(
    connecting: Connecting, stub: Stub
) -> None:
    stub.fail(Fault.BUSY)
    patient = Retry(attempts=2, base=timedelta(seconds=0.02), cap=timedelta(seconds=2), budget=1.0)

    assert (await ask(connecting(retry=patient), UNKEYED)).id

    assert len(stub.effects) == 1


@pytest.mark.parametrize(("call", "ends_as"), [(UNKEYED, HopelessError), (CALL, None)])
async def test_what_is_broken_off_is_not_repeated_unless_it_may_be(
    connecting: Connecting, stub: Stub, call: Call, ends_as: type[Exception] | None
) -> None:
    stub.fail(Fault.HANG)
    asking = asyncio.create_task(ask(connecting(timeout=timedelta(seconds=30)), call))
    while not stub.asked:  # noqa: ASYNC110  # the stub sets no event
        await asyncio.sleep(0.01)

    asking.cancel()

    [ended] = await asyncio.gather(asking, return_exceptions=True)
    assert type(ended) is (ends_as or asyncio.CancelledError)


async def test_what_was_done_before_the_answer_was_lost_is_done_once(
    connecting: Connecting, stub: Stub
) -> None:
    stub.fail(Fault.LOSE, times=2)

    told = await ask(connecting())

    assert [effect.answer["id"] for effect in stub.effects] == [told.id]


async def test_the_breaker_opens_and_is_fast(connecting: Connecting, stub: Stub) -> None:
    breaker = Breaking(failures=3, within=timedelta(seconds=30), open=timedelta(seconds=60))
    connection = connecting(breaker=breaker)
    stub.fail(Fault.ERROR, times=100)
    with pytest.raises(OutsideError):
        await ask(connection)
    assert connection.state is State.OPEN
    labels = {"integration": "other"}
    assert REGISTRY.get_sample_value("integration_breaker_state", labels) == State.OPEN

    started = time.thread_time()
    with pytest.raises(HeldError, match=r"^other is left alone for a while\.$") as held:
        await ask(connection)

    assert time.thread_time() - started < 0.005
    assert timedelta(seconds=59) < held.value.after <= timedelta(seconds=60)
    assert len(stub.asked) == 3


async def test_half_open_one_of_fifty_is_sent(connecting: Connecting, stub: Stub) -> None:
    breaker = Breaking(failures=3, within=timedelta(seconds=30), open=timedelta(seconds=0.1))
    connection = connecting(breaker=breaker, concurrency=50)
    stub.fail(Fault.ERROR, times=3)
    with pytest.raises(OutsideError):
        await ask(connection)
    await asyncio.sleep(0.1)
    assert connection.state is State.HALF_OPEN

    calls = (ask(connection, key=f"key-{each}") for each in range(50))
    ended = await asyncio.gather(*calls, return_exceptions=True)

    assert sum(isinstance(each, HeldError) for each in ended) == 49
    assert len(stub.asked) == 4
    assert connection.state is State.CLOSED


async def test_retries_end_with_their_budget(connecting: Connecting, stub: Stub) -> None:
    breaker = Breaking(failures=1000, within=timedelta(seconds=30), open=timedelta(seconds=60))
    scarce = Retry(attempts=3, base=timedelta(), cap=timedelta(seconds=0.05), budget=0.2)
    connection = connecting(breaker=breaker, retry=scarce)
    stub.fail(Fault.ERROR, times=1000)

    for _ in range(100):
        with pytest.raises(OutsideError):
            await ask(connection)

    assert 100 + 20 <= len(stub.asked) <= 100 + 20 + 10


async def test_no_more_are_asked_at_once_than_the_policy_says(
    connecting: Connecting, stub: Stub
) -> None:
    stub.fail(Fault.HANG, times=50)
    connection = connecting(concurrency=4, retry=ONCE, timeout=timedelta(seconds=30))

    calls = [asyncio.create_task(ask(connection, key=f"key-{each}")) for each in range(20)]
    await asyncio.sleep(0.3)
    at_once = len(stub.asked)
    for call in calls:
        call.cancel()
    await asyncio.gather(*calls, return_exceptions=True)

    assert at_once == 4


async def test_where_it_is_not_configured_calls_wait(connecting: Connecting, stub: Stub) -> None:
    with pytest.raises(HeldError, match=r"^other is not configured\.$"):
        await ask(connecting(at=None))

    assert stub.asked == []


async def test_where_nothing_waits_calls_fail(connecting: Connecting) -> None:
    with pytest.raises(OutsideError) as failed:
        await ask(connecting(at=None, waits=False))

    assert type(failed.value) is OutsideError


@pytest.mark.parametrize("fault", [Fault.ERROR, Fault.REFUSE, Fault.UNKNOWN])
async def test_what_it_says_is_told_in_part_and_secrets_never(
    connecting: Connecting, stub: Stub, logged: list[dict[str, Any]], fault: Fault
) -> None:
    stub.fail(fault)

    with pytest.raises(OutsideError) as failed:
        await ask(connecting(retry=ONCE))

    assert SAID not in str(failed.value)
    [line] = [line for line in logged if line.get("integration") == "other"]
    assert line["said"] == SAID
    assert TOKEN not in str(logged)
    assert not [value for value in BODY.values() if value in str(logged)]


async def test_calls_are_counted(connecting: Connecting, stub: Stub) -> None:
    def counted(outcome: str) -> float:
        return CALLS.labels("other", CALL.name, outcome)._value.get()

    retries = RETRIES.labels("other", CALL.name)._value
    before = counted("done"), counted("failed"), counted("refused"), retries.get()
    connection = connecting()
    stub.fail(Fault.ERROR)
    await ask(connection)
    stub.fail(Fault.REFUSE)
    with pytest.raises(HopelessError):
        await ask(connection)

    after = counted("done"), counted("failed"), counted("refused"), retries.get()
    assert [new - old for new, old in zip(after, before, strict=True)] == [1, 1, 1, 1]


async def test_an_answer_has_a_greatest_size(connecting: Connecting, stub: Stub) -> None:
    stub.fail(Fault.HUGE)

    with pytest.raises(OutsideError, match="too large"):
        await ask(connecting(retry=ONCE, timeout=timedelta(seconds=10)))

    assert MAX_ANSWER <= 1024 * 1024

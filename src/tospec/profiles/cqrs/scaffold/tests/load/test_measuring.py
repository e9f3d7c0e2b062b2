"""The load test itself: it sees a delay, and what is no right answer."""

import asyncio
from collections.abc import AsyncIterator
from typing import Final

import pytest

from tests.cases import Call
from tests.load.__main__ import faults
from tests.load.kinds import Budget
from tests.load.measuring import WARM, measure
from tests.load.situation import Asked, Question
from tests.world import Person, World

pytestmark = pytest.mark.waits(2)

_DELAY: Final = 0.04
_MANY: Final = 20
BUDGET: Final = Budget(
    name="many",
    table="rows",
    row="row_id",
    rows=1,
    users=2,
    pause=0.0,
    times={"Slow": {95: 30}, "Wrong": {95: 30}, "Patient": {95: 3_000}},
    paths={},
    largest=10,
)
"""Shorter for `Slow` than the stub takes, longer for `Patient`."""


@pytest.fixture
async def stub() -> AsyncIterator[str]:
    """The URL of a server that answers each request late, and `/wrong` with 503."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await _head(reader):
            await asyncio.sleep(_DELAY)
            status = b"503 Service Unavailable" if b"/wrong" in head else b"200 OK"
            writer.write(b"HTTP/1.1 " + status + b"\r\ncontent-length: 2\r\n\r\n{}")
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def _head(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return b""


def _question(name: str, path: str, person: Person) -> Question:
    calls: list[Asked] = [(person, Call(method="GET", path=path), {})] * (_MANY + WARM)
    return Question(name=name, operation=name, success=200, calls=tuple(calls))


async def test_a_delay_is_seen(stub: str, world: World) -> None:
    person = next(iter(world.home))
    questions = [_question(name, "/right", person) for name in ("Slow", "Patient")]

    measured = await measure(stub, questions, 0.0)

    slow, patient = measured.samples["Slow"], measured.samples["Patient"]
    assert len(slow.times) == len(patient.times) == _MANY
    assert slow.percentile(50) >= 1000 * _DELAY
    assert list(faults(BUDGET, "Slow", slow)) == ["p95 above 30 ms"]
    assert list(faults(BUDGET, "Patient", patient)) == []


async def test_what_is_no_right_answer_is_no_fast_one(stub: str, world: World) -> None:
    person = next(iter(world.home))

    measured = await measure(stub, [_question("Wrong", "/wrong", person)], 0.0)

    assert measured.samples["Wrong"].times == []
    assert list(faults(BUDGET, "Wrong", measured.samples["Wrong"])) == [f"{_MANY} times 503"]

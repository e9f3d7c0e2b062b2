"""Asking many things at once, and telling how long it took."""

import asyncio
import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import ceil
from typing import Final

import httpx

from tests.cases import Call
from tests.load.situation import Question
from tests.world import Person

WARM: Final = 5
"""Calls of each question that are not measured."""
_PATIENCE: Final = 30.0
_NAP: Final = 0.01

type _Asked = tuple[Question, Person, Call, Mapping[str, str]]


@dataclass(slots=True)
class Samples:
    """What came of a question.

    Attributes:
        times: Milliseconds of each answer that is as it should be.
        largest: Bytes of the largest of them.
        others: Statuses of the other answers.
    """

    times: list[float] = field(default_factory=list)
    largest: int = 0
    others: Counter[int] = field(default_factory=Counter)

    def percentile(self, percent: int) -> float:
        """Return the milliseconds within which `percent` of 100 answers came."""
        ordered = sorted(self.times)
        return ordered[max(ceil(len(ordered) * percent / 100), 1) - 1] if ordered else 0.0


@dataclass(slots=True)
class Measured:
    """What came of all questions.

    Attributes:
        busy: Share of a core that asking took.
        a_second: How many answers came in a second.
        late: Milliseconds within which 95 of 100 naps ended that should have ended at once: an
            answer may have waited as long to be noticed.
    """

    samples: dict[str, Samples] = field(default_factory=lambda: defaultdict(Samples))
    busy: float = 0.0
    a_second: float = 0.0
    late: float = 0.0


async def measure(base_url: str, questions: Sequence[Question], pause: float) -> Measured:
    """Ask everything, with one connection for each person, and return how long it took."""
    warm = [each for question in questions for each in _asked(question)[:WARM]]
    await _everybody(base_url, warm, pause, Measured())
    found = Measured()
    asked = [each for question in questions for each in _asked(question)[WARM:]]
    began, spent = time.perf_counter(), time.process_time()
    naps = Samples()
    napping = asyncio.create_task(_nap(naps))
    await _everybody(base_url, asked, pause, found)
    napping.cancel()
    found.late = naps.percentile(95)
    seconds = time.perf_counter() - began
    found.busy = (time.process_time() - spent) / seconds
    found.a_second = len(asked) / seconds
    return found


async def _nap(naps: Samples) -> None:
    """Note by how much each of many naps is longer than it should be."""
    while True:
        began = time.perf_counter()
        await asyncio.sleep(_NAP)
        naps.times.append(1000 * (time.perf_counter() - began - _NAP))


def _asked(question: Question) -> list[_Asked]:
    return [(question, *each) for each in question.calls]


async def _everybody(base_url: str, asked: Iterable[_Asked], pause: float, found: Measured) -> None:
    hands: dict[str, list[_Asked]] = defaultdict(list)
    for each in asked:
        hands[each[1].handle].append(each)
    async with asyncio.TaskGroup() as group:
        for hand in hands.values():
            random.shuffle(hand)
            group.create_task(_one(base_url, hand, pause, found))


async def _one(base_url: str, hand: list[_Asked], pause: float, found: Measured) -> None:
    """Let somebody ask one thing after the other."""
    # Nothing is encrypted here, and to read whom one may trust takes long.
    async with httpx.AsyncClient(base_url=base_url, timeout=_PATIENCE, verify=False) as client:
        await asyncio.sleep(random.uniform(0, pause))
        for question, person, call, parameters in hand:
            asking = replace(person, client=client)
            began = time.perf_counter()
            response = await _answer(asking, call, parameters)
            took = 1000 * (time.perf_counter() - began)
            _note(found.samples[question.name], question, response, took)
            await asyncio.sleep(pause * random.uniform(0.5, 1.5))


async def _answer(person: Person, call: Call, parameters: Mapping[str, str]) -> httpx.Response:
    if not parameters:
        return await person.send(call)
    return await person.get(call.url, **parameters)


def _note(samples: Samples, question: Question, response: httpx.Response, took: float) -> None:
    if response.status_code != question.success:
        samples.others[response.status_code] += 1
        return
    samples.times.append(took)
    samples.largest = max(samples.largest, len(response.content))

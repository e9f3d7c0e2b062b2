"""Kept answers: in this process and in Redis, and what happens while Redis is away."""

import os
from collections.abc import AsyncIterator
from typing import Final

import pytest
from loguru import logger
from pydantic import BaseModel, SecretStr

from app.core.cache import Cache, Kept, MemoryStore, Store, Subject, create_cache
from app.core.ids import TenantId, new_id
from tests.requirements import KEPT_ANSWERS

pytestmark = pytest.mark.requirement(*KEPT_ANSWERS)

REDIS_URL: Final = os.environ.get("TEST_REDIS_URL")
NOBODY_THERE: Final = SecretStr("redis://127.0.0.1:1")


class Answer(BaseModel):
    number: int


class Other(BaseModel):
    text: str


class Source:
    """Works answers out, and counts how often."""

    def __init__(self) -> None:
        self.asked = 0

    async def __call__(self) -> Answer:
        """Return how often it was asked."""
        self.asked += 1
        return Answer(number=self.asked)


class Watch:
    """A clock that somebody else moves."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        """Return the time."""
        return self.seconds


def _in_redis() -> Store:
    if REDIS_URL is None:
        pytest.skip("TEST_REDIS_URL names no Redis")
    # As in the application: slow to import, and seldom needed.
    from app.core.redis_store import RedisStore  # noqa: PLC0415

    return RedisStore(REDIS_URL)


@pytest.fixture(params=["memory", "redis"])
async def store(request: pytest.FixtureRequest) -> AsyncIterator[Store]:
    store = _in_redis() if request.param == "redis" else MemoryStore()
    yield store
    await store.close()


def subject() -> Subject:
    return Subject("answer", TenantId(new_id()), new_id())


def kept(cache: Cache, answer: str = "answer") -> Kept[Answer]:
    return Kept(cache, answer, Answer, seconds=60)


async def told(answers: Kept[Answer], about: Subject, source: Source) -> int:
    """Return the answer that is given about something."""
    found = await answers.about(about.row_id, tenant_id=about.tenant_id, work_out=source)
    return found.number


async def test_an_answer_is_given_again(store: Store) -> None:
    answers, about, source = kept(Cache(store)), subject(), Source()

    assert [await told(answers, about, source) for _ in range(3)] == [1, 1, 1]


async def test_what_was_dropped_is_worked_out_anew(store: Store) -> None:
    cache, about, source = Cache(store), subject(), Source()
    answers = kept(cache)
    await told(answers, about, source)

    await cache.drop([about])

    assert await told(answers, about, source) == 2


async def test_an_answer_from_before_a_change_is_not_kept_after_it(store: Store) -> None:
    cache, about, source = Cache(store), subject(), Source()

    async def overtaken() -> Answer:
        answer = await source()
        await cache.drop([about])
        return answer

    answers = kept(cache)
    await answers.about(about.row_id, tenant_id=about.tenant_id, work_out=overtaken)

    assert await told(answers, about, source) == 2


async def test_tenants_rows_and_queries_have_answers_of_their_own(store: Store) -> None:
    cache, about, source = Cache(store), subject(), Source()
    await told(kept(cache), about, source)

    elsewhere = Subject("answer", subject().tenant_id, about.row_id)
    another = Subject("answer", about.tenant_id, subject().row_id)
    assert await told(kept(cache), elsewhere, source) == 2
    assert await told(kept(cache), another, source) == 3
    assert await told(kept(cache, "another"), about, source) == 4
    assert await told(kept(cache), about, source) == 1


async def test_what_another_version_kept_is_worked_out_anew(store: Store) -> None:
    cache, about, source = Cache(store), subject(), Source()
    other = Kept(cache, "answer", Other, seconds=60)

    async def work_out() -> Other:
        return Other(text="before")

    await other.about(about.row_id, tenant_id=about.tenant_id, work_out=work_out)

    assert await told(kept(cache), about, source) == 1


async def test_an_answer_has_its_time() -> None:
    watch, about, source = Watch(), subject(), Source()
    answers = kept(Cache(MemoryStore(clock=watch)))
    await told(answers, about, source)
    watch.seconds = 59.9
    assert await told(answers, about, source) == 1

    watch.seconds = 60.0

    assert await told(answers, about, source) == 2


async def test_memory_is_bounded() -> None:
    cache, source = Cache(MemoryStore(most=2)), Source()
    first, second, third = subject(), subject(), subject()

    for about in (first, second, third):
        await told(kept(cache), about, source)

    assert await told(kept(cache), third, source) == 3
    assert await told(kept(cache), first, source) == 4


async def test_without_redis_answers_are_worked_out() -> None:
    cache, about, source = create_cache(NOBODY_THERE), subject(), Source()
    warnings: list[str] = []
    sink = logger.add(lambda line: warnings.append(line.record["level"].name))
    try:
        found = [await told(kept(cache), about, source) for _ in range(2)]
        await cache.drop([about])
    finally:
        logger.remove(sink)
        await cache.close()

    assert found == [1, 2]
    assert set(warnings) == {"WARNING"}

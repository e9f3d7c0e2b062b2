"""Answers that are given again for a while: by this process or, with `REDIS_URL`, by all of them.

Whoever finds none leaves a claim in its place, works the answer out, and keeps it only where the
claim still stands. A change takes claims away as well as answers, so that nothing which was read
before a change is told after it.
"""

import secrets
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from typing import Final, Protocol
from uuid import UUID

from loguru import logger
from prometheus_client import Counter
from pydantic import BaseModel, SecretStr, ValidationError

from app.about import SERVICE
from app.core.ids import TenantId

HITS: Final = Counter("cache_hits", "Answers given again from what is kept.", ("answer",))
MISSES: Final = Counter("cache_misses", "Answers that had to be worked out.", ("answer",))
_CLAIM: Final = b"?"
_ANSWER: Final = b"="
_MOST_ENTRIES: Final = 10_000


@dataclass(frozen=True, slots=True)
class Subject:
    """One answer to one query: about one row of one tenant."""

    answer: str
    tenant_id: TenantId
    row_id: UUID

    @property
    def key(self) -> str:
        """Return where it is kept."""
        return f"{SERVICE}/{self.answer}/{self.tenant_id}/{self.row_id}"


class StoreAwayError(Exception):
    """What keeps answers cannot be asked."""


class Store(Protocol):
    """Keeps bytes for a while; whatever is asked of it may raise `StoreAwayError`."""

    async def find(self, key: str) -> bytes | None:
        """Return what is kept."""
        ...

    async def put(self, key: str, value: bytes, seconds: int) -> None:
        """Keep `value`."""
        ...

    async def swap(self, key: str, old: bytes, new: bytes, seconds: int) -> None:
        """Keep `new` where `old` is kept, and nothing where it is not."""
        ...

    async def drop(self, keys: Collection[str]) -> None:
        """Keep nothing under `keys`."""
        ...

    async def close(self) -> None:
        """Close every connection."""
        ...


class MemoryStore:
    """Keeps so many values in this process; the oldest gives way."""

    def __init__(
        self, *, most: int = _MOST_ENTRIES, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._entries: OrderedDict[str, tuple[bytes, float]] = OrderedDict()
        self._most = most
        self._clock = clock

    async def find(self, key: str) -> bytes | None:
        """Return what is kept."""
        value, until = self._entries.get(key, (None, 0.0))
        return value if self._clock() < until else None

    async def put(self, key: str, value: bytes, seconds: int) -> None:
        """Keep `value`."""
        self._entries[key] = (value, self._clock() + seconds)
        self._entries.move_to_end(key)
        if len(self._entries) > self._most:
            self._entries.popitem(last=False)

    async def swap(self, key: str, old: bytes, new: bytes, seconds: int) -> None:
        """Keep `new` where `old` is kept, and nothing where it is not."""
        if await self.find(key) == old:
            await self.put(key, new, seconds)

    async def drop(self, keys: Collection[str]) -> None:
        """Keep nothing under `keys`."""
        for key in keys:
            self._entries.pop(key, None)

    async def close(self) -> None:
        """Forget everything."""
        self._entries.clear()


class Cache:
    """What is kept; as good as empty while Redis is away."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def find(self, subject: Subject) -> bytes | None:
        """Return an answer, if it is kept."""
        try:
            found = await self._store.find(subject.key)
        except StoreAwayError:
            _warn("Redis is away; an answer is worked out")
            return None
        return found.removeprefix(_ANSWER) if found and found.startswith(_ANSWER) else None

    async def claim(self, subject: Subject, seconds: int) -> bytes:
        """Return a claim that stands until the answer changes."""
        claim = _CLAIM + secrets.token_bytes()
        try:
            await self._store.put(subject.key, claim, seconds)
        except StoreAwayError:
            _warn("Redis is away; an answer will not be kept")
        return claim

    async def keep(self, subject: Subject, answer: bytes, *, claim: bytes, seconds: int) -> None:
        """Keep an answer that was worked out since `claim`, if that still stands."""
        try:
            await self._store.swap(subject.key, claim, _ANSWER + answer, seconds)
        except StoreAwayError:
            _warn("Redis is away; an answer is not kept")

    async def drop(self, subjects: Collection[Subject]) -> None:
        """Keep none of these answers any longer, nor those being worked out."""
        try:
            await self._store.drop([subject.key for subject in subjects])
        except StoreAwayError:
            _warn("Redis is away; answers stay until their time is up")

    async def close(self) -> None:
        """Close every connection."""
        await self._store.close()


class Kept[V: BaseModel]:
    """The answers to one query."""

    def __init__(self, cache: Cache, answer: str, view: type[V], *, seconds: int) -> None:
        self._cache = cache
        self._answer = answer
        self._view = view
        self._seconds = seconds

    async def about(
        self, row_id: UUID, *, tenant_id: TenantId, work_out: Callable[[], Awaitable[V]]
    ) -> V:
        """Return the answer about a row, which `work_out` gives unless it is kept."""
        subject = Subject(self._answer, tenant_id, row_id)
        if (found := await self._find(subject)) is not None:
            HITS.labels(self._answer).inc()
            return found
        MISSES.labels(self._answer).inc()
        claim = await self._cache.claim(subject, self._seconds)
        answer = await work_out()
        encoded = answer.model_dump_json().encode()
        await self._cache.keep(subject, encoded, claim=claim, seconds=self._seconds)
        return answer

    async def _find(self, subject: Subject) -> V | None:
        found = await self._cache.find(subject)
        try:
            return None if found is None else self._view.model_validate_json(found)
        except ValidationError:
            # Another version of the service, which answers differently, may have kept it.
            return None


def create_cache(redis_url: SecretStr | None) -> Cache:
    """Return what keeps answers in Redis, or else in this process."""
    if redis_url is None:
        return Cache(MemoryStore())
    # Its client is slow to import, and most processes that start have no Redis.
    from app.core.redis_store import RedisStore  # noqa: PLC0415

    return Cache(RedisStore(redis_url.get_secret_value()))


def _warn(what: str) -> None:
    logger.bind(event="cache_away").warning(what)

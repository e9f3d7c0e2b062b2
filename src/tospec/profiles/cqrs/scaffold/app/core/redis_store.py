"""What is kept in Redis, where all processes find it."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Final

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from app.core.cache import StoreAwayError

_REDIS_SECONDS: Final = 0.5
_SWAP: Final = (
    "if redis.call('GET', KEYS[1]) == ARGV[1] "
    "then redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3]) end return 0"
)


class RedisStore:
    """Keeps values where all processes find them."""

    def __init__(self, url: str) -> None:
        self._redis = Redis.from_url(
            url,
            socket_timeout=_REDIS_SECONDS,
            socket_connect_timeout=_REDIS_SECONDS,
            # Whoever asks has waited long enough after the first failure.
            retry=Retry(NoBackoff(), 0),
        )
        self._swap = self._redis.register_script(_SWAP)

    async def find(self, key: str) -> bytes | None:
        """Return what is kept."""
        with _asking():
            found = await self._redis.get(key)
        return found if isinstance(found, bytes) else None

    async def put(self, key: str, value: bytes, seconds: int) -> None:
        """Keep `value`."""
        with _asking():
            await self._redis.set(key, value, ex=seconds)

    async def swap(self, key: str, old: bytes, new: bytes, seconds: int) -> None:
        """Keep `new` where `old` is kept, and nothing where it is not."""
        with _asking():
            await self._swap(keys=[key], args=[old, new, seconds])

    async def drop(self, keys: Collection[str]) -> None:
        """Keep nothing under `keys`."""
        with _asking():
            await self._redis.delete(*keys)

    async def close(self) -> None:
        """Close every connection."""
        await self._redis.aclose()


@contextmanager
def _asking() -> Iterator[None]:
    try:
        yield
    except RedisError as error:
        raise StoreAwayError from error

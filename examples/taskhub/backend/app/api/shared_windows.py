"""Requests counted in Redis, by `limits`, for all processes together."""

import math
import time
from typing import Final

from limits import RateLimitItemPerSecond
from limits.aio.storage import RedisStorage
from limits.aio.strategies import FixedWindowRateLimiter
from limits.errors import StorageError
from redis.asyncio import ConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from app.about import SERVICE
from app.core.errors import ServiceUnavailableError
from app.core.quotas import Limit, Quota

_REDIS_SECONDS: Final = 0.5


class SharedWindows:
    """Counts requests where all processes find them."""

    def __init__(self, url: str) -> None:
        self._pool = _pool(url)
        self._limiter = _counting_in(self._pool)

    async def take(self, limit: Limit, who: str) -> Quota:
        """Count a request of `who`.

        Raises:
            ServiceUnavailableError: If Redis is away.
        """
        try:
            return await _taken(self._limiter, limit, who)
        except StorageError as error:
            raise ServiceUnavailableError from error

    async def ping(self) -> None:
        """Ask for a sign of life.

        Raises:
            ServiceUnavailableError: If Redis gives none.
        """
        try:
            await Redis(connection_pool=self._pool).ping()
        except RedisError as error:
            raise ServiceUnavailableError from error

    async def close(self) -> None:
        """Close every connection."""
        await self._pool.aclose()


def _pool(url: str) -> ConnectionPool:
    return ConnectionPool.from_url(
        url,
        socket_timeout=_REDIS_SECONDS,
        socket_connect_timeout=_REDIS_SECONDS,
        # Whoever asks has waited long enough after the first failure.
        retry=Retry(NoBackoff(), 0),
    )


def _counting_in(pool: ConnectionPool) -> FixedWindowRateLimiter:
    storage = RedisStorage(
        "async+redis://",
        wrap_exceptions=True,
        implementation="redispy",
        key_prefix=SERVICE,
        connection_pool=pool,  # type: ignore[arg-type]  # as its documentation says
    )
    return FixedWindowRateLimiter(storage)


async def _taken(limiter: FixedWindowRateLimiter, limit: Limit, who: str) -> Quota:
    item = RateLimitItemPerSecond(limit.requests, limit.seconds)
    allowed = await limiter.hit(item, limit.name, who)
    window = await limiter.get_window_stats(item, limit.name, who)
    return Quota(
        limit=limit,
        exceeded=not allowed,
        remaining=max(0, window.remaining),
        reset=max(1, math.ceil(window.reset_time - time.time())),
    )

"""Rate limits: how often a person may ask, and an address without anybody signed in.

Requests are counted in this process or, with `REDIS_URL`, in all of them together.
Without Redis each process counts alone: nobody is refused because it is away, and passwords
cannot be tried without end meanwhile.
"""

import math
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import TYPE_CHECKING, Final, Self

from fastapi import FastAPI, Response
from loguru import logger
from prometheus_client import Counter
from pydantic import SecretStr
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Lifespan, Message, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from app.api.problems import Problems, problem_answer
from app.api.routing import Operation
from app.authorization.actor import Actor
from app.core.errors import AppError, ServiceUnavailableError, TooManyAttemptsError
from app.core.quotas import Limit, Quota, QuotaExceededError, Windows
from app.core.settings import Settings

if TYPE_CHECKING:
    from app.api.shared_windows import SharedWindows

PUBLIC: Final = frozenset(
    {"/v1/auth/sign-up", "/v1/auth/sign-in", "/v1/auth/refresh", "/v1/invitations/accept"}
)
COUNTED_ALONE: Final = Counter(
    "rate_limits_counted_alone", "Requests counted in one process, since Redis was away."
)
_OF_SENDERS: Final = "integrations"
"""Group of the operations by which other services tell something."""
_TOO_MANY: Final = 429
_SITE: Final = 64
_quotas: ContextVar[list[Quota] | None] = ContextVar("quotas", default=None)


class RateCounter:
    """Counts requests."""

    def __init__(self, redis_url: SecretStr | None) -> None:
        self._here = Windows()
        self._everywhere = _shared(redis_url.get_secret_value()) if redis_url else None

    async def take(self, limit: Limit, who: str) -> Quota:
        """Count a request of `who`."""
        if self._everywhere is None:
            return self._here.take(limit, who)
        try:
            return await self._everywhere.take(limit, who)
        except ServiceUnavailableError:
            COUNTED_ALONE.inc()
            logger.bind(event="rate_limits_alone").error("Redis is away; requests counted alone")
            return self._here.take(limit, who)

    async def ping(self) -> None:
        """Ask Redis for a sign of life, if there is one.

        Raises:
            ServiceUnavailableError: If it gives none.
        """
        if self._everywhere is not None:
            await self._everywhere.ping()

    async def close(self) -> None:
        """Close every connection."""
        if self._everywhere is not None:
            await self._everywhere.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimits:
    """The limits of an application.

    Attributes:
        signed_in: Holds for who is signed in; `per` says whether person or tenant is counted.
        sign_in: Holds for addresses from which somebody signs up or in.
    """

    counter: RateCounter
    signed_in: Limit
    sign_in: Limit
    per: str

    @classmethod
    def of(cls, settings: Settings, *, per: str) -> Self:
        """Return the limits that `settings` set."""
        return cls(
            counter=RateCounter(settings.redis_url),
            signed_in=limit_of("default", settings.rate_limit_requests, settings.rate_limit_within),
            sign_in=limit_of(
                "sign-in", settings.sign_in_limit_requests, settings.sign_in_limit_within
            ),
            per=per,
        )

    async def count(self, actor: Actor) -> QuotaExceededError | None:
        """Count a request of `actor`, and return what refuses it if it is one too many."""
        person = f"/{actor.user_id}" if self.per == "user" else ""
        return await self._take(self.signed_in, f"{actor.tenant_id}{person}")

    async def admit(self, address: str, limit: Limit | None = None) -> QuotaExceededError | None:
        """Count a request from `address` by nobody who is signed in, as `count` does.

        Args:
            address: Who asks.
            limit: What it is counted for; by default, that somebody signs up or in.
        """
        return await self._take(limit or self.sign_in, _site(address))

    def install(self, app: FastAPI, settings: Settings) -> None:
        """Let `app` hold its sign-in to the limits, and tell of them."""
        # All of this comes before the last middleware, which hands requests to their operations.
        if settings.trusted_proxies:
            trusted = [each.strip() for each in settings.trusted_proxies.split(",")]
            proxies = Middleware(ProxyHeadersMiddleware, trusted_hosts=trusted)
            app.user_middleware.insert(-1, proxies)
        if settings.redis_url:
            app.state.runtime.optional["redis"] = self.counter.ping
        app.router.lifespan_context = self._closing_after(app.router.lifespan_context)
        render = Problems(settings.public_url).response
        limiting = Middleware(RateLimitMiddleware, limits=self, render=render)
        app.user_middleware.insert(-1, limiting)
        for route in app.routes:
            if isinstance(route, Operation) and _is_limited(route):
                _document(route)

    def _closing_after(self, lifespan: Lifespan[FastAPI]) -> Lifespan[FastAPI]:
        @asynccontextmanager
        async def lifespan_and_close(app: FastAPI) -> AsyncIterator[None]:
            async with lifespan(app):
                try:
                    yield
                finally:
                    await self.counter.close()

        return lifespan_and_close

    async def _take(self, limit: Limit, who: str) -> QuotaExceededError | None:
        quota = await self.counter.take(limit, who)
        if (told := _quotas.get()) is not None:
            told.append(quota)
        return QuotaExceededError(quota.reset) if quota.exceeded else None


class RateLimitMiddleware:
    """Counts sign-ins before anything else is done, and tells what is left of each limit."""

    def __init__(
        self, app: ASGIApp, *, limits: RateLimits, render: Callable[[AppError], Response]
    ) -> None:
        self._app = app
        self._limits = limits
        self._render = render

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        quotas: list[Quota] = []
        token = _quotas.set(quotas)
        try:
            await self._serve(scope, receive, _telling(quotas, send))
        finally:
            _quotas.reset(token)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] == "POST" and scope["path"] in PUBLIC:
            refusal = await self._limits.admit(scope["client"][0] if scope["client"] else "")
            if refusal is not None:
                await self._render(refusal)(scope, receive, send)
                return
        await self._app(scope, receive, send)


def _telling(quotas: list[Quota], send: Send) -> Send:
    async def send_and_tell(message: Message) -> None:
        if message["type"] == "http.response.start":
            told = [field for quota in quotas for field in quota.headers]
            message["headers"] = [*message["headers"], *told]
        await send(message)

    return send_and_tell


def limit_of(name: str, requests: int, within: timedelta) -> Limit:
    """Return the limit called `name`, in whole seconds."""
    seconds = max(1, math.ceil(within.total_seconds()))
    return Limit(name=name, requests=requests, seconds=seconds)


def _shared(url: str) -> "SharedWindows":
    # Its client is slow to import, and most processes that start have no Redis.
    from app.api.shared_windows import SharedWindows  # noqa: PLC0415

    return SharedWindows(url)


def _site(address: str) -> str:
    """Return what is counted as one address: a network of IPv6 is one customer's."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv6Address) and found.ipv4_mapped is None:
        return str(IPv6Network((found, _SITE), strict=False))
    return str(found)


def _is_limited(route: Operation) -> bool:
    is_told = _OF_SENDERS in route.tags
    return is_told or route.path in PUBLIC or "security" in (route.openapi_extra or {})


def _document(route: Operation) -> None:
    # Applications of one process share their routes: doing this twice changes nothing.
    known = str(route.responses.get(_TOO_MANY, ""))
    locked = (TooManyAttemptsError,) if TooManyAttemptsError.slug in known else ()
    route.responses[_TOO_MANY] = problem_answer(QuotaExceededError, *locked)
    route.responses = dict(sorted(route.responses.items(), key=lambda each: str(each[0])))

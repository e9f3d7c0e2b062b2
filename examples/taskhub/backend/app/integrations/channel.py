"""One attempt at a call: sent once, within a time, and judged by its answer.

It follows no redirect, keeps no cookie and believes no proxy of the environment: what a setting
names is where it sends.
"""

import asyncio
from collections.abc import Mapping
from contextlib import aclosing
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import httpx
from loguru import logger
from msgspec.json import encode

from app.core.outside import HopelessError
from app.core.tls import trust
from app.integrations.answers import BadAnswerError, excerpt, read, retry_after, understood
from app.integrations.breaker import AnsweredError, FailedError
from app.integrations.policies import Call

_BUSY: Final = frozenset({408, 425, 429})
_FIRST_BYTE: Final = "http11.send_request_headers.started"
_AT_ONCE: Final = timedelta()


class TriedError(Exception):
    """An attempt came to nothing, and another one may not.

    Attributes:
        told: How, in words of ours.
        sent: Whether the service may have done it all the same.
        after: How long the service asks to be left alone.
    """

    def __init__(self, told: str, *, sent: bool, after: timedelta = _AT_ONCE) -> None:
        self.told = told
        self.sent = sent
        self.after = after
        super().__init__(told)


class FaultError(TriedError, FailedError):
    """The service is at fault, or cannot be reached."""


class BusyError(TriedError, AnsweredError):
    """The service lives, and has no time."""


class RefusedError(HopelessError, AnsweredError):
    """The service lives, and refuses."""


@dataclass(slots=True)
class _Sending:
    """Takes note when the first byte of a request is sent."""

    begun: bool = False

    async def trace(self, event: str, _: Mapping[str, Any]) -> None:
        """Take note of a step of the connection."""
        self.begun = self.begun or event == _FIRST_BYTE


class Channel:
    """Where one other service is reached.

    Args:
        name: What people know it by.
        url: Its base URL.
        headers: What proves who asks; never shown.
        timeout: How long an attempt may take as a whole.
        connections: How many may be open at once.
    """

    def __init__(
        self,
        name: str,
        url: str,
        headers: Mapping[str, str],
        *,
        timeout: timedelta,
        connections: int,
    ) -> None:
        self._name = name
        self._url = url.rstrip("/")
        self._headers = headers
        self._seconds = timeout.total_seconds()
        limits = httpx.Limits(max_connections=connections)
        self._transport = httpx.AsyncHTTPTransport(trust(), limits=limits, trust_env=False)

    async def close(self) -> None:
        """Close what is open."""
        await self._transport.aclose()

    async def attempt[A](
        self, call: Call, body: Mapping[str, object], *, answer: type[A], key: str
    ) -> A:
        """Send a call once, and return what is answered.

        Raises:
            TriedError: If it came to nothing.
            HopelessError: If the service refuses, or the attempt is broken off and must not be
                repeated.
        """
        sending = _Sending()
        try:
            async with asyncio.timeout(self._seconds):
                request = self._request(call, body, key)
                request.extensions["trace"] = sending.trace
                response = await self._transport.handle_async_request(request)
                async with aclosing(response):
                    content = await read(response)
            self._judge(call, response, self._said(content, body))
            return understood(content, answer)
        except asyncio.CancelledError:
            if call.is_repeatable or not sending.begun:
                raise
            msg = f"{self._name}.{call.name}: broken off, and nobody knows whether it was done"
            raise HopelessError(msg) from None
        except TimeoutError:
            raise FaultError("took too long", sent=sending.begun) from None
        except BadAnswerError as error:
            raise FaultError(str(error), sent=True) from None
        except httpx.HTTPError as error:
            raise FaultError(type(error).__name__, sent=sending.begun) from None

    def _request(self, call: Call, body: Mapping[str, object], key: str) -> httpx.Request:
        headers = {"accept": "application/json", "accept-encoding": "identity", **self._headers}
        if call.keyed:
            headers["idempotency-key"] = key
        if not call.has_body:
            return httpx.Request(call.method, self._url + call.path, headers=headers)
        headers["content-type"] = "application/json"
        return httpx.Request(
            call.method, self._url + call.path, headers=headers, content=encode(body)
        )

    def _judge(self, call: Call, response: httpx.Response, said: str) -> None:
        """Let pass what was done."""
        if response.is_success:
            return
        status = response.status_code
        told = logger.bind(integration=self._name, call=call.name, status=status, said=said)
        told.warning("a service refused a call")
        if status in _BUSY:
            raise BusyError(f"status {status}", sent=False, after=retry_after(response))
        if response.is_server_error:
            raise FaultError(f"status {status}", sent=True, after=retry_after(response))
        msg = f"{self._name}.{call.name}: status {status}"
        raise RefusedError(msg)

    def _said(self, content: bytes, body: Mapping[str, object]) -> str:
        """Return a little of what the service said, without what it was sent."""
        # A token is known alone as well as behind its scheme.
        proofs = [part for each in self._headers.values() for part in (each, each.split(" ")[-1])]
        sent = [*proofs, *map(str, body.values())]
        return excerpt(content, without=[each for each in sent if each])

"""One attempt at a delivery: a signed request, within a time, judged by the status of its answer.

It follows no redirect, keeps no cookie, believes no proxy of the environment, and reads nothing of
the answer but its head.
"""

import asyncio
import ssl
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from time import perf_counter
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

import httpcore
from msgspec.json import encode

from app.about import SERVICE
from app.core.clock import Clock
from app.core.endpoints import UnfitEndpointError, require_endpoint
from app.core.ids import TenantId
from app.core.tls import trust
from app.core.webhook_rules import TIMEOUT
from app.schemas.fields import instant_text
from app.security.webhook_secrets import WebhookSecrets
from app.webhooks.network import PublicNetwork, RefusedAddressError, UnresolvedError

_GONE: Final = 410
_CLOSING_SECONDS: Final = 1.0
_BROKEN: Final = (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What is told of an event: the same in every attempt."""

    event_id: UUID
    type: str
    tenant_id: TenantId
    payload: Mapping[str, Any]
    occurred_at: datetime

    def body(self) -> bytes:
        """Return it as it is sent and signed."""
        return encode(
            {
                "id": str(self.event_id),
                "type": self.type,
                "occurred_at": instant_text(self.occurred_at),
                "tenant_id": str(self.tenant_id),
                "data": self.payload,
            }
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of an attempt.

    Attributes:
        status: Of the answer; None if there was none.
        reason: Why it came to nothing, in words of ours; None if it did not.
        seconds: How long it took.
    """

    status: int | None = None
    reason: str | None = None
    seconds: float = 0.0

    @property
    def is_delivered(self) -> bool:
        """Return whether the receiver has it."""
        return self.reason is None

    @property
    def is_gone(self) -> bool:
        """Return whether the receiver wants nothing ever again."""
        return self.status == _GONE


class Sender:
    """Sends messages to webhooks.

    Args:
        secrets: What signs.
        network: What connects.
        clock: Tells when a message is signed.
        insecure: Whether http and inner networks will do.
    """

    def __init__(
        self,
        secrets: WebhookSecrets,
        network: PublicNetwork,
        clock: Clock,
        *,
        insecure: bool,
    ) -> None:
        self._secrets = secrets
        self._network = network
        self._clock = clock
        self._insecure = insecure
        self._trust = trust()

    async def send(self, message: Message, *, url: str, salts: Sequence[str]) -> Outcome:
        """Send a message once, signed with the secret of each salt."""
        started = perf_counter()
        status, reason = await self._attempted(message, url, salts)
        return Outcome(status=status, reason=reason, seconds=perf_counter() - started)

    async def _attempted(
        self, message: Message, url: str, salts: Sequence[str]
    ) -> tuple[int | None, str | None]:
        """Return the status of the answer, and why the attempt came to nothing if it did."""
        try:
            require_endpoint(url, insecure=self._insecure)
            async with asyncio.timeout(TIMEOUT.total_seconds()):
                status = await self._answered(self._request(message, url, salts))
        except TimeoutError:
            return None, "took too long"
        except (UnfitEndpointError, RefusedAddressError):
            return None, "address refused"
        except UnresolvedError:
            return None, "unknown host"
        except _BROKEN as error:
            return None, _told(error)
        return status, None if 200 <= status < 300 else f"status {status}"  # successes

    async def _answered(self, request: httpcore.Request) -> int:
        connection = httpcore.AsyncHTTPConnection(
            request.url.origin, ssl_context=self._trust, network_backend=self._network
        )
        try:
            return (await connection.handle_async_request(request)).status
        finally:
            # Whatever else it has to say is not heard.
            with suppress(*_BROKEN, OSError):
                async with asyncio.timeout(_CLOSING_SECONDS):
                    await connection.aclose()

    def _request(self, message: Message, url: str, salts: Sequence[str]) -> httpcore.Request:
        body, id_ = message.body(), str(message.event_id)
        timestamp = int(self._clock.now().timestamp())
        signed = self._secrets.signatures(salts, message_id=id_, timestamp=timestamp, body=body)
        headers = {
            "host": urlsplit(url).netloc,
            "content-length": str(len(body)),
            "content-type": "application/json",
            "user-agent": f"{SERVICE}-webhooks",
            "webhook-id": id_,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": signed,
        }
        return httpcore.Request("POST", url, headers=list(headers.items()), content=body)


def _told(error: Exception) -> str:
    """Return why a connection came to nothing; nothing that the other side said is in it."""
    if isinstance(error.__cause__, ssl.SSLError):
        return "certificate refused"
    if isinstance(error, httpcore.ConnectError):
        return "no connection"
    return "no answer"

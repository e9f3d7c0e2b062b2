"""Attempts at deliveries: signed, in time, to no inner network, and deaf to what is answered."""

import asyncio
import ssl
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Self

import httpcore
import pytest

from app.core.clock import SystemClock
from app.core.ids import TenantId, new_id
from app.security.webhook_secrets import WebhookSecrets
from app.webhooks import sending
from app.webhooks.network import PublicNetwork, RefusedAddressError, UnresolvedError, resolved
from app.webhooks.sending import Message, Outcome, Sender
from tests.requirements import WEBHOOKS
from tests.webhooks.receiver import (
    Answer,
    Receiver,
    dripping,
    hanging,
    heading,
    pouring,
    saying,
    verified,
)

pytestmark = pytest.mark.requirement(*WEBHOOKS)

SECRETS = WebhookSecrets(b"s" * 48)
MESSAGE = Message(
    event_id=new_id(),
    type="SomethingHappened",
    tenant_id=TenantId(new_id()),
    payload={"name": "{{7*7}} ü"},
    occurred_at=datetime(2030, 1, 2, 3, 4, 5, 6, UTC),
)


def sender(*, insecure: bool = True, network: PublicNetwork | None = None) -> Sender:
    network = network or PublicNetwork(insecure=insecure)
    return Sender(SECRETS, network, SystemClock(), insecure=insecure)


async def sent(url: str, *, insecure: bool = True, network: PublicNetwork | None = None) -> Outcome:
    return await sender(insecure=insecure, network=network).send(MESSAGE, url=url, salts=["salt"])


def standing_for(*rounds: Sequence[str]) -> Any:
    """Return what looks names up: each time it stands for other addresses."""
    left = iter(rounds)

    async def resolve(_host: str, _port: int) -> Sequence[str]:
        return next(left)

    return resolve


async def test_a_receiver_can_verify_what_comes(receiver: Receiver) -> None:
    outcome = await sent(receiver.url)

    assert (outcome.status, outcome.reason, outcome.is_delivered) == (204, None, True)
    [heard] = receiver.heard
    assert heard.line == "POST /hook?of=us HTTP/1.1"
    assert heard.headers["content-type"] == "application/json"
    assert heard.told == {
        "id": str(MESSAGE.event_id),
        "type": "SomethingHappened",
        "occurred_at": "2030-01-02T03:04:05.000006Z",
        "tenant_id": str(MESSAGE.tenant_id),
        "data": {"name": "{{7*7}} ü"},
    }
    assert heard.id == str(MESSAGE.event_id)
    assert verified(heard, SECRETS.told("salt"), now=time.time())
    assert not verified(heard, SECRETS.told("other"), now=time.time())


@pytest.mark.parametrize("status", [200, 201, 202, 299])
async def test_every_success_counts(receiver: Receiver, status: int) -> None:
    receiver.answer = saying(status, body=b"thanks")

    assert (await sent(receiver.url)).is_delivered


@pytest.mark.parametrize("status", [301, 302, 307, 308, 400, 401, 404, 410, 429, 500, 503])
async def test_nothing_else_does(receiver: Receiver, status: int) -> None:
    receiver.answer = saying(status, headers=f"location: {receiver.url}\r\n", body=b"<secret>")

    outcome = await sent(receiver.url)

    assert (outcome.status, outcome.reason) == (status, f"status {status}")
    assert not outcome.is_delivered
    assert outcome.is_gone is (status == 410)
    assert receiver.connections == 1, "redirects are not followed"


@pytest.mark.parametrize("answer", [hanging, dripping])
async def test_whoever_takes_too_long_is_left(
    receiver: Receiver, answer: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "TIMEOUT", timedelta(seconds=0.3))
    receiver.answer = answer

    async with asyncio.timeout(5):
        outcome = await sent(receiver.url)

    assert (outcome.status, outcome.reason) == (None, "took too long")


async def test_a_body_without_end_is_not_read(receiver: Receiver) -> None:
    receiver.answer = pouring

    async with asyncio.timeout(5):
        assert (await sent(receiver.url)).is_delivered


async def test_a_head_without_end_is_no_answer(receiver: Receiver) -> None:
    receiver.answer = heading

    async with asyncio.timeout(5):
        assert (await sent(receiver.url)).reason == "no answer"


@pytest.mark.parametrize(
    ("scheme", "reason"), [("http", "no answer"), ("https", "certificate refused")]
)
async def test_what_speaks_another_protocol_is_told(scheme: str, reason: str) -> None:
    async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example.test ESMTP\r\n")
        await reader.read(1)
        writer.close()

    async with await asyncio.start_server(greet, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        outcome = await sent(f"{scheme}://127.0.0.1:{port}/")
        server.abort_clients()

    assert (outcome.status, outcome.reason) == (None, reason)


async def test_what_is_not_there_is_told() -> None:
    async with Receiver().serving() as receiver:
        url = receiver.url

    assert (await sent(url)).reason == "no connection"
    nowhere = PublicNetwork(insecure=False, resolve=standing_for([]))
    assert (await sent("https://a.example", insecure=False, network=nowhere)).reason == (
        "unknown host"
    )
    with pytest.raises(UnresolvedError):
        await resolved("name.invalid", 443)


INNER = [
    ["127.0.0.1"],
    ["10.0.0.1"],
    ["192.168.0.1"],
    ["169.254.169.254"],
    ["100.64.0.1"],
    ["0.0.0.0"],  # refused
    ["::1"],
    ["fd00::1"],
    ["fe80::1%lo"],
    ["::ffff:127.0.0.1"],
    ["64:ff9b::7f00:1"],
    ["2002:7f00:1::"],
    ["8.8.8.8", "127.0.0.1"],
]


@pytest.mark.parametrize("addresses", INNER)
async def test_a_name_that_stands_for_an_inner_machine_is_refused(
    receiver: Receiver, addresses: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.core.endpoints._PORTS", {receiver.port})
    network = PublicNetwork(insecure=False, resolve=standing_for(addresses))

    outcome = await sent(f"https://a.example:{receiver.port}/", insecure=False, network=network)

    assert outcome.reason == "address refused"
    assert receiver.connections == 0


@pytest.mark.parametrize("url", ["https://127.0.0.1/", "http://a.example/", "https://localhost/"])
async def test_an_address_that_is_unfit_is_refused_when_it_is_sent_to(url: str) -> None:
    assert (await sent(url, insecure=False)).reason == "address refused"


class Connected(httpcore.AsyncNetworkBackend):
    """Takes note of what is connected to, and of the name that TLS is about."""

    def __init__(self) -> None:
        self.addresses: list[str] = []
        self.names: list[tuple[str | None, bool]] = []

    async def connect_tcp(self, host: str, *_: Any, **__: Any) -> httpcore.AsyncNetworkStream:
        self.addresses.append(host)
        return _Silent(self)


class _Silent(httpcore.AsyncNetworkStream):
    def __init__(self, connected: Connected) -> None:
        self._connected = connected

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109  # as httpcore has it
    ) -> Self:
        is_strict = ssl_context.check_hostname and ssl_context.verify_mode is ssl.CERT_REQUIRED
        self._connected.names.append((server_hostname, is_strict))
        raise httpcore.ConnectError

    async def aclose(self) -> None:
        """Nothing is open."""


async def test_what_was_checked_is_connected_to_and_the_name_is_verified() -> None:
    """A name that stands for another machine a moment later leads there nobody."""
    network = PublicNetwork(insecure=False, resolve=standing_for(["93.184.216.34"], ["127.0.0.1"]))
    connected = Connected()
    network._plain = connected  # type: ignore[assignment]  # what connects is seen in no other way

    first = await sent("https://a.example/", insecure=False, network=network)
    second = await sent("https://a.example/", insecure=False, network=network)

    assert (first.reason, second.reason) == ("no connection", "address refused")
    assert connected.addresses == ["93.184.216.34"]
    assert connected.names == [("a.example", True)]


async def test_no_socket_of_the_machine_is_connected_to() -> None:
    with pytest.raises(RefusedAddressError):
        await PublicNetwork(insecure=True).connect_unix_socket("/run/docker.sock")

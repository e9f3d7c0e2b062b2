"""Faults of RabbitMQ, through a proxy, with queues that only this suite uses."""

import os
import secrets
import socket
import time
from contextlib import closing
from typing import Final
from urllib.parse import urlsplit

import pika  # type: ignore[import-untyped]  # it has no types

from tests.faults.case import Case, Outcome
from tests.faults.proxy import Manner, Mode
from tests.faults.site import Site

VARIABLE: Final = "TEST_AMQP_URL"
_URL: Final = "amqp://guest:guest@127.0.0.1:5672"
_PRIORITIES: Final = ("high", "normal", "low")


def cut_off(site: Site, size: int) -> Outcome:
    """Connections to RabbitMQ are reset, refused, hang and break off, as jobs are queued."""
    url = urlsplit(os.environ.get(VARIABLE, _URL))
    proxy = site.proxy_to(url.port or 5672)
    queues = f"faults-{secrets.token_hex(4)}"
    site.variables["QUEUES"] = queues
    site.variables["BROKER_URL"] = f"amqp://{url.username}:{url.password}@127.0.0.1:{proxy.port}"
    try:
        return _cut_off(site, proxy_modes(), queues, size)
    finally:
        _remove(queues)


def proxy_modes() -> tuple[Manner, ...]:
    """Return the manners that are tried, one after the other."""
    return (
        Manner(mode=Mode.RST),
        Manner(mode=Mode.REFUSE),
        Manner(mode=Mode.HANG),
        Manner(mode=Mode.CUT, size=700),
        Manner(mode=Mode.BLACKHOLE),
    )


def _cut_off(site: Site, manners: tuple[Manner, ...], queues: str, size: int) -> Outcome:
    [proxy] = site.proxies
    site.worker()
    site.queue("quick", size)
    control = site.wait_until_ended()
    assert _consumers(queues) > 0, "nobody hears of jobs by RabbitMQ"
    longest = 0.0
    for manner in manners:
        proxy.behave(manner)
        begun = site.note(manner.mode.name)
        site.queue("quick", size)
        longest = max(longest, site.wait_until_ended() - begun)
        proxy.behave(Mode.RST)
        proxy.behave(Mode.PASS)
        time.sleep(1)
    again = site.told_again()
    deadline = time.monotonic() + 40
    while not _consumers(queues) and time.monotonic() < deadline:
        time.sleep(0.5)
    assert _consumers(queues) > 0, "nobody has come back to RabbitMQ"
    return Outcome(
        injections=len(manners),
        control=f"{size} done after {control:.1f} s",
        recovery=longest,
        bound=30,
        remark=f"after it: {again:.1f} s",
    )


def nobody() -> str | None:
    """Return why no RabbitMQ can be asked; None if one can."""
    url = urlsplit(os.environ.get(VARIABLE, _URL))
    try:
        socket.create_connection((url.hostname or "", url.port or 5672), timeout=2).close()
    except OSError:
        return f"no RabbitMQ answers at {url.hostname}:{url.port}; {VARIABLE} may name one"
    return None


def _consumers(queues: str) -> int:
    """Return how many hear of jobs of normal priority."""
    with closing(_connected()) as connection:
        told = connection.channel().queue_declare(f"{queues}.normal", passive=True)
        return int(told.method.consumer_count)


def _remove(queues: str) -> None:
    with closing(_connected()) as connection:
        channel = connection.channel()
        for priority in _PRIORITIES:
            for suffix in ("", ".DQ", ".XQ"):
                channel.queue_delete(f"{queues}.{priority}{suffix}")


def _connected() -> pika.BlockingConnection:
    return pika.BlockingConnection(pika.URLParameters(os.environ.get(VARIABLE, _URL)))


CASES: Final = (
    Case(
        name="RabbitMQ cut off",
        act=cut_off,
        short=None,
        long=30,
        broker=False,
        obstacle=nobody,
    ),
)

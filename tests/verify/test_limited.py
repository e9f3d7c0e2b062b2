"""Targets that limit how often they are asked: they are asked again, or nothing is said of them."""

from threading import Barrier

import pytest

from tests.verify.hostile import responding
from tospec.model.system import System
from tospec.verify.base import Request
from tospec.verify.run import Options, world_of
from tospec.verify.wire.admission import RateLimitedError
from tospec.verify.wire.target import target_of

ASKED = Request(method="GET", path="/v1/tasks")
LIMITED = '429 Slow\r\nratelimit: "default";r=0;t={0}\r\nretry-after: {0}'


def test_who_is_told_to_wait_waits_and_asks_again(system: System) -> None:
    answers = [(LIMITED.format(1), b"{}"), (LIMITED.format(0), b"{}"), ("200 Fine", b"[]")]
    with responding(lambda _: answers.pop(0)) as target:
        world = world_of(system, target_of(target.url), Options())
        assert world.send(ASKED, {}).status == 200
        world.close()
    assert answers == []


@pytest.mark.parametrize(
    ("status", "body", "times"),
    [
        (LIMITED.format(0), b"{}", 4),
        (LIMITED.format(3600), b"{}", 1),
        ("429 Slow\r\nx-ratelimit-remaining: 0", b"{}", 1),
        ("429 Slow\r\nretry-after: 0", b'{"code": "quota-exceeded"}', 4),
    ],
)
def test_nothing_is_said_of_a_target_that_does_not_relent(
    system: System, status: str, body: bytes, times: int
) -> None:
    with responding(lambda _: (status, body)) as target:
        world = world_of(system, target_of(target.url), Options())
        with pytest.raises(RateLimitedError, match=r"limits how often it is asked.*--rate"):
            world.send(ASKED, {})
        world.close()
        assert len(target.received) == times


def test_nor_of_one_that_limits_racers(system: System) -> None:
    with responding(lambda _: (LIMITED.format(0), b"{}")) as target:
        world = world_of(system, target_of(target.url), Options())
        with pytest.raises(RateLimitedError):
            world.alone(ASKED, {}, gate=Barrier(1))
        world.close()


@pytest.mark.parametrize("more", ["", '\r\nratelimit: "sign-in";r=9;t=9'])
def test_an_account_that_is_locked_is_no_limit(system: System, more: str) -> None:
    locked = (f"429 Locked\r\nretry-after: 900{more}", b'{"code": "too-many-attempts"}')
    with responding(lambda _: locked) as target:
        world = world_of(system, target_of(target.url), Options())
        assert world.send(ASKED, {}).status == 429
        world.close()

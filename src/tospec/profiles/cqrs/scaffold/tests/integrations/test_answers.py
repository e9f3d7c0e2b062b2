"""Answers of other services: how long to wait, and how little of them is told."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from types import NoneType

import httpx
import pytest

from app.integrations.answers import BadAnswerError, excerpt, retry_after, understood
from tests.integrations.asking import Told
from tests.requirements import INTEGRATIONS

pytestmark = pytest.mark.requirement(*INTEGRATIONS)


def response(told: str | None) -> httpx.Response:
    return httpx.Response(503, headers={} if told is None else {"retry-after": told})


@pytest.mark.parametrize(
    ("told", "seconds"),
    [("0", 0), ("7", 7), ("999999", 86_400), ("9" * 5000, 0), ("-1", 0), ("1.5", 0)],
)
def test_retry_after_is_a_number_of_seconds(told: str, seconds: int) -> None:
    assert retry_after(response(told)) == timedelta(seconds=seconds)


@pytest.mark.parametrize("told", [None, "", "soon", "Mon, 99 Foo 2030 00:00:00 GMT"])
def test_retry_after_may_say_nothing(told: str | None) -> None:
    assert retry_after(response(told)) == timedelta()


def test_retry_after_may_be_a_time() -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)

    assert abs(retry_after(response(later)) - timedelta(seconds=90)) < timedelta(seconds=3)


def test_retry_after_may_be_over() -> None:
    assert retry_after(response("Wed, 01 Jan 2020 00:00:00 GMT")) == (timedelta())


@pytest.mark.parametrize("content", [b"", b"<html>", b"{}", b'{"id": 1}', b'{"id": "\xff"}', b"[]"])
def test_an_answer_of_another_form_is_none(content: bytes) -> None:
    with pytest.raises(BadAnswerError):
        understood(content, Told)

    understood(content, NoneType)


def test_an_answer_may_say_more_than_was_agreed() -> None:
    assert understood(b'{"id": "1", "more": [2]}', Told) == Told(id="1")


def test_an_excerpt_is_short_and_on_one_line() -> None:
    told = excerpt(b'\x1b[31m{"error":\r\n "no"}\xff' + b"x" * 100_000, without=[])

    assert len(told) <= 200
    assert told.isascii()
    assert told.isprintable()


def test_an_excerpt_leaves_out_what_was_sent() -> None:
    told = excerpt(b"no ada@example.com with token-1", without=["ada@example.com", "token-1"])

    assert "ada" not in told
    assert "token-1" not in told

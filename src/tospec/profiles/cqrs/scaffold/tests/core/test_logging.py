"""Logs: one JSON object a line whatever is logged, and never in the way."""

import json
import logging
import os
import secrets
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from loguru import logger

from app.core.context import WorkContext, entered
from app.core.ids import new_id
from app.core.logging import LineWriter, LogLines, configure_logging, encode_line
from tests.requirements import OPERATIONS

pytestmark = pytest.mark.requirement(*OPERATIONS)


class Pipe:
    """The two ends of a pipe that is read as lines of JSON."""

    def __init__(self) -> None:
        self.reading, self.writing = os.pipe()

    def lines(self) -> list[dict[str, object]]:
        os.close(self.writing)
        with os.fdopen(self.reading, "rb") as stream:
            raw = stream.read()
        assert raw.isascii()
        return [json.loads(line) for line in raw.splitlines()]


@pytest.fixture
def pipe() -> Pipe:
    return Pipe()


@pytest.fixture
def writer(pipe: Pipe) -> Iterator[LineWriter]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    _, writer = configure_logging("INFO", descriptor=pipe.writing)
    yield writer
    logger.remove()
    logging.captureWarnings(capture=False)
    root.handlers[:], root.level = handlers, level


HOSTILE = [
    "a\r\nb",
    "\x1b[31mred\x07",
    "\u2028\u2029\x85",
    "{}",
    "{0.__class__}",
    "{password}",
    "%s %n",
    "lone \ud800 surrogate",
    '{"level": "INFO"}',
    "\x00",
    "<red>tag</red>",
    "🦜",
]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_stays_in_its_line(pipe: Pipe, writer: LineWriter, hostile: str) -> None:
    logger.bind(name=hostile, nested={hostile: [hostile]}).info("constant")
    logging.getLogger("library").warning(hostile)
    writer.close()
    first, second = pipe.lines()
    expected = hostile.replace("\ud800", "\ufffd")
    assert (first["name"], first["nested"]) == (expected, {expected: [expected]})
    assert (second["message"], second["logger"]) == (expected, "library")


def test_every_line_says_whose_it_is(pipe: Pipe, writer: LineWriter) -> None:
    context = WorkContext(endpoint="GET /x", trace_id="t")
    context.identify(tenant_id=new_id(), user_id=new_id())
    logger.info("outside")
    with entered(context):
        logger.bind(tenant_id="forged", correlation_id="forged").info("inside")
    writer.close()
    outside, inside = pipe.lines()
    names = {"timestamp", "level", "message", "tenant_id", "user_id", "endpoint", "correlation_id"}
    assert names <= set(outside)
    assert outside["correlation_id"] is None
    assert inside["tenant_id"] == str(context.tenant_id)
    assert inside["user_id"] == str(context.user_id)
    assert inside["correlation_id"] == context.correlation_id
    assert inside["endpoint"] == "GET /x"
    assert datetime.fromisoformat(str(inside["timestamp"])).utcoffset() is not None


def test_a_traceback_holds_no_values(pipe: Pipe, writer: LineWriter) -> None:
    canary = secrets.token_hex(16)

    def fail(password: str) -> None:
        raise RuntimeError(len(password) and "told")

    try:
        fail(canary)
    except RuntimeError:
        logger.exception("failed")
        logging.getLogger("library").exception("failed")
    writer.close()
    for line in pipe.lines():
        assert "told" in str(line["exception"])
        assert canary not in json.dumps(line)


def test_a_stalled_reader_holds_nothing_up() -> None:
    reading, writing = os.pipe()
    writer = LineWriter(writing, capacity=50)
    lines = LogLines(writer)
    started = time.perf_counter()
    for _ in range(5_000):
        lines.emit("INFO", "x" * 500, datetime.now(UTC))
    assert time.perf_counter() - started < 2
    assert writer.dropped > 0
    os.close(reading)
    writer.close()
    os.close(writing)


def test_a_reader_that_keeps_up_misses_nothing(pipe: Pipe) -> None:
    writer = LineWriter(pipe.writing)
    for number in range(300):
        writer.write(encode_line({"number": number}))
    writer.close()
    assert [line["number"] for line in pipe.lines()] == list(range(300))
    assert writer.dropped == 0


def test_levels(pipe: Pipe, writer: LineWriter) -> None:
    logger.debug("quiet")
    logging.getLogger("uvicorn.error").debug("quiet")
    logging.getLogger("sqlalchemy.engine").info("quiet")
    logging.getLogger("uvicorn.error").log(25, "odd level")
    logger.error("loud")
    writer.close()
    assert [(line["level"], line["message"]) for line in pipe.lines()] == [
        ("WARNING", "odd level"),
        ("ERROR", "loud"),
    ]

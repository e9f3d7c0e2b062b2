"""Logs as JSON lines, written by a thread of their own, so that a log never holds up work.

Text that comes from outside is bound, never formatted into the message:
`logger.bind(name=value).info("constant text")`.
"""

import json
import logging
import os
import queue
import sys
import threading
import time
import traceback
from datetime import UTC, datetime
from types import FrameType
from typing import TYPE_CHECKING, Any, Final, Protocol

from loguru import logger
from msgspec.json import Encoder

from app.core.context import WorkContext, current_context
from app.core.metrics import DROPPED_LOG_LINES

if TYPE_CHECKING:
    from loguru import Message

QUEUE_LINES: Final = 10_000
_BATCH: Final = 200
_GATHERING_SECONDS: Final = 0.01
_CLOSE_SECONDS: Final = 2.0
_MAX_TEXT: Final = 8_000


class LineWriter:
    """Writes lines to a file descriptor without ever making the caller wait.

    Lines are dropped, and counted, when the reader is slower than the writers.
    """

    def __init__(self, descriptor: int, *, capacity: int = QUEUE_LINES) -> None:
        self._descriptor = descriptor
        self._capacity = capacity
        self._lines: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._dropped = 0
        self._thread = threading.Thread(target=self._drain, name="log-writer", daemon=True)
        self._thread.start()

    @property
    def dropped(self) -> int:
        """Return how many lines were given up so far."""
        return self._dropped

    def write(self, line: bytes) -> None:
        """Hand over one line, which ends in a newline; never waits."""
        if self._lines.qsize() < self._capacity:
            self._lines.put(line)
        else:
            self._give_up(1)

    def close(self) -> None:
        """Write what is pending, for two seconds at most."""
        self._lines.put(None)
        self._thread.join(_CLOSE_SECONDS)

    def _drain(self) -> None:
        while (line := self._lines.get()) is not None:
            batch = [line]
            ended = self._take(batch)
            self._write_out(b"".join(batch))
            if ended:
                return
            # To wake for each line costs its writer more than the line does.
            time.sleep(_GATHERING_SECONDS)

    def _take(self, batch: list[bytes]) -> bool:
        while len(batch) < _BATCH:
            try:
                line = self._lines.get_nowait()
            except queue.Empty:
                return False
            if line is None:
                return True
            batch.append(line)
        return False

    def _write_out(self, data: bytes) -> None:
        view = memoryview(data)
        try:
            while view:
                view = view[os.write(self._descriptor, view) :]
        except OSError:
            # Nobody reads any more; there is no other place to say so.
            self._give_up(data.count(b"\n"))

    def _give_up(self, lines: int) -> None:
        self._dropped += lines
        DROPPED_LOG_LINES.inc(lines)


class Lines(Protocol):
    """Takes lines."""

    def write(self, line: bytes) -> None:
        """Take one line, which ends in a newline."""
        ...


class NoLines:
    """Takes lines and keeps none, for work that is not to be logged."""

    def write(self, line: bytes) -> None:
        """Forget `line`."""


class LogLines:
    """Turns records into lines: one JSON object each, the same members in each."""

    def __init__(self, writer: Lines) -> None:
        self._writer = writer

    def sink(self, message: "Message") -> None:
        """Write one record of loguru."""
        record = message.record
        fields: dict[str, Any] = dict(record["extra"])
        if record["exception"] is not None:
            fields["exception"] = _traceback(record["exception"])
        self.emit(record["level"].name, record["message"], record["time"], fields)

    def emit(
        self, level: str, message: str, moment: datetime, fields: dict[str, Any] | None = None
    ) -> None:
        """Write one line with the identity of the work in hand."""
        line = {
            "timestamp": moment.astimezone(UTC).isoformat(timespec="milliseconds"),
            "level": level,
            "message": message,
            **identity(current_context()),
            **{name: value for name, value in (fields or {}).items() if name not in _RESERVED},
        }
        self._writer.write(encode_line(line))

    def access(self, moment: datetime, fields: dict[str, Any]) -> None:
        """Write the line of one request; `fields` are plain, and none of the names of all lines."""
        line = {
            "timestamp": moment.isoformat(timespec="milliseconds"),
            "level": "INFO",
            "message": "request",
            **identity(current_context()),
            **fields,
        }
        text = _ENCODER.encode(line)
        self._writer.write(text + b"\n" if text.isascii() else encode_line(line))


_ENCODER: Final = Encoder()
_RESERVED: Final = frozenset(
    {"timestamp", "level", "message", "tenant_id", "user_id", "endpoint", "correlation_id"}
)


def identity(context: WorkContext | None) -> dict[str, object]:
    """Return the members that say whose work a line belongs to."""
    if context is None:
        return dict.fromkeys(("tenant_id", "user_id", "endpoint", "correlation_id", "trace_id"))
    return {
        "tenant_id": context.tenant_id,
        "user_id": context.user_id,
        "endpoint": context.endpoint,
        "correlation_id": context.correlation_id,
        "trace_id": context.trace_id,
    }


def encode_line(line: dict[str, Any]) -> bytes:
    """Return `line` as one line of ASCII JSON, whatever texts it holds."""
    # Escaping everything but ASCII keeps control characters, line separators and
    # lone surrogates from being taken for the end of a line or for terminal commands.
    text = json.dumps(line, default=str, skipkeys=True)
    return _without_surrogates(text).encode("ascii") + b"\n"


def configure_logging(level: str, *, descriptor: int | None = None) -> tuple[LogLines, LineWriter]:
    """Send every log of the process to `descriptor`, standard output by default.

    Returns:
        What writes lines past loguru, for lines that are written for each request, and
        the writer, to be closed at the end.
    """
    writer = LineWriter(sys.stdout.fileno() if descriptor is None else descriptor)
    lines = LogLines(writer)
    logger.remove()
    logger.add(lines.sink, level=level, format="{message}", diagnose=False, backtrace=False)
    logging.basicConfig(handlers=[_Forward()], level=level, force=True)
    logging.captureWarnings(capture=True)
    for name in ("sqlalchemy.engine", "sqlalchemy.pool", "aiosqlite", "asyncio", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
    return lines, writer


class _Forward(logging.Handler):
    """Hands records of the standard library to loguru."""

    def emit(self, record: logging.LogRecord) -> None:
        depth, frame = 2, logging.currentframe()
        while isinstance(frame, FrameType) and frame.f_code.co_filename == logging.__file__:
            depth, frame = depth + 1, frame.f_back  # type: ignore[assignment]  # ends the loop
        bound = logger.opt(depth=depth, exception=record.exc_info).bind(logger=record.name)
        level = record.levelname if record.levelname in _LEVELS else "WARNING"
        bound.log(level, record.getMessage())


_LEVELS: Final = frozenset({"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"})


def _traceback(exception: Any) -> str:
    text = "".join(traceback.format_exception(exception.type, exception.value, exception.traceback))
    return text[-_MAX_TEXT:]


def _without_surrogates(text: str) -> str:
    if "\\ud" not in text:
        return text
    replaced = json.loads(text, object_pairs_hook=_scalar_members)
    return json.dumps(replaced)


def _scalar_members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    return {_scalar(name): _scalar(value) for name, value in pairs}


def _scalar(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return [_scalar(each) for each in value] if isinstance(value, list) else value

"""What the server does with a message before it is a request, and with one that never is."""

import asyncio
import re
from typing import Final, override

import httptools
from uvicorn._types import HTTPScope
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from app.core.errors import (
    AppError,
    BadRequestError,
    HeadersTooLargeError,
    RequestTimeoutError,
    UriTooLongError,
)
from app.middleware.joined_writes import JoinedWrites
from app.middleware.limits import MAX_HEADER_BYTES, MAX_HEADERS, MAX_URI, REFUSAL

HEAD_SECONDS: Final = 15.0
WRITE_SECONDS: Final = 30.0
"""How long a client may leave an answer unread before the connection is given up."""
MAX_HEAD: Final = MAX_URI + 2 * MAX_HEADER_BYTES
_INVENTED: Final = re.compile(
    rb"(?!(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|CONNECT|PRI) )"
    rb"([-!#$%&'*+.^_`|~0-9A-Za-z]{1,32}) "
)
_STAND_IN: Final = b"POST "
_FRAMING: Final = frozenset({b"content-length", b"transfer-encoding"})


class Connection(HttpToolsProtocol):
    """A connection that bounds the size and the time of a message's head, and of its answer.

    A message that is no request is handed to the application as one that it must
    refuse, so that its answer, its log line and its measurement are like any other.

    The parser takes known methods only. A method that nobody knows is handed to it under
    another name, so that the application refuses the method rather than the message.

    The parser ends where a client offers to speak another protocol. None is spoken here, so what
    follows is still the body of that message, and then further messages: another parser reads on.
    """

    _invented: bytes | None = None
    _between = True
    _offered = False
    _reading_on = False

    _in_head = True
    _in_body = False
    _head_began = False
    _head_size = 0
    _refusing = False
    _head_timer: asyncio.TimerHandle | None = None
    _write_timer: asyncio.TimerHandle | None = None

    @override
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in the base class
        super().connection_made(JoinedWrites(transport, self.loop))
        self._await_head()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._head_arrived()
        self._written()
        super().connection_lost(exc)

    @override
    def pause_writing(self) -> None:
        super().pause_writing()
        self._write_timer = self.loop.call_later(WRITE_SECONDS, self.transport.abort)

    @override
    def resume_writing(self) -> None:
        super().resume_writing()
        self._written()

    @override
    def data_received(self, data: bytes) -> None:
        if self._refusing:
            return
        self._head_began = False
        if self._between and (found := _INVENTED.match(data)):
            self._invented = found[1]
            data = _STAND_IN + data[found.end() :]
        self._unset_keepalive_if_required()
        self._parse(data)
        if self._in_head and not self._between and not self._refusing:
            self._check_head(data)

    def _parse(self, data: bytes) -> None:
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as end:
            self._read_on(data[end.args[0] :])
        except httptools.HttpParserError:
            self.send_400_response("")

    def _read_on(self, data: bytes) -> None:
        framing = [each for each in self.headers if each[0] in _FRAMING]
        self.parser = httptools.HttpRequestParser(self)
        self.parser.set_dangerous_leniencies(lenient_data_after_close=True)
        self._reading_on, self._offered = True, False
        self._parse(_STAND_IN + b"/ HTTP/1.1\r\n" + b"".join(map(_line, framing)) + b"\r\n")
        self._reading_on = False
        if data:
            self._parse(data)

    @override
    def on_message_begin(self) -> None:
        if self._reading_on:
            return
        super().on_message_begin()
        self._in_head = self._head_began = True
        self._in_body = self._between = False
        self._head_size = 0

    @override
    def on_url(self, url: bytes) -> None:
        if not self._reading_on:
            super().on_url(url)

    @override
    def on_header(self, name: bytes, value: bytes) -> None:
        # After the head, these are trailers: too late to mean anything.
        if self._in_head:
            super().on_header(name, value)

    @override
    def on_headers_complete(self) -> None:
        if self._reading_on:
            return
        self._offered = self.parser.should_upgrade()
        self._head_arrived()
        _check_framing(self.url, self.headers)
        super().on_headers_complete()
        if self._invented is not None:
            self.scope["method"] = self._invented.decode()
            self._invented = None
        self._in_head = False
        self._in_body = True

    @override
    def on_message_complete(self) -> None:
        if self._offered:
            return
        super().on_message_complete()
        self._in_head = self._between = True
        self._in_body = False
        # The head of the next message is judged: not this one's again, nor the end of its body.
        self.url, self.headers, self._head_size = b"", [], 0
        self._head_began = True

    @override
    def send_400_response(self, msg: str) -> None:
        self._refuse(BadRequestError("The message cannot be read as a request."))

    def _check_head(self, data: bytes) -> None:
        if self.scope is None:
            return
        # What came in one piece with the message before is not counted.
        self._head_size += 0 if self._head_began else len(data)
        if len(self.url) > MAX_URI:
            self._refuse(UriTooLongError())
        elif self._head_size > MAX_HEAD or len(self.headers) > MAX_HEADERS:
            self._refuse(HeadersTooLargeError())
        elif self._head_timer is None and self.parser is not None:
            self._await_head()

    def _await_head(self) -> None:
        self._head_timer = self.loop.call_later(HEAD_SECONDS, self._head_missed)

    def _head_arrived(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _written(self) -> None:
        if self._write_timer is not None:
            self._write_timer.cancel()
            self._write_timer = None

    def _head_missed(self) -> None:
        self._head_timer = None
        if self._serving():
            self._await_head()
        elif self.scope is None:
            self.transport.close()
        else:
            self._refuse(RequestTimeoutError())

    def _serving(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _refuse(self, refusal: AppError) -> None:
        """Answer with `refusal`, after what is being served, and close the connection."""
        self._refusing = True
        self._head_arrived()
        self._unset_keepalive_if_required()
        if self._in_body and self._serving():
            if self.pipeline or self.cycle.response_started:
                self.transport.close()
                return
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        waiting = self._serving() and not self.cycle.disconnected
        self.cycle = self._refusal_cycle(refusal)
        if waiting:
            self.pipeline.appendleft((self.cycle, self.app))
        else:
            self._start_asgi_task(self.cycle, self.app)

    def _refusal_cycle(self, refusal: AppError) -> RequestResponseCycle:
        scope: HTTPScope = {
            **self.scope,
            "method": "OTHER",
            "path": "/",
            "raw_path": b"/",
            "query_string": b"",
            "headers": [],
            "state": {**self.app_state, REFUSAL: refusal},
        }
        return RequestResponseCycle(
            scope=scope,
            transport=self.transport,
            flow=self.flow,
            logger=self.logger,
            access_logger=self.access_logger,
            access_log=self.access_log,
            default_headers=self.server_state.default_headers,
            message_event=asyncio.Event(),
            expect_100_continue=False,
            keep_alive=False,
            on_response=self.on_response_complete,
        )


def _line(field: tuple[bytes, bytes]) -> bytes:
    return field[0] + b": " + field[1] + b"\r\n"


def _check_framing(target: bytes, headers: list[tuple[bytes, bytes]]) -> None:
    """Refuse what another reader of the same message may understand differently.

    Raises:
        ValueError: If the body has a coding but `chunked`, or the target names another
            host than `Host` does.
    """
    for name, value in headers:
        if name == b"transfer-encoding" and value.strip().lower() != b"chunked":
            msg = "transfer coding"
            raise ValueError(msg)
        if name == b"host" and not target.startswith(b"/") and not _names(target, value):
            msg = "two hosts"
            raise ValueError(msg)


def _names(target: bytes, host: bytes) -> bool:
    url = httptools.parse_url(target)
    port = b"" if url.port is None else b":%d" % url.port
    return (url.host or b"").lower() + port == host.strip().lower()

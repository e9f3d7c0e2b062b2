"""The wire: whatever a target does, an answer comes back, in time, in bounds, to nobody else."""

import gzip
import socket
import threading
import time
import tracemalloc
import zlib
from typing import Final

import pytest

from tests.verify import hostile
from tests.verify.hostile import Behaviour, answer, listening, raw, redirect
from tospec.verify.base import NOTHING, Answer, Request
from tospec.verify.wire.client import Limits, Outgoing, Wire
from tospec.verify.wire.decoding import json_of
from tospec.verify.wire.encoding import outgoing_of
from tospec.verify.wire.target import target_of

_SECONDS: Final = 1.0
_PATIENCE: Final = 3.0
_MOST_MEMORY: Final = 48 * 1024 * 1024
_GET: Final = outgoing_of(Request(method="GET", path="/things"), {})


def _ask(url: str, request: Outgoing = _GET, *, seconds: float = _SECONDS) -> Answer:
    wire = Wire(target_of(url), Limits(seconds=seconds))
    try:
        return wire.send(request)
    finally:
        wire.close()


def test_a_proper_answer_comes_back_whole() -> None:
    with listening(answer(b'{"a": 1}', headers=("x-two: 1", "X-Two: 2"))) as target:
        got = _ask(target.url)
    assert (got.status, got.json, got.body, got.fault) == (200, {"a": 1}, b'{"a": 1}', "")
    assert got.headers["x-two"] == "1, 2"


@pytest.mark.parametrize(
    ("behave", "fault"),
    [
        (hostile.endless_body, "body larger than"),
        (hostile.endless_chunks, "body larger than"),
        (hostile.endless_headers, "not HTTP"),
        (hostile.one_endless_header, "not HTTP"),
        (hostile.endless_interim_answers, "timed out"),
        (hostile.dripping_head, "timed out"),
        (hostile.dripping_body, "timed out"),
        (hostile.silent, "timed out"),
        (hostile.reset, "connection broken off"),
        (hostile.reset_in_the_body, "connection broken off"),
        (hostile.gzip_bomb(), "body larger than"),
        (raw(b""), "not HTTP"),
        (raw(b"\x00\xff\xfe garbage\r\n\r\n"), "not HTTP"),
        (raw(b"HTTP/1.1 200 OK\r\ncontent-length: many\r\n\r\n"), "not HTTP"),
        (raw(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nshort"), "not HTTP"),
        (raw(b"HTTP/1.1 2000 OK\r\n\r\n"), "not HTTP"),
        (raw(b"SSH-2.0-OpenSSH_9.9\r\n"), "not HTTP"),
        (answer(b"not gzip", headers=("content-encoding: gzip",)), "not gzip"),
        (answer(gzip.compress(b"whole")[:-9], headers=("content-encoding: gzip",)), "gzip that"),
        (answer(b"\x00", headers=("content-encoding: br",)), "content-encoding 'br'"),
    ],
)
def test_a_hostile_target_gives_an_answer_with_a_fault(behave: Behaviour, fault: str) -> None:
    began = time.monotonic()
    with listening(behave) as target:
        got = _ask(target.url)
    assert got.fault.startswith(fault), got.fault
    assert (got.status, got.json) == (0, NOTHING)
    assert time.monotonic() - began < _SECONDS + _PATIENCE


@pytest.mark.parametrize("behave", [hostile.endless_body, hostile.gzip_bomb()])
def test_a_large_body_is_never_held_as_a_whole(behave: Behaviour) -> None:
    with listening(answer(b"{}")) as target:
        assert _ask(target.url).status == 200
    tracemalloc.start()
    try:
        with listening(behave) as target:
            assert _ask(target.url, seconds=5.0).fault.startswith("body larger than")
            _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < _MOST_MEMORY


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_a_compressed_body_is_read(encoding: str) -> None:
    packed = gzip.compress(b"[1]") if encoding == "gzip" else zlib.compress(b"[1]")
    with listening(answer(packed, headers=(f"content-encoding: {encoding}",))) as target:
        assert _ask(target.url).json == [1]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b'{"a": 1, "a": 1}',
        b'[{"b": {"a": 1, "a": 2}}]',
        b"NaN",
        b"[Infinity]",
        b"[-Infinity]",
        b"1e999",
        b"\xff\xfe[\x00]\x00",
        b"\xef\xbb\xbf{}",
        b'"\xc3\x28"',
        b"[" * 100_000 + b"]" * 100_000,
        b'{"a":' * 100_000,
        b"9" * 5_000,
        b"{} {}",
        b"{} trailing",
    ],
)
def test_what_is_not_strict_json_is_nothing(body: bytes) -> None:
    assert json_of(body) is NOTHING


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b"null", None),
        (b' {"a": [1, 2.5, "\xc3\xa9", true]} ', {"a": [1, 2.5, "é", True]}),
        (b"[" * 500 + b"]" * 500, json_of(b"[" * 500 + b"]" * 500)),
        (b'[{"a": 1}, {"a": 1}]', [{"a": 1}, {"a": 1}]),
    ],
)
def test_strict_json_is_read(body: bytes, value: object) -> None:
    found = json_of(body)
    assert found is not NOTHING
    assert found == value


def test_a_redirect_is_told_and_not_followed() -> None:
    with listening(answer()) as elsewhere:
        with listening(redirect(f"{elsewhere.url}/things")) as target:
            got = _ask(target.url, outgoing_of(_GET_REQUEST, {"authorization": "Bearer secret"}))
        assert (got.status, got.headers["location"]) == (307, f"{elsewhere.url}/things")
        assert b"Bearer secret" in target.received[0]
        assert elsewhere.connections == 0
        assert _ask(elsewhere.url).status == 200
        assert elsewhere.connections == 1


_GET_REQUEST: Final = Request(method="GET", path="/things")


def test_cookies_are_never_sent_back() -> None:
    cookies = ("set-cookie: id=1", "set-cookie: id=2; domain=example.com")
    with listening(answer(headers=cookies)) as target:
        wire = Wire(target_of(target.url))
        got = [wire.send(_GET) for _ in range(2)]
        wire.close()
        alone = _ask(target.url)
    assert got[1].headers["set-cookie"] == "id=1, id=2; domain=example.com"
    assert alone.status == 200
    assert not any(b"cookie" in request.lower() for request in target.received)


def test_the_environment_names_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    with listening(answer(b'"proxy"')) as proxy, listening(answer(b'"target"')) as target:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        assert _ask(target.url).json == "target"
        assert proxy.connections == 0


def test_a_connection_is_kept_and_replaced_when_it_breaks() -> None:
    with listening(answer()) as target:
        wire = Wire(target_of(target.url))
        assert [wire.send(_GET).status for _ in range(3)] == [200, 200, 200]
        assert target.connections == 1
        wire.close()
    with listening(raw(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}")) as target:
        wire = Wire(target_of(target.url))
        got = []
        for _ in range(3):
            got.append(wire.send(_GET).status)
            time.sleep(0.05)
        assert (got, target.connections) == ([200, 200, 200], 3)
        wire.close()


def test_nobody_listening_is_a_fault() -> None:
    with listening(answer()) as target:
        assert _ask(target.url).status == 200
    got = _ask(target.url)
    assert got.fault.startswith("no connection")


def test_https_with_somebody_who_speaks_none_is_a_fault() -> None:
    with listening(answer()) as target:
        got = _ask(target.url.replace("http:", "https:"))
        assert got.fault.startswith("no connection")
        assert _ask(target.url).status == 200


@pytest.mark.parametrize(
    "request_",
    [
        Outgoing(method="GET", target="/a b", headers=()),
        Outgoing(method="GET", target="/\n", headers=()),
        Outgoing(method="GET", target="/", headers=(("x", "a\r\nb: c"),)),
        Outgoing(method="GE T", target="/", headers=()),
        Outgoing(method="GET", target="/", headers=(("bad name", "x"),)),
    ],
)
def test_what_http_cannot_say_is_a_fault(request_: Outgoing) -> None:
    with listening(answer()) as target:
        got = _ask(target.url, request_)
        assert got.fault.startswith("cannot be sent")
        assert target.received == [] or not any(target.received)
        assert _ask(target.url).status == 200


def test_a_request_goes_out_as_it_was_said() -> None:
    request = Request(
        method="POST",
        path="/a%2Fb",
        query=(("q", "ä &"), ("q", "2")),
        headers=(("Authorization", "mine"), ("X-Twice", "1"), ("X-Twice", "2")),
        body={"é": 1},
    )
    with listening(answer()) as target:
        _ask(f"{target.url}/base/", outgoing_of(request, {"authorization": "theirs"}))
    said = target.received[0]
    assert said.startswith(b"POST /base/a%2Fb?q=%C3%A4%20%26&q=2 HTTP/1.1\r\n")
    assert said.count(b"Authorization: mine") == 1
    assert b"theirs" not in said
    assert said.count(b"X-Twice") == 2
    assert b"content-type: application/json" in said
    assert said.endswith('{"é": 1}'.encode())


@pytest.mark.parametrize("body", [b"raw", NOTHING])
def test_only_json_values_bring_a_content_type(body: object) -> None:
    with listening(answer()) as target:
        _ask(target.url, outgoing_of(Request(method="POST", path="/", body=body), {}))
        _ask(target.url, outgoing_of(Request(method="POST", path="/", body=None), {}))
    without, with_type = target.received
    assert b"content-type" not in without.lower()
    assert b"content-type" in with_type.lower()
    assert with_type.endswith(b"null")


def test_a_path_stays_with_the_target() -> None:
    with pytest.raises(ValueError, match="begins with '/'"):
        outgoing_of(Request(method="GET", path="http://elsewhere.example/"), {})
    assert outgoing_of(Request(method="GET", path="//elsewhere.example/"), {}).target == (
        "//elsewhere.example/"
    )


def test_racers_start_together() -> None:
    together = threading.Barrier(4)

    def behave(connection: socket.socket) -> None:
        together.wait(2.0)
        answer()(connection)

    with listening(behave) as target:
        gate = threading.Barrier(4)
        wires = [Wire(target_of(target.url), Limits(seconds=5.0)) for _ in range(4)]
        got: list[int] = []
        threads = [
            threading.Thread(target=lambda w=wire: got.append(w.send(_GET, gate=gate).status))
            for wire in wires
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for wire in wires:
            wire.close()
    assert got == [200] * 4
    assert target.connections == 4


def test_a_racer_alone_at_the_gate_goes_on() -> None:
    with listening(answer()) as target:
        wire = Wire(target_of(target.url), Limits(seconds=1.0))
        assert wire.send(_GET, gate=threading.Barrier(2)).status == 200
        wire.close()

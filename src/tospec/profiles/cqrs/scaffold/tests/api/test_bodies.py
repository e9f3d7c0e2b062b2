"""Bodies: what is JSON here, what fits the schema, and how faults are told."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import Annotated

import httpx
import pytest
from fastapi import FastAPI
from pydantic import Field
from pydantic import ValidationError as SchemaError

from app.core.errors import AppError
from app.schemas.base import Input
from tests.api.conftest import KeptLines

JSON = {"content-type": "application/json"}


async def post(client: httpx.AsyncClient, body: bytes, **headers: str) -> httpx.Response:
    return await client.post("/v1/gadgets", content=body, headers=JSON | headers)


async def test_a_good_body_is_stored_and_answered_exactly(member: httpx.AsyncClient) -> None:
    body = {
        "name": "' OR '1'='1 — ünïcode 🦜 {x}",
        "price": "12345678901234567890.0123456789",
        "due": "2030-05-06T07:08:09.123456+02:00",
        "size": 9223372036854775807 % 2**31,
    }
    response = await post(member, json.dumps(body).encode())
    assert response.status_code == 201, response.text
    assert response.json()["name"] == body["name"]
    assert response.json()["price"] == body["price"]
    assert response.json()["due"] == "2030-05-06T05:08:09.123456Z"
    found = await member.get(response.headers["location"])
    assert found.json() == response.json()
    assert found.headers["etag"] == response.headers["etag"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"{",
        b'{"name": "a"} x',
        b'{"name": "a",}',
        b"{'name': 'a'}",
        b'{"name": "a"} {}',
        b'// c\n{"name": "a"}',
        b'{"name": "a", "name": "b"}',
        b'{"name": "a", "n\\u0061me": "b"}',
        b'{"name": "a", "parts": [{"code": "x", "code": "y", "count": 1}]}',
        b'{"name": "\\ud800"}',
        b'{"name": "\\udc00\\ud800"}',
        b'{"\\ud800": 1, "name": "a"}',
        b'{"name": 5, "secret": "\\udfff"}',
        b'{"name": "a\\u0000b"}',
        b'{"na\\u0000me": "a"}',
        b'{"name": "a\x00b"}',
        b'{"name": "\xff"}',
        b'{"name": "\xc0\xaf"}',
        b'{"name": "\xed\xa0\x80"}',
        b'\xef\xbb\xbf{"name": "a"}',
        '{"name": "a"}'.encode("utf-16"),
        '{"name": "a"}'.encode("utf-32"),
        b'{"name": "a", "ratio": NaN}',
        b'{"name": "a", "ratio": Infinity}',
        b'{"name": "a", "ratio": -Infinity}',
        b'{"name": "a", "ratio": 1e999}',
        b'{"name": "a", "other": -1e400}',
        b'{"name": "a", "size": 01}',
        b'{"name": "a", "size": 1_000}',
        '{"name": "a", "size": ٣}'.encode(),
        b"[" * 65 + b"]" * 65,
        b"[" * 300 + b"]" * 300,
        b"[" * 90_000,
        b'{"a":' * 20_000,
        b'{"x": [' + b"1," * 10_000 + b"1]}",
        b"{" + b",".join(b'"k%d":1' % i for i in range(10_001)) + b"}",
    ],
)
async def test_what_is_not_json_here(member: httpx.AsyncClient, body: bytes) -> None:
    started = time.perf_counter()
    response = await post(member, body)
    assert response.status_code == 400
    assert response.json()["code"] == "malformed-json"
    assert time.perf_counter() - started < 1


async def test_the_deepest_and_the_widest_that_is_json(member: httpx.AsyncClient) -> None:
    for body in (
        b"[" * 64 + b"]" * 64,
        b"[" + b",".join([b"1"] * 10_000) + b"]",
        rb'{"name": "\\ud800 \\u0000", "zzz": "\ud83e\udd9c"}',
        b'{"x": "' + b"[" * 5000 + b'"}',
    ):
        assert (await post(member, body)).status_code == 422
    fine = await post(member, rb'{"name": "\\ud800 \\u0000 \ud83e\udd9c"}')
    assert fine.json()["name"] == "\\ud800 \\u0000 🦜"


@pytest.mark.parametrize(
    ("member_text", "code"),
    [
        (b'"size": 1.0', "int"),
        (b'"size": "1"', "int"),
        (b'"size": true', "int"),
        (b'"size": []', "int"),
        (b'"size": {}', "int"),
        (b'"size": -1', "greater_than_equal"),
        (b'"size": 9223372036854775808', "less_than"),
        (b'"size": ' + b"9" * 5000, "json_invalid"),
        (b'"size": -' + b"9" * 5000, "json_invalid"),
        (b'"flag": "on"', "bool_type"),
        (b'"flag": 1', "bool_type"),
        (b'"secret": 5', "string_type"),
        (b'"secret": null, "secret2": null', "unknown"),
        (b'"price": 1.5', "decimal_form"),
        (b'"price": "NaN"', "decimal_form"),
        (b'"price": "1e5"', "decimal_form"),
        (b'"price": "1.12345678901"', "decimal_max_places"),
        (b'"price": "123456789012345678901"', "decimal"),
        (b'"price": "' + b"9" * 5000 + b'"', "decimal_form"),
        (b'"due": 1700000000', "instant_form"),
        (b'"due": "2030-01-01"', "instant_form"),
        (b'"due": "2030-01-01T00:00:00"', "instant_form"),
        (b'"due": "2030-02-30T00:00:00Z"', "datetime"),
        (b'"due": "0000-01-01T00:00:00Z"', "datetime"),
        (b'"due": "2030-01-01T24:00:00Z"', "instant_form"),
        (b'"due": "2030-01-01T00:00:60Z"', "instant_form"),
        (b'"due": "2030-01-01T00:00:00+24:00"', "instant_form"),
        (b'"due": "9999-12-31T23:59:59-12:00"', "datetime"),
        (b'"parent_id": "urn:uuid:00000000-0000-4000-8000-000000000000"', "uuid_form"),
        (b'"parent_id": "{00000000-0000-4000-8000-000000000000}"', "uuid_form"),
        (b'"parent_id": "00000000000040008000000000000000"', "uuid_form"),
        (b'"parent_id": 5', "uuid_form"),
        (b'"parts": {}', "tuple_type"),
        (b'"parts": [1]', "model_type"),
        (b'"parts": [{"code": "x"}]', "missing"),
        (b'"id": "00000000-0000-4000-8000-000000000000"', "unknown"),
        (b'"tenant_id": "x", "version": 7', "unknown"),
        (b'"__class__": {}, "__proto__": {}, "model_config": {}', "unknown"),
        (b'"Secret": "x"', "unknown"),
    ],
)
async def test_what_does_not_fit_the_schema(
    member: httpx.AsyncClient, member_text: bytes, code: str
) -> None:
    assert (await post(member, b'{"name": "n"}')).status_code == 201
    response = await post(member, b'{"name": "m", ' + member_text + b"}")
    assert response.status_code == 422, response.text
    problem = response.json()
    assert problem["code"] == "validation-error"
    assert any(each["code"].startswith(code) for each in problem["errors"]), problem
    assert response.headers["content-type"] == "application/problem+json"
    listed = await member.get("/v1/gadgets")
    assert [each["name"] for each in listed.json()["items"]] == ["n"]


async def test_all_faults_at_once_in_order_and_without_values(member: httpx.AsyncClient) -> None:
    body = {
        "name": "",
        "size": -5,
        "secret": ["hunter2-canary"],
        "hunter3-canary": 1,
        "parts": [{"code": "x", "count": 1}, {"code": 1, "count": "x", "hunter4-canary": 2}],
    }
    first = await post(member, json.dumps(body).encode())
    second = await post(member, json.dumps(body).encode())
    assert first.status_code == 422
    assert first.json()["errors"] == second.json()["errors"]
    assert "canary" not in first.text
    assert [each["pointer"] for each in first.json()["errors"]] == [
        "#",
        "#/name",
        "#/parts/1",
        "#/parts/1/code",
        "#/parts/1/count",
        "#/secret",
        "#/size",
    ]


async def test_a_pattern_takes_no_longer_than_its_text() -> None:
    class Hostile(Input):
        text: Annotated[str, Field(pattern="^(?:(a+)+)$")]

    started = time.perf_counter()
    assert Hostile(text="a" * 100_000).text
    with pytest.raises(SchemaError):
        Hostile(text="a" * 100_000 + "!")
    assert time.perf_counter() - started < 1


async def test_many_faults_are_cut_short(member: httpx.AsyncClient) -> None:
    body = json.dumps({"name": "a", "parts": [{"code": 1, "count": 1}] * 300}).encode()
    response = await post(member, body)
    assert response.status_code == 422
    assert response.json()["truncated"] is True
    assert 0 < len(response.json()["errors"]) <= 100
    assert len(response.content) <= 16 * 1024


@pytest.mark.parametrize(
    ("headers", "status", "answer"),
    [
        ({"content-type": "text/plain"}, 415, ("accept", "application/json")),
        ({"content-type": "application/xml"}, 415, ("accept", "application/json")),
        ({"content-type": "application/x-www-form-urlencoded"}, 415, None),
        ({"content-type": "application/json; charset=utf-16"}, 415, None),
        ({"content-type": ""}, 415, None),
        ({"content-type": "application/jsonx"}, 415, None),
        ({"content-encoding": "gzip"}, 415, ("accept-encoding", "identity")),
        ({"content-length": "200001"}, 413, ("connection", "close")),
        ({"content-length": "9" * 40}, 413, None),
        ({"accept": "application/xml"}, 406, None),
        ({"accept": "text/html, application/json;q=0"}, 406, None),
    ],
)
async def test_headers_of_bodies(
    member: httpx.AsyncClient,
    headers: dict[str, str],
    status: int,
    answer: tuple[str, str] | None,
) -> None:
    response = await post(member, b'{"name": "a"}', **headers)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    if answer is not None:
        assert response.headers[answer[0]] == answer[1]
    assert (await member.get("/v1/gadgets")).json()["items"] == []


@pytest.mark.parametrize(
    "headers",
    [
        {"content-type": "application/json;charset=UTF-8"},
        {"content-type": 'Application/JSON; charset="utf-8"'},
        {"accept": "text/html;q=0.9, */*;q=0.1"},
        {"accept": "application/*"},
        {"content-encoding": "identity"},
    ],
)
async def test_headers_that_are_fine(member: httpx.AsyncClient, headers: dict[str, str]) -> None:
    assert (await post(member, b'{"name": "a"}', **headers)).status_code == 201


async def test_a_streamed_body_is_cut_off_at_the_limit(member: httpx.AsyncClient) -> None:
    async def chunks(size: int) -> AsyncIterator[bytes]:
        yield b'{"name": "a", "secret": "'
        for _ in range(size):
            yield b"x" * 1000
        yield b'"}'

    large = await member.post("/v1/gadgets", content=chunks(201), headers=JSON)
    assert large.status_code == 413
    assert large.headers["connection"] == "close"
    assert (await member.post("/v1/gadgets", content=chunks(190), headers=JSON)).status_code == 201


async def test_a_query_and_a_body_are_judged_together(member: httpx.AsyncClient) -> None:
    response = await member.post("/v1/gadgets?x=1", json={"name": ""})
    places = [each.get("pointer", each.get("parameter")) for each in response.json()["errors"]]
    assert (response.status_code, places) == (422, ["?", "#/name"])
    assert (await member.post("/v1/gadgets?x=1", json={"name": "a"})).status_code == 422
    assert (await member.get("/v1/gadgets")).json()["items"] == []


def test_slugs_are_unique() -> None:
    def below(error: type[AppError]) -> list[type[AppError]]:
        found = error.__subclasses__()
        return found + [each for child in found for each in below(child)]

    own = [error for error in below(AppError) if error.__module__.startswith("app.")]
    slugs = [error.slug for error in own if "slug" in vars(error)]
    assert slugs
    assert sorted(slugs) == sorted(set(slugs))


async def test_a_body_that_does_not_arrive(member: httpx.AsyncClient, app: FastAPI) -> None:
    async def slow() -> AsyncIterator[bytes]:
        yield b'{"name": '
        await asyncio.sleep(5)
        yield b'"a"}'

    app.state.runtime.body_timeout = 0.05
    response = await member.post("/v1/gadgets", content=slow(), headers=JSON)
    assert (response.status_code, response.json()["code"]) == (408, "request-timeout")
    assert response.headers["connection"] == "close"
    assert (await post(member, b'{"name": "a"}')).status_code == 201


async def test_a_client_that_goes_away_is_no_defect(
    member: httpx.AsyncClient, app: FastAPI, kept: KeptLines
) -> None:
    request = member.build_request("POST", "/v1/gadgets", headers=JSON)
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/v1/gadgets",
        "raw_path": b"/v1/gadgets",
        "query_string": b"",
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
    }
    messages = [
        {"type": "http.request", "body": b"{", "more_body": True},
        {"type": "http.disconnect"},
    ]

    async def receive() -> dict[str, object]:
        return messages.pop(0) if messages else {"type": "http.disconnect"}

    async def send(_: object) -> None:
        pass

    await app(scope, receive, send)
    assert json.loads(kept.lines[-1])["status"] == 408

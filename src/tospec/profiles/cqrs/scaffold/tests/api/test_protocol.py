"""The protocol: order of evaluation, methods, credentials, headers, conditions."""

import json
from collections.abc import Callable
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI

from tests.api.conftest import KeptLines
from tests.gadgets import READING
from tests.requirements import OPERATIONS

ANY = "/v1/gadgets/" + str(uuid4())


async def make(client: httpx.AsyncClient, name: str = "a", **more: object) -> httpx.Response:
    response = await client.post("/v1/gadgets", json={"name": name, **more})
    assert response.status_code == 201, response.text
    return response


class TestOrder:
    """When two steps fail, the earlier one answers."""

    async def test_path_before_method_before_credentials(
        self, anonymous: httpx.AsyncClient
    ) -> None:
        assert (await anonymous.put("/v1/nothing")).status_code == 404
        assert (await anonymous.put("/v1/gadgets")).status_code == 405
        assert (await anonymous.post("/v1/gadgets")).status_code == 401

    async def test_credentials_before_everything_else(self, anonymous: httpx.AsyncClient) -> None:
        body = {"content": b"{", "headers": {"content-type": "text/plain", "accept": "text/html"}}
        assert (await anonymous.patch("/v1/gadgets/not-an-id?x=1", **body)).status_code == 401

    async def test_permission_before_media_type_object_and_body(
        self, sign_in: Callable[..., object]
    ) -> None:
        reader, _ = await sign_in(READING)
        body = {"content": b"{", "headers": {"content-type": "text/plain", "accept": "text/html"}}
        refused = await reader.patch("/v1/gadgets/not-an-id?x=1", **body)
        assert (refused.status_code, refused.json()["code"]) == (403, "permission-denied")
        assert (await reader.get("/v1/gadgets")).status_code == 200

    async def test_size_then_type_then_accept(self, member: httpx.AsyncClient) -> None:
        wrong = {"content-length": "999999999", "content-type": "a/b", "accept": "a/b"}
        for status in (413, 415, 406):
            response = await member.patch(ANY, content=b"{", headers=wrong)
            assert response.status_code == status
            wrong.pop(next(iter(wrong)))
            wrong.setdefault("content-type", "application/json") if status == 415 else None

    async def test_object_before_body_query_and_condition(
        self, member: httpx.AsyncClient, sign_in: Callable[..., object]
    ) -> None:
        stranger, _ = await sign_in()
        foreign = await make(stranger)
        for path in (ANY, "/v1/gadgets/nonsense", foreign.headers["location"]):
            for headers in ({}, {"if-match": foreign.headers["etag"]}, {"if-match": "x"}):
                for body in (b"{", b'{"name": ""}', b'{"name": "fine"}'):
                    response = await member.patch(
                        path + "?x=1",
                        content=body,
                        headers={"content-type": "application/json", **headers},
                    )
                    assert (response.status_code, response.json()["code"]) == (404, "not-found")
                assert (await member.delete(path + "?x=1", headers=headers)).status_code == 404
            assert (await member.get(path + "?x=1")).status_code == 404
        again = await stranger.get(foreign.headers["location"])
        assert again.headers["etag"] == foreign.headers["etag"]

    async def test_a_foreign_object_looks_like_none(
        self, member: httpx.AsyncClient, sign_in: Callable[..., object]
    ) -> None:
        stranger, _ = await sign_in()
        foreign = await make(stranger)
        absent, hidden = await member.get(ANY), await member.get(foreign.headers["location"])
        own = {"x-request-id", "traceparent"}
        for first, second in ((absent, hidden),):
            assert first.json() | {"instance": ""} == second.json() | {"instance": ""}
            names = set(first.headers) - own
            assert {n: first.headers[n] for n in names} == {n: second.headers[n] for n in names}

    async def test_object_permission_before_body(self, member: httpx.AsyncClient) -> None:
        locked = await make(member, "locked")
        response = await member.patch(
            locked.headers["location"], content=b"{", headers={"content-type": "application/json"}
        )
        assert response.status_code == 403

    async def test_body_before_condition_before_rules(self, member: httpx.AsyncClient) -> None:
        await make(member, "taken")
        path = (await make(member, "a")).headers["location"]
        etag = (await member.get(path)).headers["etag"]
        stale = {"if-match": '"stale"'}
        assert (await member.patch(path, json={"name": ""}, headers=stale)).status_code == 422
        assert (await member.patch(path, json={"name": "taken"}, headers=stale)).status_code == 412
        assert (await member.patch(path, json={"name": "taken"})).status_code == 428
        rule = await member.patch(path, json={"name": "taken"}, headers={"if-match": etag})
        assert (rule.status_code, rule.json()["code"]) == (409, "conflict-unique")
        assert rule.json()["fields"] == ["name"]


class TestMethods:
    async def test_allow_is_exact(self, anonymous: httpx.AsyncClient) -> None:
        for path, allow in (
            ("/v1/gadgets", "GET, HEAD, OPTIONS, POST"),
            (ANY, "DELETE, GET, HEAD, OPTIONS, PATCH"),
            ("/v1/echo", "OPTIONS, POST"),
            ("/livez", "GET, HEAD, OPTIONS"),
        ):
            options = await anonymous.options(path)
            assert (options.status_code, options.content) == (204, b"")
            assert options.headers["allow"] == allow
            assert "content-type" not in options.headers
            for method in ("PUT", "TRACE", "FROBNICATE", "CONNECT"):
                refused = await anonymous.request(method, path)
                assert (refused.status_code, refused.headers["allow"]) == (405, allow)
                assert refused.json()["code"] == "method-not-allowed"
        assert (await anonymous.head("/v1/echo")).status_code == 405

    async def test_head_is_get_without_the_body(self, member: httpx.AsyncClient) -> None:
        path = (await make(member)).headers["location"]
        for each in (path, "/v1/gadgets", ANY, "/livez"):
            got, head = await member.get(each), await member.head(each)
            assert (head.status_code, head.content) == (got.status_code, b"")
            for name in ("content-type", "content-length", "etag", "cache-control"):
                assert head.headers.get(name) == got.headers.get(name)

    async def test_a_slash_more_is_another_path(self, member: httpx.AsyncClient) -> None:
        for path in ("/v1/gadgets/", "/livez/", "//livez", "/LIVEZ", "/livez;x", "/livez.json"):
            response = await member.get(path)
            assert (response.status_code, "location" in response.headers) == (404, False)
        assert (await member.post("/v1/gadgets/", json={"name": "a"})).status_code == 404


class TestCredentials:
    async def test_what_is_asked_for(self, anonymous: httpx.AsyncClient) -> None:
        response = await anonymous.get("/v1/gadgets")
        assert response.status_code == 401
        assert response.headers["www-authenticate"] == 'Bearer realm="api"'

    @pytest.mark.parametrize(
        "value",
        [
            "Bearer",
            "Bearer ",
            "Bearer  x",
            "Bearer\tx",
            "Basic x",
            "x",
            "",
            "Bearer x y",
            "é",
            "Bearer x=y",
            "Bearer " + "x" * 5000,
            "Bearer unknown",
            "Bearer x,",
        ],
    )
    async def test_one_answer_for_every_bad_one(
        self, anonymous: httpx.AsyncClient, value: str
    ) -> None:
        headers = [("authorization", value.encode())]
        response = await anonymous.get("/v1/gadgets", headers=headers)
        assert response.status_code == 401
        assert response.headers["www-authenticate"].endswith('error="invalid_token"')

    async def test_only_the_header_counts(
        self, anonymous: httpx.AsyncClient, member: httpx.AsyncClient
    ) -> None:
        bearer = member.headers["authorization"]
        token = bearer.removeprefix("Bearer ")
        assert (await member.get("/v1/gadgets")).status_code == 200
        lower = {"authorization": f"bearer {token}"}
        assert (await anonymous.get("/v1/gadgets", headers=lower)).status_code == 200
        assert (await anonymous.get(f"/v1/gadgets?access_token={token}")).status_code == 401
        cookie = {"cookie": f"access_token={token}"}
        assert (await anonymous.get("/v1/gadgets", headers=cookie)).status_code == 401
        twice = [("authorization", bearer), ("authorization", bearer)]
        assert (await anonymous.get("/v1/gadgets", headers=twice)).status_code == 401
        both = await member.get(f"/v1/gadgets?access_token={token}")
        assert (both.status_code, both.json()["code"]) == (400, "ambiguous-credentials")
        assert 'error="invalid_request"' in both.headers["www-authenticate"]


class TestConditions:
    async def test_tags_differ_and_change_with_each_write(self, member: httpx.AsyncClient) -> None:
        first, second = await make(member, "a"), await make(member, "b")
        assert first.headers["etag"] != second.headers["etag"]
        path, etag = first.headers["location"], first.headers["etag"]
        changed = await member.patch(path, json={"name": "c"}, headers={"if-match": etag})
        assert changed.status_code == 200
        assert changed.headers["etag"] not in (etag, second.headers["etag"])
        for _ in range(2):
            assert (await member.get(path)).headers["etag"] == changed.headers["etag"]
        again = await member.patch(path, json={"name": "d"}, headers={"if-match": etag})
        assert (again.status_code, (await member.get(path)).json()["name"]) == (412, "c")

    @pytest.mark.parametrize(
        ("value", "status"),
        [
            ("{etag}", 200),
            ('"x", {etag}', 200),
            ('"x" ,\t{etag}', 200),
            ("*", 200),
            ("W/{etag}", 412),
            ('"x"', 412),
            ("x", 412),
            ("", 412),
            ('"x', 412),
            ("*, {etag}", 412),
            ("{etag}x", 412),
            ("{etag},", 412),
        ],
    )
    async def test_if_match(self, member: httpx.AsyncClient, value: str, status: int) -> None:
        made = await make(member)
        condition = {"if-match": value.format(etag=made.headers["etag"])}
        path = made.headers["location"]
        response = await member.patch(path, json={"name": "b"}, headers=condition)
        assert response.status_code == status
        name = (await member.get(path)).json()["name"]
        assert name == ("b" if status == 200 else "a")
        assert (await make(member, "other")).status_code == 201

    @pytest.mark.parametrize(("value", "status"), [(None, 204), ("*", 204), ('"x"', 412)])
    async def test_a_condition_that_is_not_required(
        self, member: httpx.AsyncClient, value: str | None, status: int
    ) -> None:
        path = (await make(member)).headers["location"]
        headers = {} if value is None else {"if-match": value}
        gone = await member.delete(path, headers=headers)
        assert gone.status_code == status
        assert (await member.get(path)).status_code == (404 if status == 204 else 200)
        if status == 204:
            assert (gone.content, "content-type" in gone.headers) == (b"", False)
            assert (await member.delete(path)).status_code == 404

    @pytest.mark.parametrize(
        ("value", "status"),
        [("{etag}", 304), ("W/{etag}", 304), ('"x", {etag}', 304), ("*", 304), ('"x"', 200)],
    )
    async def test_if_none_match(self, member: httpx.AsyncClient, value: str, status: int) -> None:
        made = await make(member)
        headers = {"if-none-match": value.format(etag=made.headers["etag"])}
        for method in ("GET", "HEAD"):
            response = await member.request(method, made.headers["location"], headers=headers)
            assert response.status_code == status
            assert response.headers["etag"] == made.headers["etag"]
            if status == 304:
                assert response.content == b""
                assert response.headers["cache-control"] == "no-store"
        assert (await member.get(ANY, headers=headers)).status_code == 404

    async def test_tags_come_before_times(self, member: httpx.AsyncClient) -> None:
        made = await make(member)
        path, tag = made.headers["location"], made.headers["etag"]
        late, early = "Fri, 31 Dec 2999 23:59:59 GMT", "Sat, 01 Jan 2000 00:00:00 GMT"
        for method, body, headers, status in (
            ("GET", None, {"if-none-match": '"x"', "if-modified-since": late}, 200),
            ("GET", None, {"if-none-match": tag, "if-modified-since": early}, 304),
            ("PATCH", {"name": "b"}, {"if-match": '"x"', "if-unmodified-since": late}, 412),
            ("PATCH", {"name": "b"}, {"if-match": tag, "if-none-match": tag}, 200),
            ("PATCH", {"name": "c"}, {"if-match": "*", "if-unmodified-since": early}, 200),
        ):
            answer = await member.request(method, path, json=body, headers=headers)
            assert answer.status_code == status, headers


class TestHeaders:
    async def test_of_every_answer(self, member: httpx.AsyncClient) -> None:
        for path in ("/v1/gadgets", ANY, "/nothing", "/v1/broken", "/livez", "/livez?x=1"):
            headers = (await member.get(path)).headers
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["cache-control"] == "no-store"
            assert not {"server", "x-powered-by"} & set(headers)

    @pytest.mark.parametrize("value", ["abcdefgh", "A-z_0123456789", "x" * 128])
    async def test_a_good_request_id_is_kept(
        self, anonymous: httpx.AsyncClient, value: str
    ) -> None:
        response = await anonymous.get("/nothing", headers={"x-request-id": value})
        assert response.headers["x-request-id"] == value
        assert response.json()["instance"] == f"urn:uuid:{value}"

    @pytest.mark.parametrize("value", ["short", "x" * 129, "with space", "é" * 10, "a" * 8 + "\r"])
    async def test_a_bad_request_id_is_replaced(
        self, anonymous: httpx.AsyncClient, value: str
    ) -> None:
        headers = [("x-request-id", value.encode())]
        response = await anonymous.get("/nothing", headers=headers)
        assert response.status_code == 404
        assert len(response.headers["x-request-id"]) == 36

    async def test_a_trace_is_continued(self, anonymous: httpx.AsyncClient) -> None:
        trace, span = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
        for flags in ("00", "01"):
            headers = {"traceparent": f"00-{trace}-{span}-{flags}"}
            answer = (await anonymous.get("/livez", headers=headers)).headers["traceparent"]
            assert answer.split("-")[1] == trace
            assert answer.split("-")[2] != span
            assert answer.split("-")[3] == flags

    @pytest.mark.parametrize(
        "value",
        [
            "00-00000000000000000000000000000000-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
            "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
            "nonsense",
        ],
    )
    async def test_a_bad_trace_is_not(self, anonymous: httpx.AsyncClient, value: str) -> None:
        response = await anonymous.get("/livez", headers={"traceparent": value})
        assert response.status_code == 200
        assert response.headers["traceparent"].split("-")[1].lower() not in value.lower()

    async def test_limits_of_the_message(self, anonymous: httpx.AsyncClient) -> None:
        for path, headers, status in (
            ("/livez?" + "x" * 8200, [], 414),
            ("/" + "x" * 8200, [], 414),
            ("/livez", [("x-big", "x" * 33_000)], 431),
            ("/livez", [(f"x-{i}", "x") for i in range(101)], 431),
            ("/livez", [("host", "a"), ("host", "b")], 400),
            ("/livez", [("host", "a/b")], 400),
            ("/livez", [("host", "a b")], 400),
            ("/livez", [("host", "")], 400),
            ("/livez", [("host", "a:1"), ("x", "x" * 30_000)], 200),
            ("/livez", [("host", "[::1]:8000")], 200),
        ):
            response = await anonymous.get(path, headers=headers)
            assert response.status_code == status, (path[:20], headers)
            assert response.headers["x-request-id"]


async def test_a_defect_says_nothing_and_is_logged(
    anonymous: httpx.AsyncClient, capsys: pytest.CaptureFixture[str]
) -> None:
    response = await anonymous.get("/v1/broken")
    assert response.status_code == 500
    assert response.json() == {
        "type": "http://localhost:8000/problems/internal-error",
        "title": "Something went wrong on our side.",
        "status": 500,
        "detail": "Something went wrong on our side.",
        "instance": "urn:uuid:" + response.headers["x-request-id"],
        "code": "internal-error",
    }


async def test_problem_types_can_be_looked_up(anonymous: httpx.AsyncClient) -> None:
    problem = (await anonymous.get("/nothing")).json()
    found = await anonymous.get(problem["type"].removeprefix("http://localhost:8000"))
    assert found.json() == {"slug": "not-found", "title": problem["title"], "status": 404}
    assert (await anonymous.get("/problems/nonsense")).status_code == 404


async def test_each_request_leaves_one_line(
    member: httpx.AsyncClient, anonymous: httpx.AsyncClient, kept: KeptLines
) -> None:
    await make(member)
    await anonymous.get("/nothing/secret-path?token=canary")
    created, missed = map(json.loads, kept.lines)
    assert created["endpoint"] == "POST /v1/gadgets"
    assert created["decisions"] == ["allow gadget:write"]
    assert created["status"] == 201
    assert missed["endpoint"] == "GET unmatched"
    assert b"secret-path" not in kept.lines[1]
    assert b"canary" not in kept.lines[1]


@pytest.mark.requirement(*OPERATIONS)
async def test_operations(anonymous: httpx.AsyncClient, app: FastAPI) -> None:
    health = await anonymous.get("/health")
    assert health.status_code == 200
    assert health.json()["dependencies"]["database"]["status"] == "up"
    assert (await anonymous.get("/livez")).status_code == 200
    metrics = await anonymous.get("/metrics")
    assert 'http_requests_total{method="GET",route="/health",status="200"}' in metrics.text
    assert 'http_request_duration_seconds_bucket{le="0.05"' in metrics.text
    for gauge in ("http_requests_in_flight", "database_connection_waiters"):
        assert f"\n{gauge} " in metrics.text
    assert 'database_connections{state="in_use"}' in metrics.text
    before = metrics.text.count("http_request_duration_seconds_count")
    for number in range(50):
        await anonymous.request(f"X{number}", f"/nothing/{number}")
    after = (await anonymous.get("/metrics")).text.count("http_request_duration_seconds_count")
    assert after - before <= 2
    app.state.runtime.draining = True
    assert (await anonymous.get("/readyz")).status_code == 503
    assert (await anonymous.get("/livez")).status_code == 200


async def test_the_document_lists_what_operations_answer(
    anonymous: httpx.AsyncClient, app: FastAPI
) -> None:
    document = (await anonymous.get("/openapi.json")).json()
    assert document["openapi"].startswith("3.1")
    patch = document["paths"]["/v1/gadgets/{gadget_id}"]["patch"]
    assert set(patch["responses"]) == {
        *("200", "400", "401", "403", "404", "405", "406", "408", "409", "412"),
        *("413", "414", "415", "422", "428", "431", "500", "503"),
    }
    body = patch["requestBody"]["content"]["application/json"]["schema"]
    assert body == {"$ref": "#/components/schemas/GadgetInput"}
    listing = document["paths"]["/v1/gadgets"]["get"]
    names = [each["name"] for each in listing["parameters"]]
    assert names == ["limit", "cursor", "sort", "size", "named", "dated"]
    assert patch["security"] == [{"bearer": []}]
    assert "security" not in document["paths"]["/v1/echo"]["post"]
    problem = patch["responses"]["409"]["content"]["application/problem+json"]["schema"]
    assert problem == {"$ref": "#/components/schemas/Problem"}
    references = set(_references(document))
    known = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    assert references <= known


async def test_the_docs_page_asks_nobody_else(anonymous: httpx.AsyncClient) -> None:
    page = await anonymous.get("/docs")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "//" not in page.text.replace("<!doctype", "")
    for asset in ("swagger-ui.css", "swagger-ui-bundle.js", "start.js"):
        found = await anonymous.get(f"/docs/{asset}")
        assert found.status_code == 200
        assert len(found.content) > 50
    assert (await anonymous.get("/docs/..%2f__init__.py")).status_code == 404
    assert (await anonymous.get("/docs/other.js")).status_code == 404


def _references(value: object) -> list[str]:
    if isinstance(value, dict):
        own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return own + [each for part in value.values() for each in _references(part)]
    if isinstance(value, list):
        return [each for part in value for each in _references(part)]
    return []

"""Paths and media types: which operation answers, and whether it may."""

import httpx
import pytest
from fastapi import FastAPI, Response

from app.api.paths import DirectRoutes, mount_routes
from app.api.problems import Problems
from app.api.routing import Router

router = Router()


@router.get("/things/{name}")
async def read_thing(name: str) -> Response:
    """Read."""
    return Response(name)


@router.post("/things/rename")
async def rename_things() -> Response:
    """Rename."""
    return Response("renamed")


@router.get("/page", negotiated=False)
async def read_page() -> Response:
    """Read a page."""
    return Response("<p>", media_type="text/html")


@pytest.fixture(params=[True, False], ids=["direct", "by the framework"])
async def things(app: FastAPI, request: pytest.FixtureRequest) -> httpx.AsyncClient:
    served = FastAPI(openapi_url=None)
    served.state.runtime = app.state.runtime
    operations = mount_routes(served, [router])
    problems = Problems("https://x")
    problems.install(served)
    if request.param:
        served.add_middleware(DirectRoutes, operations=operations, render=problems.response)
    return httpx.AsyncClient(transport=httpx.ASGITransport(served), base_url="http://test")


async def test_a_named_segment_comes_before_a_parameter(things: httpx.AsyncClient) -> None:
    assert (await things.post("/things/rename")).status_code == 200
    assert (await things.get("/things/other")).status_code == 200
    for method in ("GET", "HEAD", "PUT"):
        refused = await things.request(method, "/things/rename")
        assert (refused.status_code, refused.headers["allow"]) == (405, "OPTIONS, POST")
    assert (await things.options("/things/rename")).headers["allow"] == "OPTIONS, POST"
    assert (await things.options("/things/other")).headers["allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS", "DELETE"])
async def test_a_newline_more_is_another_path(member: httpx.AsyncClient, method: str) -> None:
    assert (await member.get("/v1/gadgets")).status_code == 200
    assert (await member.request(method, "/v1/gadgets%0a")).status_code == 404


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("application/json;q=0, */*", 406),
        ("*/*, application/*;q=0", 406),
        ("*/*;q=0, application/json", 200),
        ("text/html, */*;q=0.1", 200),
        ("text/html", 406),
    ],
)
async def test_the_most_specific_range_decides(
    member: httpx.AsyncClient, accept: str, status: int
) -> None:
    response = await member.get("/v1/gadgets", headers={"accept": accept})
    assert response.status_code == status


async def test_only_json_is_negotiated(
    things: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    html = {"accept": "text/html"}
    assert (await things.get("/things/a", headers=html)).status_code == 406
    assert (await things.get("/page", headers=html)).status_code == 200
    assert (await anonymous.get("/docs", headers=html)).status_code == 200
    assert (await anonymous.get("/metrics", headers={"accept": "text/plain"})).status_code == 200


async def test_a_header_of_the_body_comes_once(member: httpx.AsyncClient) -> None:
    plain = [("content-type", "application/json")]
    for number, (more, status) in enumerate(
        (
            ([], 201),
            ([("content-encoding", "identity")], 201),
            ([("content-type", "text/plain")], 415),
            ([("content-encoding", "identity"), ("content-encoding", "gzip")], 415),
        )
    ):
        response = await member.post(
            "/v1/gadgets", content=b'{"name": "a%d"}' % number, headers=plain + more
        )
        assert response.status_code == status, more


async def test_which_types_are_taken(member: httpx.AsyncClient) -> None:
    wrong = {"content-type": "text/plain"}
    posted = await member.post("/v1/gadgets", content=b"x", headers=wrong)
    made = await member.post("/v1/gadgets", json={"name": "a"})
    patched = await member.patch(made.headers["location"], content=b"x", headers=wrong)
    assert (posted.status_code, posted.headers["accept"]) == (415, "application/json")
    assert (patched.status_code, patched.headers["accept-patch"]) == (415, "application/json")

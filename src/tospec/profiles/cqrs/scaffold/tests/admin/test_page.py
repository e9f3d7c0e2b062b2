"""The page at `/admin` is served as files that can do no more than the API lets them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from app.api.admin import FOLDER
from app.core.logging import LogLines, NoLines
from app.core.settings import Settings
from app.main import create_app
from tests.requirements import ADMIN

pytestmark = pytest.mark.requirement(*ADMIN)

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "connect-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
}
PARTS = sorted(path.name for path in FOLDER.iterdir() if path.is_file())
PATHS = ["/admin", *(f"/admin/{name}" for name in PARTS)]
NOWHERE = (
    "/admin/",
    "/admin/nothing.js",
    "/admin/%2e%2e%2fabout.py",
    "/admin/..%2f..%2fdocs%2fopenapi.json",
    "/admin/%2e%2e/about.py",
    "/admin/..\\about.py",
    "/admin/main.js/%2e%2e",
    "/admin//main.js",
    "/admin/main.js%00",
    "/Admin",
)


@asynccontextmanager
async def serving(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """Give a client of an application with other settings."""
    app = create_app(settings, LogLines(NoLines()))
    transport = httpx.ASGITransport(app)
    client = httpx.AsyncClient(transport=transport, base_url="http://test")
    async with app.router.lifespan_context(app), client:
        yield client


@pytest.mark.parametrize("path", PATHS)
async def test_each_part_can_do_nothing_but_ask_this_service(
    client: httpx.AsyncClient, path: str
) -> None:
    answer = await client.get(path)

    directives = answer.headers["content-security-policy"].split(";")
    assert dict(each.strip().split(" ", 1) for each in directives) == POLICY
    assert answer.status_code == 200
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("path", PATHS)
async def test_each_part_is_sent_again_only_when_it_changed(
    client: httpx.AsyncClient, path: str
) -> None:
    first = await client.get(path)
    tag = first.headers["etag"]

    again = await client.get(path, headers={"if-none-match": tag})
    head = await client.head(path)

    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", tag)
    assert head.headers["content-length"] == str(len(first.content))


async def test_the_page_holds_no_script_of_its_own(client: httpx.AsyncClient) -> None:
    answer = await client.get("/admin")

    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.text.count("<script") == answer.text.count('<script type="module" src="admin/')
    assert "://" not in answer.text


@pytest.mark.parametrize("path", NOWHERE)
async def test_nothing_else_is_served(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path)

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", PATHS[:2])
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_the_page_is_only_read(client: httpx.AsyncClient, path: str, method: str) -> None:
    answer = await client.request(method, path)

    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, OPTIONS")


async def test_an_installation_can_turn_it_off(served_settings: Settings) -> None:
    async with serving(served_settings.model_copy(update={"admin_enabled": False})) as client:
        statuses = {path: (await client.get(path)).status_code for path in PATHS}

    assert statuses == dict.fromkeys(PATHS, 404)

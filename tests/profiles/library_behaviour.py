"""Run inside the backend of `tests/specs/library.md`: asks its API, and looks at the answers.

The environment names an empty database. Prints `library: all is well` at the end.
"""

import asyncio
import secrets
import sys
from collections import Counter
from typing import Any
from uuid import UUID

import httpx
from app.core.config import load_settings
from app.core.ids import TenantId
from app.core.logging import LogLines, NoLines
from app.db.migration import migrate
from app.main import create_app
from app.models.outbox_message import outbox_messages
from sqlalchemy import select

BOOK = {
    "title": "Flatland",
    "isbn": "1234567890123",
    "pages": 1200,
    "price": "12.30",
    "published_on": "2020-02-29",
    "bought_at": "2024-01-01T10:00:00+02:00",
    "reading_time": "P1DT2H",
    "external_id": "0198c0de-0000-7000-8000-000000000000",
    "contact": "a@example.com",
    "homepage": "https://example.com/a?b=c",
    "nick": "a-b",
    "extra": {"a": [1, 2.5, None]},
    "summary": "Squares.",
}
BROKEN: dict[str, Any] = {
    "title": "",
    "isbn": "12345678901234",
    "pages": 0,
    "year": 1.0,
    "price": 1,
    "published_on": "2021-02-29",
    "bought_at": "2024-01-01T10:00:00",
    "reading_time": "1h",
    "external_id": "0198c0de00007000800000000000000",
    "contact": "a",
    "homepage": "ftp://example.com",
    "nick": "A B",
    "extra": [],
    "genre": "crime",
    "fiction": "yes",
    "copies": True,
    "shelf_id": None,
    "surprise": 1,
}


class Client:
    """One signed-in person."""

    def __init__(self, http: httpx.AsyncClient, token: str = "") -> None:
        self._http = http
        self._headers = {"authorization": f"Bearer {token}"} if token else {}

    async def __call__(
        self, method: str, path: str, status: int, body: object = None, **headers: str
    ) -> Any:
        sent = {name.replace("_", "-"): value for name, value in headers.items()} | self._headers
        given = {} if body is None else {"json": body}
        answer = await self._http.request(method, path, headers=sent, **given)
        assert answer.status_code == status, (method, path, answer.status_code, answer.text)
        self.etag = answer.headers.get("etag")
        return answer.json() if answer.content else None


async def main() -> None:
    settings = load_settings()
    app = create_app(settings, LogLines(NoLines()))
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as http:
        me, client = await signed_up(http)
        shelf = await client("POST", "/v1/shelves", 201, {"code": "a-1"})
        person = await client("POST", "/v1/people", 201, {"name": "Ada", "born": "1815-12-10"})
        await versions(client, person)
        given = BOOK | {"shelf_id": shelf["id"], "author_ids": [person["id"]]}
        book = await client("POST", "/v1/books", 201, given | {"watcher_ids": [me["user"]["id"]]})
        await every_type(client, book, given)
        other = await sequels(client, book, given)
        await links(client, book, other)
        await commands(client, book, me["user"]["id"])
        await lists(client, book, shelf, person, other)
        await loans(client, book)
        await removal(client, book, other, shelf)
    await announced(app.state.runtime.database, TenantId(UUID(me["tenant"]["id"])))
    sys.stdout.write("library: all is well\n")


async def signed_up(http: httpx.AsyncClient) -> tuple[Any, Client]:
    anybody = Client(http)
    password = secrets.token_urlsafe(12)
    account = {"name": "Lib", "email": "lib@example.com", "password": password}
    me = await anybody("POST", "/v1/auth/sign-up", 201, account | {"tenant_name": "City"})
    await anybody("POST", "/v1/auth/sign-up", 422, account | {"tenant_name": "", "password": "x"})
    credentials = {"email": "lib@example.com", "password": password}
    tokens = await anybody("POST", "/v1/auth/sign-in", 200, credentials)
    await anybody("GET", "/v1/books", 401)
    return me, Client(http, tokens["access_token"])


async def versions(client: Client, person: Any) -> None:
    """An entity with versions asks for If-Match; one without tags what it shows."""
    path = f"/v1/people/{person['id']}"
    await client("PATCH", path, 428, {"name": "Augusta"})
    await client("GET", path, 200)
    tag = client.etag
    await client("PATCH", path, 200, {"name": "Augusta"}, if_match=tag)
    await client("PATCH", path, 412, {"name": "Ada"}, if_match=tag)


async def every_type(client: Client, book: Any, given: Any) -> None:
    for name in BOOK.keys() - {"bought_at", "reading_time"}:
        assert book[name] == given[name], name
    assert book["bought_at"] == "2024-01-01T08:00:00.000000Z"
    assert book["reading_time"] == "P1DT2H0M0S"
    assert (book["free"], book["label"], book["is_long"]) == (1, "flatland", True)
    problem = await client("POST", "/v1/books", 422, given | BROKEN)
    told = {error["pointer"] for error in problem["errors"]}
    assert told == {"#", *(f"#/{name}" for name in BROKEN if name != "surprise")}, told
    path = f"/v1/books/{book['id']}"
    await client("GET", path, 200)
    await client("GET", path, 304, if_none_match=client.etag)
    changed = await client("PATCH", path, 200, {"price": "5.00", "summary": None})
    assert (changed["price"], changed["summary"], changed["title"]) == ("5.00", None, "Flatland")
    await client("PATCH", path, 422, {"isbn": "1234567890124"})


async def sequels(client: Client, book: Any, given: Any) -> Any:
    clash = await client(
        "POST", "/v1/books", 409, given | {"isbn": "1234567890124", "title": "FLATLAND"}
    )
    assert (clash["code"], clash["fields"]) == ("conflict-unique", ["title", "shelf_id"])
    absent = given | {
        "isbn": "1234567890124",
        "title": "Sphereland",
        "sequel_of_id": book["shelf_id"],
    }
    assert (await client("POST", "/v1/books", 422, absent))["code"] == "invalid-reference"
    other = await client("POST", "/v1/books", 201, absent | {"sequel_of_id": book["id"]})
    circle = await client("PATCH", f"/v1/books/{book['id']}", 400, {"sequel_of_id": other["id"]})
    assert circle["code"] == "TOO_LONG"
    return other


async def links(client: Client, book: Any, other: Any) -> None:
    path = f"/v1/books/{book['id']}/related/{other['id']}"
    assert (await client("PUT", path, 200))["related_ids"] == [other["id"]]
    await client("PUT", path, 200)
    await client("PUT", f"/v1/books/{book['id']}/related/{book['shelf_id']}", 404)
    await client("DELETE", path, 204)
    await client("DELETE", path, 404)


async def commands(client: Client, book: Any, me: str) -> None:
    path = f"/v1/books/{book['id']}"
    await client("POST", f"{path}/sell", 422, {"price": "1.00", "reason": "double"})
    await client("POST", f"{path}/sell", 422, {"price": "1.00", "reason": "bored"})
    await client("POST", f"{path}/sell", 204, {"price": "1.00", "note": "gone"})
    sold = await client("GET", path, 200)
    assert (sold["lent"], sold["price"], sold["summary"], sold["genre"]) == (
        1,
        "1.00",
        "gone",
        "poetry",
    )
    touched = await client("PUT", f"{path}/touch", 200)
    assert touched["editor_id"] == me


async def lists(client: Client, book: Any, shelf: Any, person: Any, other: Any) -> None:
    first, second = book["id"], other["id"]
    both = {first, second}
    found: dict[str, set[str]] = {
        "genre=poetry&genre=novel": both,
        "genre=poetry": {first},
        "fiction=false": set(),
        "pages_min=1&pages_max=1300": both,
        "pages_max=1199": set(),
        "price_min=0.5&price_max=2": {first},
        "published_on_from=2020-01-01&published_on_before=2020-02-29": set(),
        "published_on_from=2020-02-29": both,
        "bought_at_before=2024-01-01T08:00:01Z": {second},
        f"shelf_id={shelf['id']}": both,
        f"shelf_id={first}": set(),
        f"author_id={person['id']}": both,
        f"author_id={first}": set(),
        "nick=a-b": both,
        "is_long=false": set(),
        "q=flat": {first},
        "q=SPHERE%20sphereland": {second},
        "q=land": set(),
        "q=%25": set(),
        "year_min=1": set(),
    }
    for query, expected in found.items():
        page = await client("GET", f"/v1/books?{query}", 200)
        assert {item["id"] for item in page["items"]} == expected, query
    for query in (
        "genre=crime",
        "pages_min=1.5",
        "q=",
        "sort=price",
        "shelf_id=1",
        "nope=1",
        "limit=0",
    ):
        await client("GET", f"/v1/books?{query}", 422)
    assert len((await client("GET", "/v1/long-books?sort=-pages", 200))["items"]) == len(both)


async def loans(client: Client, book: Any) -> None:
    below = f"/v1/books/{book['id']}/loans"
    loan = await client("POST", below, 201, {"note": "soon"})
    await client("POST", f"/v1/books/{loan['id']}/loans", 404, {"note": "soon"})
    path = f"/v1/loans/{loan['id']}"
    refused = await client("POST", f"{path}/remove", 409, {"why": "x"})
    assert (refused["state"], refused["allowed"]) == ("open", ["give_back", "remind"])
    assert (await client("POST", f"{path}/remind", 200))["state"] == "late"
    assert (await client("POST", f"{path}/remove", 200, {"why": "x"}))["note"] == "x"
    closed = await client("POST", f"{path}/give-back", 200)
    assert (closed["state"], closed["fee"], closed["note"]) == ("closed", "1.00", None)
    assert len((await client("GET", f"{below}?state=closed", 200))["items"]) == 1
    assert (await client("GET", f"{below}?state=open", 200))["items"] == []
    await client("DELETE", path, 204)
    await client("DELETE", path, 404)
    entries = await client("GET", f"/v1/audit-entries?entity_id={loan['id']}", 200)
    assert [entry["action"] for entry in entries["items"]] == [
        "loan.delete",
        "loan.give_back",
        "loan.remove",
        "loan.remind",
        "loan.create",
    ]


async def removal(client: Client, book: Any, other: Any, shelf: Any) -> None:
    refused = await client("DELETE", f"/v1/books/{book['id']}", 409)
    assert refused["code"] == "LENT_OUT"
    assert (await client("DELETE", f"/v1/shelves/{shelf['id']}", 409))[
        "code"
    ] == "conflict-referenced"
    await client("DELETE", f"/v1/books/{other['id']}", 204)
    await client("GET", f"/v1/books/{other['id']}", 404)


async def announced(database: Any, tenant_id: TenantId) -> None:
    async with database.read(tenant_id) as transaction:
        rows = await transaction.all(select(outbox_messages.c.type).order_by(outbox_messages.c.id))
    assert Counter(row.type for row in rows) == {
        "BookAdded": 2,
        "BookGone": 1,
        "BookRelated": 2,
        "BookSold": 1,
        "LoanMade": 1,
        "LoanMoved": 3,
        "LoanReturned": 1,
        "WatchersTold": 1,
    }


if __name__ == "__main__":
    migrate(load_settings().database_url.get_secret_value())
    asyncio.run(main())

"""Lists: limits, order, cursors, links."""

from collections.abc import Callable

import httpx
import pytest

from app.core.settings import Settings
from app.security.signing import Signer
from tests.api.test_protocol import make


async def walk(client: httpx.AsyncClient, query: str) -> list[str]:
    names: list[str] = []
    path = f"/v1/gadgets?{query}"
    for _ in range(100):
        response = await client.get(path)
        assert response.status_code == 200, response.text
        names += [each["name"] for each in response.json()["items"]]
        following = response.json()["next"]
        if following is None:
            assert "link" not in response.headers
            return names
        target, relation = response.headers["link"].split("; ")
        assert (relation, following in target) == ('rel="next"', True)
        path = target.strip("<>")
        assert path.startswith("/v1/gadgets?")
    raise AssertionError


async def test_every_row_once_in_every_order(member: httpx.AsyncClient) -> None:
    names = [f"n{number:02}" for number in range(11)]
    for number, name in enumerate(names):
        day = f"2030-01-0{1 + number % 3}T00:00:00Z"
        await make(member, name, due=None if number % 4 == 0 else day)
    assert await walk(member, "limit=3") == names
    assert await walk(member, "limit=11") == names
    assert await walk(member, "limit=4&sort=-name") == names[::-1]
    for sort in ("due", "-due"):
        found = await walk(member, f"limit=2&sort={sort}")
        assert sorted(found) == names
        alike = ["n00", "n04", "n08"]
        assert found[-3:] == (alike if sort == "due" else alike[::-1])
    assert await walk(member, "limit=1&named=n03&named=n01&named=zz") == ["n01", "n03"]


async def test_a_walk_survives_changes(member: httpx.AsyncClient) -> None:
    made = {name: await make(member, name) for name in ("b", "d", "f", "h")}
    first = (await member.get("/v1/gadgets?limit=2")).json()
    await member.delete(made["d"].headers["location"])
    await make(member, "a")
    await make(member, "e")
    cursor = first["next"]
    rest = (await member.get(f"/v1/gadgets?limit=50&cursor={cursor}")).json()
    assert [each["name"] for each in rest["items"]] == ["e", "f", "h"]


@pytest.mark.parametrize(
    "limit", ["0", "-1", "201", "1e9", "1_0", "٣", "", " 5", "+5", "05", "5.0"]
)
async def test_limits_that_are_none(member: httpx.AsyncClient, limit: str) -> None:
    response = await member.get("/v1/gadgets", params={"limit": limit})
    assert response.status_code == 422
    assert response.json()["errors"][0]["parameter"] == "limit"
    assert (await member.get("/v1/gadgets?limit=200")).status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        "x=1",
        "limit=1&limit=2",
        "size=1&size=1",
        "sort=secret",
        "sort=name;drop",
        "sort=name,due",
        "sort=",
        "Sort=name",
        "size=x",
        "size=-1",
        "size=NaN",
        "dated=1",
        "dated=yes",
        "dated=True",
        "a[]=1",
        "name=%00",
        "%00=1",
        "size=%ff",
        "tenant_id=x",
        "&".join(f"x{i}=1" for i in range(101)),
    ],
)
async def test_queries_that_are_none(member: httpx.AsyncClient, query: str) -> None:
    response = await member.get(f"/v1/gadgets?{query}")
    assert response.status_code == 422, response.text
    assert response.json()["code"] == "validation-error"
    fine = await member.get("/v1/gadgets?sort=-name&size=1&dated=true&limit=1")
    assert fine.status_code == 200


async def test_cursors_belong_to_one_caller_route_and_query(
    member: httpx.AsyncClient, sign_in: Callable[..., object], settings: Settings
) -> None:
    other, actor = await sign_in()
    colleague, _ = await sign_in(colleague=actor)
    for name in ("a", "b", "c"):
        await make(other, name, size=1)
    cursor = (await other.get("/v1/gadgets?limit=1&size=1")).json()["next"]
    assert (await other.get(f"/v1/gadgets?limit=2&size=1&cursor={cursor}")).status_code == 200
    forged = Signer(b"x" * 32, purpose="cursor").sign(b"[0,[]]", context=b"")
    for client, query in (
        (member, f"size=1&cursor={cursor}"),
        (colleague, f"size=1&cursor={cursor}"),
        (other, f"size=2&cursor={cursor}"),
        (other, f"cursor={cursor}"),
        (other, f"size=1&sort=-name&cursor={cursor}"),
        (other, f"size=1&cursor={cursor[:-1]}"),
        (other, f"size=1&cursor={cursor}="),
        (other, f"size=1&cursor={'y' if cursor[0] == 'x' else 'x'}{cursor[1:]}"),
        (other, f"size=1&cursor={forged}"),
        (other, "size=1&cursor=%20"),
        (other, "size=1&cursor=é"),
    ):
        response = await client.get(f"/v1/gadgets?{query}")
        assert (response.status_code, response.json()["code"]) == (422, "invalid-cursor"), query
        assert "items" not in response.json()
    assert (await other.get("/v1/gadgets?size=1&cursor=")).status_code == 422


async def test_an_old_cursor_is_refused(
    member: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a", "b"):
        await make(member, name)
    cursor = (await member.get("/v1/gadgets?limit=1")).json()["next"]
    monkeypatch.setattr("app.api.pages.CURSOR_LIFETIME", -1)
    response = await member.get(f"/v1/gadgets?cursor={cursor}")
    assert response.json()["code"] == "invalid-cursor"

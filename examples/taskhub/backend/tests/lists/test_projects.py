"""Projects: filters, searches and orders of lists (REQ-010)."""

from typing import Any, Final

import pytest

from app.authorization.permissions import Role
from tests.calls.projects import LIST_PROJECTS, row_of_list_projects
from tests.ordering import in_order
from tests.world import World

pytestmark = pytest.mark.requirement("REQ-010")

ROWS: Final[list[dict[str, Any]]] = [
    {},
    {},
    {},
    {},
    {},
]


async def test_list_projects_shows_every_member(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await LIST_PROJECTS.arrange(me)
    row = await row_of_list_projects(me, call)

    response = await me.send(call)

    [item] = response.json()["items"]
    assert item.keys() == {
        "archived",
        "created_at",
        "id",
        "key",
        "name",
        "updated_at",
        "version",
        "visibility",
    }
    assert item["id"] == str(row.id)


@pytest.mark.parametrize("sort", ["name", "created_at", "updated_at"])
async def test_list_projects_sorts(world: World, sort: str) -> None:
    me = world.home[Role.OWNER]
    call = await LIST_PROJECTS.arrange(me)
    rows = [await row_of_list_projects(me, call, **values) for values in ROWS]

    for order in (sort, f"-{sort}"):
        expected = in_order(rows, order)
        assert await me.listed(call.url, sort=order) == expected
        assert await me.walked(call.url, sort=order, limit=2) == expected


async def test_list_projects_has_an_order_of_its_own(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await LIST_PROJECTS.arrange(me)
    rows = [await row_of_list_projects(me, call, **values) for values in ROWS]

    assert await me.listed(call.url) == in_order(rows, "name")


async def test_list_projects_filters_by_visibility(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await LIST_PROJECTS.arrange(me)
    wanted = [await row_of_list_projects(me, call, visibility="private")]
    await row_of_list_projects(me, call, visibility="tenant")

    found = await me.listed(call.url, visibility="private")

    assert sorted(found) == sorted(row.id for row in wanted)


async def test_list_projects_filters_by_archived(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await LIST_PROJECTS.arrange(me)
    wanted = [await row_of_list_projects(me, call, archived=True)]
    await row_of_list_projects(me, call, archived=False)

    found = await me.listed(call.url, archived="true")

    assert sorted(found) == sorted(row.id for row in wanted)


async def test_list_projects_filters_by_no_archived(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await LIST_PROJECTS.arrange(me)
    wanted = [await row_of_list_projects(me, call, archived=False)]
    await row_of_list_projects(me, call, archived=True)

    found = await me.listed(call.url, archived="false")

    assert sorted(found) == sorted(row.id for row in wanted)


async def test_list_projects_filters_by_words_of_name(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await LIST_PROJECTS.arrange(me)
    wanted = [await row_of_list_projects(me, call, name="A needle")]
    await row_of_list_projects(me, call)

    found = await me.listed(call.url, q="NEEDLE")

    assert sorted(found) == sorted(row.id for row in wanted)


async def test_list_projects_filters_by_words_of_description(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await LIST_PROJECTS.arrange(me)
    wanted = [await row_of_list_projects(me, call, description="A needle")]
    await row_of_list_projects(me, call)

    found = await me.listed(call.url, q="NEEDLE")

    assert sorted(found) == sorted(row.id for row in wanted)


@pytest.mark.parametrize("words", ["need", "a needle", "NEEDLE a a", "n\u00e9edle", "(%needle*"])
async def test_list_projects_finds_beginnings_of_words(world: World, words: str) -> None:
    me = world.home[Role.OWNER]
    call = await LIST_PROJECTS.arrange(me)
    row = await row_of_list_projects(me, call, name="A needle")

    assert await me.listed(call.url, q=words) == [row.id]


@pytest.mark.parametrize("words", ["%", "_", "\\", '"', "*", "eedle", "needle nothing"])
async def test_list_projects_finds_no_other_words(world: World, words: str) -> None:
    me = world.home[Role.OWNER]
    call = await LIST_PROJECTS.arrange(me)
    await row_of_list_projects(me, call, name="A needle")

    assert await me.listed(call.url, q=words) == []
    assert len(await me.listed(call.url)) == 1

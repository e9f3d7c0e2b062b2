"""Tasks: filters, searches and orders of lists (REQ-011, REQ-015)."""

from datetime import UTC, datetime
from typing import Any, Final

import pytest

from app.authorization.permissions import Role
from tests.calls.tasks import LIST_TASKS, MY_TASKS, row_of_list_tasks, row_of_my_tasks
from tests.factories.labels import make_label
from tests.factories.projects import make_project
from tests.factories.tasks import make_task
from tests.ordering import in_order
from tests.world import World

pytestmark = pytest.mark.requirement("REQ-011")

ROWS: Final[list[dict[str, Any]]] = [
    {"due_at": datetime(2031, 2, 28, 12, 0, 0, 0, tzinfo=UTC), "priority": "medium"},
    {"due_at": datetime(2030, 1, 31, 12, 0, 0, 0, tzinfo=UTC), "priority": "high"},
    {"due_at": None, "priority": "urgent"},
    {"due_at": datetime(2031, 2, 28, 12, 0, 0, 0, tzinfo=UTC), "priority": "low"},
    {"due_at": datetime(2030, 1, 31, 12, 0, 0, 0, tzinfo=UTC), "priority": "medium"},
]


@pytest.mark.requirement("REQ-015")
async def test_list_tasks_shows_every_member(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await LIST_TASKS.arrange(me)
    row = await row_of_list_tasks(me, call)

    response = await me.send(call)

    [item] = response.json()["items"]
    assert item.keys() == {
        "assignee_id",
        "created_at",
        "due_at",
        "id",
        "is_overdue",
        "label_ids",
        "priority",
        "project_id",
        "reference",
        "status",
        "title",
        "updated_at",
        "version",
    }
    assert item["id"] == str(row.id)


@pytest.mark.requirement("REQ-015")
@pytest.mark.parametrize("sort", ["created_at", "updated_at", "due_at", "priority"])
async def test_list_tasks_sorts(world: World, sort: str) -> None:
    me = world.home[Role.OWNER]
    call = await LIST_TASKS.arrange(me)
    rows = [await row_of_list_tasks(me, call, **values) for values in ROWS]

    for order in (sort, f"-{sort}"):
        expected = in_order(rows, order)
        assert await me.listed(call.url, sort=order) == expected
        assert await me.walked(call.url, sort=order, limit=2) == expected


@pytest.mark.requirement("REQ-015")
async def test_list_tasks_has_an_order_of_its_own(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await LIST_TASKS.arrange(me)
    rows = [await row_of_list_tasks(me, call, **values) for values in ROWS]

    assert await me.listed(call.url) == in_order(rows, "-created_at")


@pytest.mark.requirement("REQ-015")
async def test_list_tasks_filters_by_project_id(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await LIST_TASKS.arrange(me)
    project = await make_project(me)
    wanted = [await row_of_list_tasks(me, call, project_id=project.id)]
    await row_of_list_tasks(me, call)

    found = await me.listed(call.url, project_id=project.id)

    assert sorted(found) == sorted(row.id for row in wanted)


@pytest.mark.requirement("REQ-015")
async def test_list_tasks_filters_by_status(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await LIST_TASKS.arrange(me)
    wanted = [await row_of_list_tasks(me, call, status="in_progress")]
    await row_of_list_tasks(me, call, status="todo")

    found = await me.listed(call.url, status="in_progress")

    assert sorted(found) == sorted(row.id for row in wanted)


@pytest.mark.requirement("REQ-015")
async def test_list_tasks_filters_by_several_status(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await LIST_TASKS.arrange(me)
    wanted = [
        await row_of_list_tasks(me, call, status="in_progress"),
        await row_of_list_tasks(me, call, status="in_review"),
    ]
    await row_of_list_tasks(me, call, status="todo")

    found = await me.listed(call.url, status=["in_progress", "in_review"])

    assert sorted(found) == sorted(row.id for row in wanted)


@pytest.mark.requirement("REQ-015")
async def test_list_tasks_filters_by_assignee_id(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await LIST_TASKS.arrange(me)
    wanted = [await row_of_list_tasks(me, call, assignee_id=me.id)]
    await row_of_list_tasks(me, call, assignee_id=world.home.somebody.id)

    found = await me.listed(call.url, assignee_id=me.id)

    assert sorted(found) == sorted(row.id for row in wanted)


@pytest.mark.requirement("REQ-015")
async def test_list_tasks_filters_by_label_id(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await LIST_TASKS.arrange(me)
    label = await make_label(me)
    wanted = [await row_of_list_tasks(me, call, label_ids=[label.id])]
    await row_of_list_tasks(me, call)

    found = await me.listed(call.url, label_id=label.id)

    assert sorted(found) == sorted(row.id for row in wanted)


@pytest.mark.requirement("REQ-015")
async def test_list_tasks_filters_by_priority(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await LIST_TASKS.arrange(me)
    wanted = [await row_of_list_tasks(me, call, priority="medium")]
    await row_of_list_tasks(me, call, priority="low")

    found = await me.listed(call.url, priority="medium")

    assert sorted(found) == sorted(row.id for row in wanted)


@pytest.mark.requirement("REQ-015")
async def test_list_tasks_filters_by_several_priority(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await LIST_TASKS.arrange(me)
    wanted = [
        await row_of_list_tasks(me, call, priority="medium"),
        await row_of_list_tasks(me, call, priority="high"),
    ]
    await row_of_list_tasks(me, call, priority="low")

    found = await me.listed(call.url, priority=["medium", "high"])

    assert sorted(found) == sorted(row.id for row in wanted)


@pytest.mark.requirement("REQ-015")
async def test_list_tasks_filters_by_due_at_from(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await LIST_TASKS.arrange(me)
    wanted = [
        await row_of_list_tasks(me, call, due_at=datetime(2046, 1, 1, 0, 0, 0, 0, tzinfo=UTC)),
        await row_of_list_tasks(me, call, due_at=datetime(2091, 1, 1, 0, 0, 0, 0, tzinfo=UTC)),
    ]
    await row_of_list_tasks(me, call, due_at=datetime(2001, 1, 1, 0, 0, 0, 0, tzinfo=UTC))

    found = await me.listed(call.url, due_at_from="2046-01-01T00:00:00.000000Z")

    assert sorted(found) == sorted(row.id for row in wanted)


@pytest.mark.requirement("REQ-015")
async def test_list_tasks_filters_by_due_at_before(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await LIST_TASKS.arrange(me)
    wanted = [
        await row_of_list_tasks(me, call, due_at=datetime(2001, 1, 1, 0, 0, 0, 0, tzinfo=UTC))
    ]
    await row_of_list_tasks(me, call, due_at=datetime(2046, 1, 1, 0, 0, 0, 0, tzinfo=UTC))

    found = await me.listed(call.url, due_at_before="2046-01-01T00:00:00.000000Z")

    assert sorted(found) == sorted(row.id for row in wanted)


@pytest.mark.requirement("REQ-015")
async def test_list_tasks_filters_by_is_overdue(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await LIST_TASKS.arrange(me)
    wanted = [
        await row_of_list_tasks(me, call, due_at=datetime(2001, 1, 1, 0, 0, 0, 0, tzinfo=UTC))
    ]
    await row_of_list_tasks(me, call)

    found = await me.listed(call.url, is_overdue="true")

    assert sorted(found) == sorted(row.id for row in wanted)


@pytest.mark.requirement("REQ-015")
async def test_list_tasks_filters_by_no_is_overdue(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await LIST_TASKS.arrange(me)
    wanted = [await row_of_list_tasks(me, call)]
    await row_of_list_tasks(me, call, due_at=datetime(2001, 1, 1, 0, 0, 0, 0, tzinfo=UTC))

    found = await me.listed(call.url, is_overdue="false")

    assert sorted(found) == sorted(row.id for row in wanted)


@pytest.mark.requirement("REQ-015")
async def test_list_tasks_filters_by_parent_id(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await LIST_TASKS.arrange(me)
    parent = await make_task(me)
    wanted = [await row_of_list_tasks(me, call, parent_id=parent.id)]
    await row_of_list_tasks(me, call)

    found = await me.listed(call.url, parent_id=parent.id)

    assert sorted(found) == sorted(row.id for row in wanted)


@pytest.mark.requirement("REQ-015")
async def test_list_tasks_filters_by_is_archived(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await LIST_TASKS.arrange(me)
    wanted = [
        await row_of_list_tasks(me, call, archived_at=datetime(2001, 1, 1, 0, 0, 0, 0, tzinfo=UTC))
    ]
    await row_of_list_tasks(me, call)

    found = await me.listed(call.url, is_archived="true")

    assert sorted(found) == sorted(row.id for row in wanted)


@pytest.mark.requirement("REQ-015")
async def test_list_tasks_filters_by_no_is_archived(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await LIST_TASKS.arrange(me)
    wanted = [await row_of_list_tasks(me, call)]
    await row_of_list_tasks(me, call, archived_at=datetime(2001, 1, 1, 0, 0, 0, 0, tzinfo=UTC))

    found = await me.listed(call.url, is_archived="false")

    assert sorted(found) == sorted(row.id for row in wanted)


@pytest.mark.requirement("REQ-015")
async def test_list_tasks_filters_by_words_of_title(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await LIST_TASKS.arrange(me)
    wanted = [await row_of_list_tasks(me, call, title="A needle")]
    await row_of_list_tasks(me, call)

    found = await me.listed(call.url, q="NEEDLE")

    assert sorted(found) == sorted(row.id for row in wanted)


@pytest.mark.requirement("REQ-015")
async def test_list_tasks_filters_by_words_of_description(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await LIST_TASKS.arrange(me)
    wanted = [await row_of_list_tasks(me, call, description="A needle")]
    await row_of_list_tasks(me, call)

    found = await me.listed(call.url, q="NEEDLE")

    assert sorted(found) == sorted(row.id for row in wanted)


@pytest.mark.requirement("REQ-015")
@pytest.mark.parametrize("words", ["need", "a needle", "NEEDLE a a", "n\u00e9edle", "(%needle*"])
async def test_list_tasks_finds_beginnings_of_words(world: World, words: str) -> None:
    me = world.home[Role.OWNER]
    call = await LIST_TASKS.arrange(me)
    row = await row_of_list_tasks(me, call, title="A needle")

    assert await me.listed(call.url, q=words) == [row.id]


@pytest.mark.requirement("REQ-015")
@pytest.mark.parametrize("words", ["%", "_", "\\", '"', "*", "eedle", "needle nothing"])
async def test_list_tasks_finds_no_other_words(world: World, words: str) -> None:
    me = world.home[Role.OWNER]
    call = await LIST_TASKS.arrange(me)
    await row_of_list_tasks(me, call, title="A needle")

    assert await me.listed(call.url, q=words) == []
    assert len(await me.listed(call.url)) == 1


async def test_my_tasks_shows_every_member(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await MY_TASKS.arrange(me)
    row = await row_of_my_tasks(me, call)

    response = await me.send(call)

    [item] = response.json()["items"]
    assert item.keys() == {
        "assignee_id",
        "created_at",
        "due_at",
        "id",
        "is_overdue",
        "label_ids",
        "priority",
        "project_id",
        "reference",
        "status",
        "title",
        "updated_at",
        "version",
    }
    assert item["id"] == str(row.id)


@pytest.mark.parametrize("sort", ["created_at", "updated_at", "due_at", "priority"])
async def test_my_tasks_sorts(world: World, sort: str) -> None:
    me = world.home[Role.OWNER]
    call = await MY_TASKS.arrange(me)
    rows = [await row_of_my_tasks(me, call, **values) for values in ROWS]

    for order in (sort, f"-{sort}"):
        expected = in_order(rows, order)
        assert await me.listed(call.url, sort=order) == expected
        assert await me.walked(call.url, sort=order, limit=2) == expected


async def test_my_tasks_has_an_order_of_its_own(world: World) -> None:
    me = world.home[Role.OWNER]
    call = await MY_TASKS.arrange(me)
    rows = [await row_of_my_tasks(me, call, **values) for values in ROWS]

    assert await me.listed(call.url) == in_order(rows, "due_at")

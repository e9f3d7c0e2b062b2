"""Tasks: what jobs do to them (REQ-023)."""

from datetime import UTC, datetime

import pytest

from app.authorization.permissions import Role
from app.core.settings import Settings
from app.jobs.tasks import ArchiveDone, MarkOverdue
from tests.factories.projects import make_project
from tests.factories.tasks import find_task, make_task
from tests.work.running import worked
from tests.world import World, changed


@pytest.mark.requirement("REQ-023")
async def test_mark_overdue_is_done_once(world: World, settings: Settings) -> None:
    me = world.home[Role.OWNER]
    task = await make_task(me, due_at=datetime(2001, 1, 1, 0, 0, 0, 0, tzinfo=UTC))
    before = await find_task(me, task.id)

    progress = await worked(me, MarkOverdue, settings)

    after = await find_task(me, task.id)
    assert progress.refused == {}
    assert changed(before, after) & {"overdue_told_for"}
    entries = [each for each in await world.audit_entries() if each.entity_id == task.id]
    assert [(each.action, each.actor_id) for each in entries] == [("task.mark_overdue", None)]
    announced = await world.events()
    assert sorted({each.type for each in announced}) == ["TaskOverdue"]
    assert (await worked(me, MarkOverdue, settings)).changed == 0
    assert await find_task(me, task.id) == after
    assert await world.events() == announced


@pytest.mark.requirement("REQ-023")
async def test_mark_overdue_leaves_others_alone(world: World, settings: Settings) -> None:
    me = world.home[Role.OWNER]
    task = await make_task(me)
    before = await find_task(me, task.id)

    await worked(me, MarkOverdue, settings)

    assert await find_task(me, task.id) == before
    assert task.id not in [each.entity_id for each in await world.audit_entries()]


@pytest.mark.requirement("REQ-023")
async def test_mark_overdue_is_refused_assignee_cannot_see_project(
    world: World, settings: Settings
) -> None:
    me = world.home[Role.OWNER]
    project = await make_project(me, visibility="private")
    task = await make_task(
        me,
        due_at=datetime(2001, 1, 1, 0, 0, 0, 0, tzinfo=UTC),
        assignee_id=world.home[Role.MEMBER].id,
        project_id=project.id,
    )
    before = await find_task(me, task.id)

    progress = await worked(me, MarkOverdue, settings)

    assert progress.refused == {"ASSIGNEE_CANNOT_SEE_PROJECT": 1}
    assert await find_task(me, task.id) == before
    assert task.id not in [each.entity_id for each in await world.audit_entries()]


@pytest.mark.requirement("REQ-023")
async def test_mark_overdue_is_refused_parent_in_other_project(
    world: World, settings: Settings
) -> None:
    me = world.home[Role.OWNER]
    parent = await make_task(me)
    task = await make_task(
        me, due_at=datetime(2001, 1, 1, 0, 0, 0, 0, tzinfo=UTC), parent_id=parent.id
    )
    before = await find_task(me, task.id)

    progress = await worked(me, MarkOverdue, settings)

    assert progress.refused == {"PARENT_IN_OTHER_PROJECT": 1}
    assert await find_task(me, task.id) == before
    assert task.id not in [each.entity_id for each in await world.audit_entries()]


@pytest.mark.requirement("REQ-023")
async def test_archive_done_is_done_once(world: World, settings: Settings) -> None:
    me = world.home[Role.OWNER]
    task = await make_task(
        me, completed_at=datetime(2001, 1, 1, 0, 0, 0, 0, tzinfo=UTC), status="done"
    )
    before = await find_task(me, task.id)

    progress = await worked(me, ArchiveDone, settings)

    after = await find_task(me, task.id)
    assert progress.refused == {}
    assert changed(before, after) & {"archived_at"}
    entries = [each for each in await world.audit_entries() if each.entity_id == task.id]
    assert [(each.action, each.actor_id) for each in entries] == [("task.archive_done", None)]
    announced = await world.events()
    assert sorted({each.type for each in announced}) == []
    assert (await worked(me, ArchiveDone, settings)).changed == 0
    assert await find_task(me, task.id) == after
    assert await world.events() == announced


@pytest.mark.requirement("REQ-023")
async def test_archive_done_leaves_others_alone(world: World, settings: Settings) -> None:
    me = world.home[Role.OWNER]
    task = await make_task(me)
    before = await find_task(me, task.id)

    await worked(me, ArchiveDone, settings)

    assert await find_task(me, task.id) == before
    assert task.id not in [each.entity_id for each in await world.audit_entries()]


@pytest.mark.requirement("REQ-023")
async def test_archive_done_is_refused_assignee_cannot_see_project(
    world: World, settings: Settings
) -> None:
    me = world.home[Role.OWNER]
    project = await make_project(me, visibility="private")
    task = await make_task(
        me,
        completed_at=datetime(2001, 1, 1, 0, 0, 0, 0, tzinfo=UTC),
        status="done",
        assignee_id=world.home[Role.MEMBER].id,
        project_id=project.id,
    )
    before = await find_task(me, task.id)

    progress = await worked(me, ArchiveDone, settings)

    assert progress.refused == {"ASSIGNEE_CANNOT_SEE_PROJECT": 1}
    assert await find_task(me, task.id) == before
    assert task.id not in [each.entity_id for each in await world.audit_entries()]


@pytest.mark.requirement("REQ-023")
async def test_archive_done_is_refused_parent_in_other_project(
    world: World, settings: Settings
) -> None:
    me = world.home[Role.OWNER]
    parent = await make_task(me)
    task = await make_task(
        me,
        completed_at=datetime(2001, 1, 1, 0, 0, 0, 0, tzinfo=UTC),
        status="done",
        parent_id=parent.id,
    )
    before = await find_task(me, task.id)

    progress = await worked(me, ArchiveDone, settings)

    assert progress.refused == {"PARENT_IN_OTHER_PROJECT": 1}
    assert await find_task(me, task.id) == before
    assert task.id not in [each.entity_id for each in await world.audit_entries()]

"""What jobs ask other services for, once (REQ-021)."""

import pytest

from app.authorization.permissions import Role
from app.core.settings import Settings
from app.events.comments import UserMentioned
from app.events.tasks import TaskAssigned, TaskOverdue
from app.jobs.outside import NotifyAssignee, NotifyMentioned, NotifyOverdue
from tests.factories.comments import make_comment
from tests.factories.tasks import make_task
from tests.work.asking import stubbed
from tests.work.hearing import heard, heard_again, undone
from tests.world import World


@pytest.mark.requirement("REQ-021")
async def test_notify_assignee_asks_once(world: World, settings: Settings) -> None:
    me = world.home[Role.OWNER]
    task = await make_task(me, assignee_id=me.id)
    event = TaskAssigned.of(task, before=None)

    async with stubbed(settings) as (stub, outside):
        [run] = await heard(me, event, NotifyAssignee, settings, outside)
        again = await heard_again(me, NotifyAssignee, settings, outside)

    assert (run.changed, run.asked, again) == (1, None, [])
    [effect] = stub.effects
    assert (effect.call.integration, effect.call.name) == ("mail", "send")


@pytest.mark.requirement("REQ-021")
async def test_notify_assignee_asks_for_nothing_that_was_undone(
    world: World, settings: Settings
) -> None:
    me = world.home[Role.OWNER]
    task = await make_task(me, assignee_id=me.id)
    event = TaskAssigned.of(task, before=None)

    async with stubbed(settings) as (stub, outside):
        assert await undone(me, event, NotifyAssignee, settings, outside) == []

    assert stub.asked == []


@pytest.mark.requirement("REQ-021")
async def test_notify_assignee_asks_for_nothing_after_other_events(
    world: World, settings: Settings
) -> None:
    me = world.home[Role.OWNER]
    task = await make_task(me)
    event = TaskAssigned.of(task, before=None)

    async with stubbed(settings) as (stub, outside):
        [run] = await heard(me, event, NotifyAssignee, settings, outside)

    assert (run.changed, stub.asked) == (0, [])


@pytest.mark.requirement("REQ-021")
async def test_notify_mentioned_asks_once(world: World, settings: Settings) -> None:
    me = world.home[Role.OWNER]
    comment = await make_comment(me)
    event = UserMentioned.of(comment, user_id=me.id)

    async with stubbed(settings) as (stub, outside):
        [run] = await heard(me, event, NotifyMentioned, settings, outside)
        again = await heard_again(me, NotifyMentioned, settings, outside)

    assert (run.changed, run.asked, again) == (1, None, [])
    [effect] = stub.effects
    assert (effect.call.integration, effect.call.name) == ("mail", "send")
    assert effect.values["subject"] == "You were mentioned in a comment"


@pytest.mark.requirement("REQ-021")
async def test_notify_mentioned_asks_for_nothing_that_was_undone(
    world: World, settings: Settings
) -> None:
    me = world.home[Role.OWNER]
    comment = await make_comment(me)
    event = UserMentioned.of(comment, user_id=me.id)

    async with stubbed(settings) as (stub, outside):
        assert await undone(me, event, NotifyMentioned, settings, outside) == []

    assert stub.asked == []


@pytest.mark.requirement("REQ-021")
async def test_notify_overdue_asks_once(world: World, settings: Settings) -> None:
    me = world.home[Role.OWNER]
    task = await make_task(me, assignee_id=me.id)
    event = TaskOverdue.of(task)

    async with stubbed(settings) as (stub, outside):
        [run] = await heard(me, event, NotifyOverdue, settings, outside)
        again = await heard_again(me, NotifyOverdue, settings, outside)

    assert (run.changed, run.asked, again) == (1, None, [])
    [effect] = stub.effects
    assert (effect.call.integration, effect.call.name) == ("mail", "send")


@pytest.mark.requirement("REQ-021")
async def test_notify_overdue_asks_for_nothing_that_was_undone(
    world: World, settings: Settings
) -> None:
    me = world.home[Role.OWNER]
    task = await make_task(me, assignee_id=me.id)
    event = TaskOverdue.of(task)

    async with stubbed(settings) as (stub, outside):
        assert await undone(me, event, NotifyOverdue, settings, outside) == []

    assert stub.asked == []


@pytest.mark.requirement("REQ-021")
async def test_notify_overdue_asks_for_nothing_after_other_events(
    world: World, settings: Settings
) -> None:
    me = world.home[Role.OWNER]
    task = await make_task(me)
    event = TaskOverdue.of(task)

    async with stubbed(settings) as (stub, outside):
        [run] = await heard(me, event, NotifyOverdue, settings, outside)

    assert (run.changed, stub.asked) == (0, [])

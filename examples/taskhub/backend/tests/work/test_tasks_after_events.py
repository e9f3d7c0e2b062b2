"""Tasks: what events start (REQ-024)."""

import pytest

from app.authorization.permissions import Role
from app.core.settings import Settings
from app.events.from_mail import MailBounced
from app.jobs.tasks import NoteBounce
from tests.factories.tasks import find_task, make_task
from tests.work.hearing import heard, heard_again, undone
from tests.world import World, changed


@pytest.mark.requirement("REQ-024")
async def test_note_bounce_follows_its_event_once(world: World, settings: Settings) -> None:
    me, stranger = world.home[Role.OWNER], world.other[Role.OWNER]
    foreign = await make_task(stranger)
    task = await make_task(me)
    before = await find_task(me, task.id)

    [run] = await heard(
        me,
        MailBounced(tenant_id=me.tenant_id, about_id=task.id, reason="Reason"),
        NoteBounce,
        settings,
    )

    after = await find_task(me, task.id)
    assert run.refused == {}
    assert changed(before, after) & {"mail_bounced_at"}
    entries = [each for each in await world.audit_entries() if each.entity_id == task.id]
    assert [(each.action, each.actor_id) for each in entries] == [("task.note_bounce", None)]
    assert {each.type for each in await world.events()} == {"MailBounced"}
    assert await heard_again(me, NoteBounce, settings) == []
    assert await find_task(me, task.id) == after
    assert await find_task(stranger, foreign.id) == foreign


@pytest.mark.requirement("REQ-024")
async def test_note_bounce_hears_of_nothing_that_was_undone(
    world: World, settings: Settings
) -> None:
    me = world.home[Role.OWNER]
    task = await make_task(me)
    before = await find_task(me, task.id)

    assert (
        await undone(
            me,
            MailBounced(tenant_id=me.tenant_id, about_id=task.id, reason="Reason"),
            NoteBounce,
            settings,
        )
        == []
    )

    assert await find_task(me, task.id) == before


@pytest.mark.requirement("REQ-024")
async def test_note_bounce_leaves_others_alone(world: World, settings: Settings) -> None:
    me = world.home[Role.OWNER]
    task = await make_task(me, status="done")
    before = await find_task(me, task.id)

    assert (
        len(
            await heard(
                me,
                MailBounced(tenant_id=me.tenant_id, about_id=task.id, reason="Reason"),
                NoteBounce,
                settings,
            )
        )
        == 1
    )

    assert await find_task(me, task.id) == before
    assert task.id not in [each.entity_id for each in await world.audit_entries()]

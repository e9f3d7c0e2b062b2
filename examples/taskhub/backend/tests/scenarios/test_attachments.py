"""Scenarios about attachments, as the requirements tell them."""

import pytest

from app.authorization.permissions import Role
from tests.calls.attachments import DELETE_ATTACHMENT, DOWNLOAD_ATTACHMENT
from tests.factories.attachments import find_attachment, make_attachment
from tests.factories.projects import make_project
from tests.factories.tasks import make_task
from tests.world import World, refused


@pytest.mark.requirement("REQ-014")
async def test_a_file_of_a_private_project_does_not_exist_for_somebody_who_is_not_a_member(
    world: World,
) -> None:
    """A file of a private project does not exist for somebody who is not a member"""
    mia = world.home[Role.MEMBER]
    ada = world.home[Role.ADMIN]
    secret = await make_project(ada, visibility="private")
    ship = await make_task(ada, project_id=secret.id)
    plan = await make_attachment(ada, task_id=ship.id)
    call = DOWNLOAD_ATTACHMENT.call(attachment_id=plan.id)

    response = await mia.send(call)

    assert refused(response) == (404, "not-found")


@pytest.mark.requirement("REQ-014")
async def test_nobody_deletes_the_file_of_somebody_else(world: World) -> None:
    """Nobody deletes the file of somebody else"""
    mia = world.home[Role.MEMBER]
    noah = await world.join(Role.MEMBER)
    plan = await make_attachment(noah)
    call = DELETE_ATTACHMENT.call(attachment_id=plan.id)
    before = await find_attachment(noah, plan.id)

    response = await mia.send(call)

    assert refused(response) == (403, "permission-denied")
    assert await find_attachment(noah, plan.id) == before

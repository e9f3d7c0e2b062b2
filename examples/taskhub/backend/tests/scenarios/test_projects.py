"""Scenarios about projects, as the requirements tell them."""

import pytest

from app.authorization.permissions import Role
from tests.calls.projects import GET_PROJECT, PROJECT_STATISTICS
from tests.factories.projects import make_project
from tests.factories.tasks import make_task
from tests.world import World, refused


@pytest.mark.requirement("REQ-010")
async def test_a_private_project_does_not_exist_for_somebody_who_is_not_a_member(
    world: World,
) -> None:
    """A private project does not exist for somebody who is not a member"""
    mia = world.home[Role.MEMBER]
    ada = world.home[Role.ADMIN]
    secret = await make_project(ada, visibility="private")
    call = GET_PROJECT.call(project_id=secret.id)

    response = await mia.send(call)

    assert refused(response) == (404, "not-found")


@pytest.mark.requirement("REQ-010")
async def test_a_member_sees_the_private_project_that_they_belong_to(world: World) -> None:
    """A member sees the private project that they belong to"""
    mia = world.home[Role.MEMBER]
    ada = world.home[Role.ADMIN]
    secret = await make_project(ada, visibility="private", member_ids=[mia.id])
    call = GET_PROJECT.call(project_id=secret.id)

    response = await mia.send(call)

    assert response.status_code == 200, response.text


@pytest.mark.requirement("REQ-017")
async def test_the_statistics_of_a_private_project_do_not_exist_for_somebody_who_is_not_a_member(
    world: World,
) -> None:
    """The statistics of a private project do not exist for somebody who is not a member"""
    mia = world.home[Role.MEMBER]
    ada = world.home[Role.ADMIN]
    secret = await make_project(ada, visibility="private")
    call = PROJECT_STATISTICS.call(project_id=secret.id)

    response = await mia.send(call)

    assert refused(response) == (404, "not-found")


@pytest.mark.requirement("REQ-017")
async def test_the_statistics_of_a_project_count_its_open_tasks(world: World) -> None:
    """The statistics of a project count its open tasks"""
    ada = world.home[Role.ADMIN]
    ship = await make_project(ada)
    await make_task(ada, project_id=ship.id)
    call = PROJECT_STATISTICS.call(project_id=ship.id)

    response = await ada.send(call)

    assert response.status_code == 200, response.text
    assert response.json()["open"] == 1
    assert response.json()["overdue"] == 0
    assert response.json()["done_7_days"] == 0
    assert response.json()["median_cycle_time"] is None

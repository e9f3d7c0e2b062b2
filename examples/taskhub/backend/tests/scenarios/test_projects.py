"""Scenarios about projects, as the requirements tell them."""

import pytest

from app.authorization.permissions import Role
from tests.calls.projects import GET_PROJECT
from tests.factories.projects import make_project
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

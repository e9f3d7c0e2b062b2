"""Changes under a condition: `If-Match` names the version that the client has seen."""

import asyncio

import pytest

from tests.calls import SERVED
from tests.cases import Operation, each
from tests.world import World, refused

CONDITIONAL = [each for each in SERVED if each.conditional]
DEMANDING = [each for each in CONDITIONAL if each.demands_condition]
TOLERANT = [each for each in CONDITIONAL if not each.demands_condition]


@each(CONDITIONAL)
@pytest.mark.parametrize("form", ["{tag}", "*", '"other", {tag}', ' {tag} , "other"'])
async def test_a_condition_that_holds(world: World, operation: Operation, form: str) -> None:
    me = world.home[operation.caller]
    call = await operation.arrange(me)

    response = await me.send(call.given(form.format(tag=call.if_match)))

    assert response.status_code == operation.success, response.text


@each(CONDITIONAL)
@pytest.mark.parametrize("form", ['"other"', "W/{tag}", "other", "", '"a" "b"', "{tag},", "*, *"])
async def test_a_condition_that_does_not_hold(
    world: World, operation: Operation, form: str
) -> None:
    me = world.home[operation.caller]
    call = await operation.arrange(me)

    response = await me.send(call.given(form.format(tag=call.if_match)))

    assert refused(response) == (412, "precondition-failed")
    assert await world.events() == []
    assert await world.audit_entries() == []
    assert (await me.send(call)).status_code == operation.success


@each(DEMANDING)
async def test_a_condition_is_demanded(world: World, operation: Operation) -> None:
    me = world.home[operation.caller]
    call = await operation.arrange(me)

    response = await me.send(call.given(None))

    assert refused(response) == (428, "precondition-required")
    assert await world.audit_entries() == []
    assert (await me.send(call)).status_code == operation.success


@each(TOLERANT)
async def test_a_condition_may_be_left_out(world: World, operation: Operation) -> None:
    me = world.home[operation.caller]
    call = await operation.arrange(me)

    response = await me.send(call.given(None))

    assert response.status_code == operation.success, response.text


@each(CONDITIONAL)
async def test_of_two_who_saw_the_same_version_one_wins(world: World, operation: Operation) -> None:
    me = world.home[operation.caller]
    call = await operation.arrange(me)

    responses = await asyncio.gather(me.send(call), me.send(call))

    winner, loser = sorted(response.status_code for response in responses)
    assert winner == operation.success
    # What is deleted is gone before its version is asked.
    assert loser in ({404, 412} if operation.deletes else {409, 412})
    assert len(await world.audit_entries()) == (1 if operation.audit else 0)

"""Answers are given again until a row changes that they count, and only to those who see them."""

from uuid import UUID

from app.authorization.permissions import Role
from tests.cases import Operation
from tests.kept.kinds import Counted, KeptAnswer, each_change, each_kept
from tests.kept.known import KEPT
from tests.world import World, refused


async def row_of(world: World, kept: KeptAnswer) -> UUID:
    """Return a row that can be asked about."""
    call = await kept.operation.arrange(world.home[kept.operation.callers[0]])
    [row_id] = call.ids.values()
    return row_id


@each_kept(KEPT)
async def test_an_answer_is_given_again(world: World, kept: KeptAnswer) -> None:
    me, row_id = world.home[kept.operation.callers[0]], await row_of(world, kept)
    first = await kept.told(me, row_id)
    before = kept.given_again()

    assert await kept.told(me, row_id) == first
    assert kept.given_again() == before + 1


@each_kept(KEPT)
async def test_an_answer_is_for_those_only_who_see_the_row(world: World, kept: KeptAnswer) -> None:
    me, row_id = world.home[kept.operation.callers[0]], await row_of(world, kept)
    await kept.told(me, row_id)

    stranger = await world.other[kept.operation.callers[0]].send(kept.about(row_id))

    assert refused(stranger) == (404, "not-found")
    for role in set(Role) - set(kept.operation.roles):
        colleague = await world.home[role].send(kept.about(row_id))
        assert refused(colleague) == (403, "permission-denied")


@each_kept(each for each in KEPT if each.operation.hide)
async def test_an_answer_that_is_kept_is_not_told_to_who_does_not_see_the_row(
    world: World, kept: KeptAnswer
) -> None:
    me = world.home[kept.operation.callers[0]]
    values = await kept.operation.hide(me) if kept.operation.hide else {}
    call = await kept.operation.arrange(me, **values)
    [row_id] = call.ids.values()
    await kept.told(me, row_id)

    for role in kept.operation.blind:
        response = await (await world.join(role)).send(call)
        assert refused(response) == (404, "not-found"), role


@each_change(KEPT)
async def test_a_change_ends_the_answer(
    world: World, kept: KeptAnswer, counted: Counted, change: Operation, role: Role
) -> None:
    me = world.home[role]
    call = await change.arrange(me)
    owner = await counted.owner(me, call)
    await kept.told(me, owner)
    before = kept.given_again()

    response = await me.send(call)

    assert response.status_code == change.success, response.text
    await kept.told(me, owner)
    assert kept.given_again() == before

"""A row that its policy hides answers as if it did not exist, and no list shows it."""

from app.authorization.permissions import Role
from tests.calls import SERVED
from tests.cases import Operation, each_with_role
from tests.world import World, problem

HIDING = [operation for operation in SERVED if operation.hide is not None]
ITEMS = [
    (operation, role) for operation in HIDING if operation.about_objects for role in operation.blind
]
LISTS = [
    (operation, role)
    for operation in HIDING
    if operation.row is not None and not operation.about_objects
    for role in operation.blind
]


@each_with_role(ITEMS)
async def test_a_hidden_object_does_not_exist(
    world: World, operation: Operation, role: Role
) -> None:
    assert operation.hide is not None
    maker, blind = world.home.somebody, world.home[role]
    call = await operation.arrange(maker, **await operation.hide(maker))

    hidden = await blind.send(call)
    absent = await blind.send(call.about_nothing())

    assert hidden.status_code == 404
    assert problem(hidden) == problem(absent)
    assert (await maker.send(call)).status_code == operation.success


@each_with_role(LISTS)
async def test_a_list_leaves_out_hidden_rows(
    world: World, operation: Operation, role: Role
) -> None:
    assert operation.hide is not None
    assert operation.row is not None
    blind = world.home[role]
    call = await operation.arrange(blind)
    shown = await operation.row(blind, call)
    await operation.row(blind, call, **await operation.hide(world.home.somebody))

    assert await blind.listed(call.url) == [shown.id]

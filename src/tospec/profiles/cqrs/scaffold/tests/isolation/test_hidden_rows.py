"""A row that its policy hides answers as if it did not exist, and no list shows it."""

from uuid import uuid4

import pytest

from app.authorization.permissions import Role
from tests.calls import SERVED
from tests.cases import Operation, Reference, each_with_role, marked
from tests.requirements import TENANCY
from tests.world import World, problem

pytestmark = pytest.mark.requirement(*TENANCY)

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
REFERENCES = [
    marked(operation, reference, role, name=f"{operation.name}-{reference.member}-{role}")
    for operation in SERVED
    for reference in operation.references
    for role in reference.blind
    if role in operation.callers
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


@pytest.mark.parametrize(("operation", "reference", "role"), REFERENCES)
async def test_a_reference_to_a_hidden_object_is_one_to_nothing(
    world: World, operation: Operation, reference: Reference, role: Role
) -> None:
    assert reference.make_hidden is not None
    me = world.home[role]
    call = await operation.arrange(me)
    own, hidden = await reference.make(me), await reference.make_hidden(world.home.somebody)

    response = await me.send(call.sending(**reference.to(hidden.id)))
    absent = await me.send(call.sending(**reference.to(uuid4())))

    assert response.status_code == 422
    assert problem(response)["code"] == "invalid-reference"
    assert problem(response) == problem(absent)
    assert (await me.send(call.sending(**reference.to(own.id)))).status_code != 422

"""Whatever belongs to another tenant answers as if it did not exist."""

from dataclasses import replace
from uuid import uuid4

import pytest

from tests.calls import SERVED
from tests.cases import Operation, Reference, each, marked
from tests.requirements import TENANCY
from tests.world import World, problem

pytestmark = pytest.mark.requirement(*TENANCY)

ABOUT_OBJECTS = [operation for operation in SERVED if operation.about_objects]
LISTS = [operation for operation in SERVED if operation.row is not None]
REFERENCES = [
    marked(operation, reference, name=f"{operation.name}-{reference.member}")
    for operation in SERVED
    for reference in operation.references
]


@each(ABOUT_OBJECTS)
async def test_an_object_of_another_tenant_does_not_exist(
    world: World, operation: Operation
) -> None:
    me, stranger = world.home[operation.caller], world.other[operation.caller]
    theirs = await operation.arrange(stranger)

    foreign = await me.send(theirs)
    absent = await me.send(theirs.about_nothing())

    assert foreign.status_code == 404
    assert problem(foreign) == problem(absent)
    assert (await stranger.send(theirs)).status_code == operation.success


@each(ABOUT_OBJECTS)
async def test_one_object_of_another_tenant_among_own_ones_does_not_exist(
    world: World, operation: Operation
) -> None:
    me, stranger = world.home[operation.caller], world.other[operation.caller]
    own, theirs = await operation.arrange(me), await operation.arrange(stranger)

    for name in own.ids:
        foreign = await me.send(own.about(**{name: theirs.ids[name]}))
        absent = await me.send(own.about(**{name: uuid4()}))
        assert foreign.status_code == 404
        assert problem(foreign) == problem(absent)

    assert (await me.send(own)).status_code == operation.success


@each(operation for operation in ABOUT_OBJECTS if operation.conditional)
@pytest.mark.parametrize("if_match", ['"wrong"', None, "malformed"])
async def test_no_condition_tells_of_an_object_of_another_tenant(
    world: World, operation: Operation, if_match: str | None
) -> None:
    me, stranger = world.home[operation.caller], world.other[operation.caller]
    theirs = (await operation.arrange(stranger)).given(if_match)

    foreign = await me.send(theirs)
    absent = await me.send(theirs.about_nothing())

    assert foreign.status_code == 404
    assert problem(foreign) == problem(absent)


@each(operation for operation in ABOUT_OBJECTS if operation.has_body)
async def test_no_body_tells_of_an_object_of_another_tenant(
    world: World, operation: Operation
) -> None:
    me, stranger = world.home[operation.caller], world.other[operation.caller]
    theirs = (await operation.arrange(stranger)).sending(nonsense=1)

    foreign = await me.send(theirs)

    assert foreign.status_code == 404
    assert problem(foreign) == problem(await me.send(theirs.about_nothing()))


@each(ABOUT_OBJECTS)
async def test_what_is_no_id_is_the_id_of_nothing(world: World, operation: Operation) -> None:
    me = world.home[operation.caller]
    call = await operation.arrange(me)

    absent = await me.send(call.about_nothing())
    malformed = await me.send(replace(call, path=call.path.replace("{", "not-").replace("}", "")))

    assert malformed.status_code == 404
    assert problem(malformed) == problem(absent)


@pytest.mark.parametrize(("operation", "reference"), REFERENCES)
async def test_a_reference_to_another_tenant_is_one_to_nothing(
    world: World, operation: Operation, reference: Reference
) -> None:
    me, stranger = world.home[operation.caller], world.other[operation.caller]
    call = await operation.arrange(me)
    own, theirs = await reference.make(me), await reference.make(stranger)

    foreign = await me.send(call.sending(**reference.to(theirs.id)))
    absent = await me.send(call.sending(**reference.to(uuid4())))

    assert foreign.status_code == 422
    assert problem(foreign)["code"] == "invalid-reference"
    assert problem(foreign)["errors"][0]["pointer"].startswith(f"#/{reference.member}")
    assert problem(foreign) == problem(absent)
    assert (await me.send(call.sending(**reference.to(own.id)))).status_code != 422


@each(LISTS)
async def test_a_list_never_shows_rows_of_another_tenant(
    world: World, operation: Operation
) -> None:
    assert operation.row is not None
    me, stranger = world.home[operation.caller], world.other[operation.caller]
    call, elsewhere = await operation.arrange(me), await operation.arrange(stranger)
    own = await operation.row(me, call)
    theirs = await operation.row(stranger, elsewhere)

    assert await me.listed(call.url) == [own.id]
    assert await stranger.listed(elsewhere.url) == [theirs.id]

"""Every operation is called by every role: who may is served, who may not is refused."""

import pytest

from app.authorization.permissions import Role
from tests.calls import OPERATIONS, SERVED
from tests.cases import Operation, each, each_with_role
from tests.requirements import ROLES
from tests.world import World, refused

pytestmark = pytest.mark.requirement(*ROLES)

ALLOWED = [(operation, role) for operation in OPERATIONS for role in operation.callers]
REFUSED = [
    (operation, role) for operation in OPERATIONS for role in Role if role not in operation.roles
]


@each_with_role(ALLOWED)
async def test_who_may_is_served(world: World, operation: Operation, role: Role) -> None:
    person = world.home[role]
    call = await operation.arrange(person)

    response = await person.send(call)

    assert response.status_code == operation.success, response.text


@each_with_role(REFUSED)
async def test_who_may_not_is_refused(world: World, operation: Operation, role: Role) -> None:
    person = world.home[role]
    call = await operation.arrange(person)

    response = await person.send(call)

    assert refused(response) == (403, "permission-denied")
    assert await world.events() == []
    assert await world.audit_entries() == []


@each_with_role(REFUSED)
async def test_who_may_not_learns_nothing_of_objects_and_bodies(
    world: World, operation: Operation, role: Role
) -> None:
    person = world.home[role]
    call = await operation.arrange(person)

    response = await person.send(call.about_nothing().sending(nonsense=1))

    assert refused(response) == (403, "permission-denied")


@each(OPERATIONS)
async def test_nobody_is_served_without_a_token(world: World, operation: Operation) -> None:
    person = world.home.somebody
    call = await operation.arrange(person)

    response = await world.client.request(call.method, call.url, json=call.body)

    assert refused(response) == (401, "unauthenticated")
    assert response.headers["www-authenticate"].startswith("Bearer")
    assert await world.events() == []


@each(OPERATIONS)
async def test_a_changed_token_is_no_token(world: World, operation: Operation) -> None:
    person = world.home[operation.roles[0]]
    call = await operation.arrange(person)
    head, payload, signature = person.token.split(".")
    token = ".".join([head, payload, signature[::-1]])

    response = await world.client.request(
        call.method, call.url, json=call.body, headers={"authorization": f"Bearer {token}"}
    )

    assert refused(response) == (401, "unauthenticated")


def test_every_operation_is_in_the_matrix_once() -> None:
    assert len({operation.name for operation in OPERATIONS}) == len(OPERATIONS)
    assert {operation.name for operation, _ in ALLOWED} == {each.name for each in SERVED}

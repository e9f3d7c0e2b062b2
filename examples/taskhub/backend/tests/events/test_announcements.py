"""Every change announces its events, in the transaction that makes it true."""

import pytest

from tests.calls import SERVED
from tests.cases import Operation, each
from tests.events.payloads import MEMBERS
from tests.requirements import EVENTS
from tests.world import World, refused

pytestmark = pytest.mark.requirement(*EVENTS)

KNOWN = [each for each in SERVED if each.events is not None]


@each(KNOWN)
async def test_a_call_announces_its_events(world: World, operation: Operation) -> None:
    me = world.home[operation.caller]
    call = await operation.arrange(me)

    response = await me.send(call)

    assert response.status_code == operation.success, response.text
    events = await world.events()
    assert tuple(sorted(event.type for event in events)) == operation.events
    for event in events:
        assert event.payload.keys() == MEMBERS[event.type]
        assert event.correlation_id == response.headers["x-request-id"]
        assert event.published_at is None


@each(operation for operation in KNOWN if operation.conditional)
async def test_a_refused_call_announces_nothing(world: World, operation: Operation) -> None:
    me = world.home[operation.caller]
    call = await operation.arrange(me)

    response = await me.send(call.given('"other"'))

    assert refused(response) == (412, "precondition-failed")
    assert await world.events() == []


def test_every_payload_has_members_of_its_own() -> None:
    announced = {event for operation in KNOWN for event in operation.events or ()}

    assert announced <= MEMBERS.keys()
    assert all("tenant_id" not in members for members in MEMBERS.values())

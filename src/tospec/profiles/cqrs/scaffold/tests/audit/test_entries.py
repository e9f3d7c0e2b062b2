"""Every change leaves an audit entry: who, what, before, after, and the id of the request."""

import pytest

from tests.calls import SERVED
from tests.cases import Operation, each
from tests.requirements import AUDIT
from tests.world import World

pytestmark = pytest.mark.requirement(*AUDIT)

AUDITED = [operation for operation in SERVED if operation.audit is not None]
READS = [operation for operation in SERVED if not operation.changes]


@each(AUDITED)
async def test_a_change_leaves_one_entry(world: World, operation: Operation) -> None:
    me = world.home[operation.caller]
    call = await operation.arrange(me)

    response = await me.send(call)

    assert response.status_code == operation.success, response.text
    [entry] = await world.audit_entries()
    assert entry.action == operation.audit
    assert entry.actor_id == me.id
    assert entry.correlation_id == response.headers["x-request-id"]
    assert entry.before != entry.after


@each(operation for operation in AUDITED if operation.conditional)
async def test_a_change_that_is_refused_leaves_none(world: World, operation: Operation) -> None:
    me = world.home[operation.caller]
    call = await operation.arrange(me)

    response = await me.send(call.given('"another"'))

    assert response.status_code == 412
    assert await world.audit_entries() == []


@each(READS)
async def test_reading_leaves_none(world: World, operation: Operation) -> None:
    me = world.home[operation.caller]
    call = await operation.arrange(me)

    response = await me.send(call)

    assert response.status_code == operation.success
    assert await world.audit_entries() == []

"""A change, its audit entry and its events share one fate."""

from collections.abc import Mapping

import pytest

from app.core.ids import TenantId
from app.models.audit_entry import AuditEntry
from app.repositories.audit_entries import AuditEntryRepository
from tests.calls import SERVED
from tests.cases import Operation, each
from tests.requirements import AUDIT
from tests.world import World, refused

pytestmark = pytest.mark.requirement(*AUDIT)

AUDITED = [each for each in SERVED if each.audit is not None]


@each(AUDITED)
async def test_a_change_that_fails_at_its_end_leaves_nothing(
    world: World, operation: Operation, monkeypatch: pytest.MonkeyPatch
) -> None:
    me = world.home[operation.caller]
    call = await operation.arrange(me)
    insert = AuditEntryRepository.insert

    async def insert_and_fail(
        self: AuditEntryRepository, values: Mapping[str, object], *, tenant_id: TenantId
    ) -> AuditEntry:
        await insert(self, values, tenant_id=tenant_id)
        msg = "the disk is gone"
        raise RuntimeError(msg)

    with monkeypatch.context() as broken:
        broken.setattr(AuditEntryRepository, "insert", insert_and_fail)
        response = await me.send(call)

    assert refused(response) == (500, "internal-error")
    assert await world.audit_entries() == []
    assert await world.events() == []
    # The object is as it was: the same call, under the same condition, succeeds.
    assert (await me.send(call)).status_code == operation.success
    assert len(await world.audit_entries()) == 1

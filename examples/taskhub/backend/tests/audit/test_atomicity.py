"""A change, its audit entry and its events share one fate."""

import pytest

from app.db.transactions import Transaction
from app.models.audit_entry import audit_entries
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
    settle, commit = Transaction.settle, Transaction.commit

    async def settle_and_fail(self: Transaction, *, keep: int = 0) -> None:
        entries = [each for each, _ in self._waiting if audit_entries in each.touch.tables]
        await settle(self, keep=keep)
        if entries:
            msg = "the disk is gone"
            raise RuntimeError(msg)

    async def settle_and_commit(self: Transaction) -> None:
        await self.settle()
        await commit(self)

    with monkeypatch.context() as broken:
        broken.setattr(Transaction, "settle", settle_and_fail)
        broken.setattr(Transaction, "commit", settle_and_commit)
        response = await me.send(call)

    assert refused(response) == (500, "internal-error")
    assert await world.audit_entries() == []
    assert await world.events() == []
    # The object is as it was: the same call, under the same condition, succeeds.
    assert (await me.send(call)).status_code == operation.success
    assert len(await world.audit_entries()) == 1

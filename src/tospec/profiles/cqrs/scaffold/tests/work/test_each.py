"""What jobs ask about each of many rows can be worked out for any of them."""

import pytest

from app.core.settings import Settings
from app.jobs import JOBS as WORKS
from app.worker.asking_each import AskEach
from tests.requirements import JOBS
from tests.world import World

pytestmark = pytest.mark.requirement(*JOBS)

ASKING = [work for work in WORKS if issubclass(work, AskEach)]


@pytest.mark.parametrize("work", ASKING, ids=lambda work: work.name)
async def test_its_statements_are_such_that_the_database_knows(
    world: World, settings: Settings, work: type[AskEach]
) -> None:
    me = next(iter(world.home))
    async with me.database.begin(me.tenant_id) as transaction:
        asked = work(transaction, me.tenant_id, settings).questions()
        ids = await asked.rows(None, tenant_id=me.tenant_id)
        told = [await asked.about(each, tenant_id=me.tenant_id) for each in [*ids, me.id]]

    assert all(each is not None for each in told[:-1])
    assert all(
        isinstance(value, str | int | None) for each in told if each for value in each.values()
    )

"""Jobs that run to their end, in the tenant of somebody."""

from app.core.settings import Settings
from app.worker.work import Progress, Work
from tests.world import Person


async def worked(by: Person, job: type[Work], settings: Settings) -> Progress:
    """Run `job` in the tenant of `by`, a transaction a step, and return how far it came."""
    progress = Progress()
    while not progress.finished:
        async with by.database.begin(by.tenant_id) as transaction:
            progress = await job(transaction, by.tenant_id, settings).step(progress)
    return progress

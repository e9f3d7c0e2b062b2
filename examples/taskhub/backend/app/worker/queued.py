"""Jobs that nobody has begun yet."""

from typing import Any

from app.core.ids import TenantId, new_id
from app.db.clock import database_now
from app.models.job import JobState
from app.worker.work import Progress, Work


def queued_row(work: type[Work], tenant_id: TenantId) -> dict[str, Any]:
    """Return the row of a new job, without what tells where it comes from."""
    return {
        "id": new_id(),
        "tenant_id": tenant_id,
        "name": work.name,
        "state": JobState.QUEUED,
        "priority": work.priority,
        "run_at": database_now(),
        "attempt": 0,
        "max_attempts": work.retry.attempts,
        "progress": Progress().document(),
        "history": [],
        "created_at": database_now(),
    }

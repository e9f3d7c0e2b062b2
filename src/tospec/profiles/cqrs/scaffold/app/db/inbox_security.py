"""Who may touch the ids of messages that other services have sent."""

from app.db.jobs_security import WORKER_ROLE
from app.db.security import APP_ROLE


def inbox_security() -> list[str]:
    """Return the statements that open the table, once it and the role of workers are made."""
    return [
        f"GRANT SELECT, INSERT ON received_messages TO {APP_ROLE}",
        f"GRANT SELECT (id, expires_at), DELETE ON received_messages TO {WORKER_ROLE}",
    ]

"""Who may touch the tables of webhooks, and how far a worker sees.

A worker finds deliveries that are due for all tenants, and which webhooks hear of an event. Where
they are, and with what is signed, it reads in a transaction of the tenant.
"""

from typing import Final

from app.db.connections import Scope
from app.db.jobs_security import WORKER_ROLE
from app.db.security import tenant_table_policies

COURIER_SCOPE: Final = Scope(role=WORKER_ROLE, tables=frozenset({"webhook_deliveries"}))
"""What a worker may touch to find deliveries."""
_HEARD: Final = "id, tenant_id, events, active"


def webhooks_security() -> list[str]:
    """Return the statements that lock the tables, once they and the role of workers are made."""
    return [
        *tenant_table_policies("webhooks"),
        *tenant_table_policies("webhook_deliveries"),
        f"CREATE POLICY worker ON webhooks FOR SELECT TO {WORKER_ROLE} USING (true)",
        f"GRANT SELECT ({_HEARD}) ON webhooks TO {WORKER_ROLE}",
        (
            f"CREATE POLICY worker ON webhook_deliveries TO {WORKER_ROLE} "
            "USING (true) WITH CHECK (true)"
        ),
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON webhook_deliveries TO {WORKER_ROLE}",
    ]

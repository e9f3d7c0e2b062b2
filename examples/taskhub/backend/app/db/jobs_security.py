"""Who may touch the tables of background work, and how far a worker sees.

A worker finds what there is to do for all tenants as a role of its own, which it takes on for
one transaction. It sees jobs, events and which tenants there are, and no row of anything else. What
a job does happens in transactions of its tenant.
"""

from typing import Final

from app.about import SERVICE
from app.db.connections import Scope
from app.db.security import create_roles, tenant_table_policies

WORKER_ROLE: Final = f"{SERVICE}_worker"
WORKER_SCOPE: Final = Scope(
    role=WORKER_ROLE, tables=frozenset({"jobs", "tenants", "local_firings"})
)
"""What a worker may touch to find work."""
RELAY_SCOPE: Final = Scope(role=WORKER_ROLE, tables=frozenset({"jobs", "outbox_messages"}))
"""What a worker may touch to relay events."""
_OWN_TABLES: Final = ("schedule_firings", "paused_jobs", "workers")


def jobs_security(*logins: str) -> list[str]:
    """Return the statements that make the role and lock the tables, once they are made.

    Args:
        logins: Further roles that connect; the one that migrates is always granted.
    """
    return [
        *create_roles(*logins, roles=(WORKER_ROLE,)),
        *tenant_table_policies("jobs"),
        f"CREATE POLICY worker ON jobs TO {WORKER_ROLE} USING (true) WITH CHECK (true)",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON jobs TO {WORKER_ROLE}",
        *tenant_table_policies("local_firings"),
        f"CREATE POLICY worker ON local_firings TO {WORKER_ROLE} USING (true) WITH CHECK (true)",
        f"GRANT SELECT, INSERT, UPDATE ON local_firings TO {WORKER_ROLE}",
        (
            f"CREATE POLICY worker ON outbox_messages TO {WORKER_ROLE} "
            "USING (true) WITH CHECK (true)"
        ),
        (
            "GRANT SELECT, DELETE, UPDATE (published_at, parked_at, parked_because) "
            f"ON outbox_messages TO {WORKER_ROLE}"
        ),
        f"CREATE POLICY worker ON tenants FOR SELECT TO {WORKER_ROLE} USING (true)",
        f"GRANT SELECT (id, time_zone, suspended_at, created_at) ON tenants TO {WORKER_ROLE}",
        *(
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {WORKER_ROLE}"
            for table in _OWN_TABLES
        ),
        # Attempts to sign in belong to no tenant; a worker removes those that have expired.
        f"GRANT SELECT (id, attempted_at), DELETE ON sign_in_attempts TO {WORKER_ROLE}",
    ]

"""Row-level security on PostgreSQL: roles, policies, and who may use them.

The application's role owns nothing and is held by forced policies, whoever the
login is. Roles belong to the whole server, so making one twice is no error.
"""

from collections.abc import Collection
from typing import Final

from sqlalchemy import Table

from app.about import SERVICE

APP_ROLE: Final = f"{SERVICE}_app"
PROBE_ROLE: Final = f"{SERVICE}_probe"
ACCOUNTS_ROLE: Final = f"{SERVICE}_accounts"
TENANT_SETTING: Final = "app.tenant_id"

ROLES: Final = (APP_ROLE, PROBE_ROLE, ACCOUNTS_ROLE)
_LOCK: Final = 7_203_114_905
# The setting is '' rather than NULL once a transaction that set it has ended.
_OPEN_REVISION: Final = (
    "DO $$ BEGIN IF to_regclass('alembic_version') IS NOT NULL THEN "
    f"GRANT SELECT ON alembic_version TO {APP_ROLE}; END IF; END $$"
)
_TENANT: Final = f"NULLIF(current_setting('{TENANT_SETTING}', true), '')::uuid"


def create_roles(*logins: str, roles: Collection[str] = ROLES) -> list[str]:
    """Return the statements that make the roles and let `logins` act as them.

    Args:
        logins: Further roles that connect; the one that migrates is always granted.
        roles: Which ones.
    """
    members = ["CURRENT_USER", *(quote_identifier(login) for login in logins)]
    return [
        # Two migrations at once, of two databases, would collide on the server's catalog.
        f"SELECT pg_advisory_xact_lock({_LOCK})",
        *(_create_role(role) for role in roles),
        *(f"GRANT {role} TO {member}" for role in roles for member in members),
        *(f"GRANT USAGE ON SCHEMA public TO {role}" for role in roles),
        # Readiness compares the revision with the one the code expects.
        _OPEN_REVISION,
    ]


def tenant_table_policies(
    table: str | Table, *, append_only: bool = False, identified: bool = True
) -> list[str]:
    """Return the statements that lock `table` to the tenant of the transaction.

    Args:
        table: A table with `tenant_id`.
        append_only: Whether rows may only be added and read.
        identified: Whether it has an `id` that somebody could guess at.
    """
    name = quote_identifier(table if isinstance(table, str) else table.name)
    actions = "SELECT, INSERT" if append_only else "SELECT, INSERT, UPDATE, DELETE"
    rule = f"tenant_id = {_TENANT}"
    return [
        f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY",
        (
            f"CREATE POLICY tenant_isolation ON {name} TO {APP_ROLE} "
            f"USING ({rule}) WITH CHECK ({rule})"
        ),
        f"GRANT {actions} ON {name} TO {APP_ROLE}",
        *(_probe(name) if identified else ()),
    ]


def global_table_grants(table: str | Table, *, append_only: bool = False) -> list[str]:
    """Return the statements that open a table no tenant owns to the application."""
    name = quote_identifier(table if isinstance(table, str) else table.name)
    actions = "SELECT, INSERT" if append_only else "SELECT, INSERT, UPDATE, DELETE"
    return [f"GRANT {actions} ON {name} TO {role}" for role in (APP_ROLE, ACCOUNTS_ROLE)]


def accounts_policies(table: str | Table, *actions: str) -> list[str]:
    """Return the statements that let the accounts role do `actions` on every tenant's rows.

    Args:
        table: A table through which a person is recognised before a tenant is known.
        actions: Of `SELECT`, `INSERT`, `UPDATE`, `DELETE`.
    """
    name = quote_identifier(table if isinstance(table, str) else table.name)
    return [
        f"CREATE POLICY accounts ON {name} TO {ACCOUNTS_ROLE} USING (true) WITH CHECK (true)",
        f"GRANT {', '.join(actions)} ON {name} TO {ACCOUNTS_ROLE}",
    ]


def quote_identifier(name: str) -> str:
    """Return `name` as an SQL identifier."""
    escaped = name.replace('"', '""')
    return f'"{escaped}"'


def _probe(name: str) -> list[str]:
    return [
        f"CREATE POLICY probe ON {name} FOR SELECT TO {PROBE_ROLE} USING (true)",
        f"GRANT SELECT (id, tenant_id) ON {name} TO {PROBE_ROLE}",
    ]


def _create_role(role: str) -> str:
    return (
        f"DO $$ BEGIN CREATE ROLE {role} NOLOGIN NOSUPERUSER NOBYPASSRLS; "
        "EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
    )

"""Who may touch the tables of accounts, and how far a sign-in sees.

Three things must be found before a tenant is known: the account behind an e-mail
address, the refresh token and the invitation behind a digest. They are looked up by a
role of its own, which `Database.begin_accounts` takes on for one transaction. It reads,
over all tenants, only the columns that such a lookup needs, writes nothing but attempts
to sign in, and every further step happens in a transaction of the tenant that was found.
"""

from typing import Final

from app.db.security import (
    ACCOUNTS_ROLE,
    APP_ROLE,
    TENANT_SETTING,
    quote_identifier,
    tenant_table_policies,
)

LOOKUP_COLUMNS: Final = {
    "users": ("id", "tenant_id", "email_key", "password_hash", "disabled_at"),
    "refresh_tokens": ("tenant_id", "token_hash", "used_at"),
    "invitations": ("tenant_id", "token_hash"),
}
APPEND_ONLY: Final = "audit_entries"


def accounts_security(dialect: str) -> list[str]:
    """Return the statements that lock the tables of accounts, once they are made.

    Args:
        dialect: `postgresql` or `sqlite`.
    """
    if dialect == "sqlite":
        return append_only_triggers(APPEND_ONLY)
    return [
        *_own_tenant_only(),
        *tenant_table_policies(APPEND_ONLY, append_only=True),
        *(each for table in LOOKUP_COLUMNS for each in tenant_table_policies(table)),
        *(each for table in LOOKUP_COLUMNS for each in _lookup(table)),
        f"GRANT SELECT, INSERT, UPDATE ON sign_in_attempts TO {ACCOUNTS_ROLE}",
    ]


def append_only_triggers(table: str) -> list[str]:
    """Return the SQLite statements that keep rows of `table` from changing or going."""
    return [
        f"CREATE TRIGGER {quote_identifier(f'{table}_no_{action.lower()}')} "
        f"BEFORE {action} ON {quote_identifier(table)} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        for action in ("UPDATE", "DELETE")
    ]


def _own_tenant_only() -> list[str]:
    rule = f"id = NULLIF(current_setting('{TENANT_SETTING}', true), '')::uuid"
    return [
        "ALTER TABLE tenants ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE tenants FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY own_tenant ON tenants TO {APP_ROLE} USING ({rule}) WITH CHECK ({rule})",
        f"GRANT SELECT, INSERT, UPDATE ON tenants TO {APP_ROLE}",
    ]


def _lookup(table: str) -> list[str]:
    columns = ", ".join(LOOKUP_COLUMNS[table])
    return [
        f"CREATE POLICY accounts ON {table} FOR SELECT TO {ACCOUNTS_ROLE} USING (true)",
        f"GRANT SELECT ({columns}) ON {table} TO {ACCOUNTS_ROLE}",
    ]

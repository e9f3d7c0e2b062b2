"""Which items of a spec the files serve that every backend has."""

from fnmatch import fnmatchcase
from typing import Final

PATTERNS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    (
        "tenancy",
        (
            "app/authorization/cross_tenant.py",
            "app/authorization/principal.py",
            "app/db/security.py",
            "app/repositories/base.py",
            "app/repositories/entities.py",
            "migrations/env.py",
            "tests/architecture/test_tenant_scope.py",
            "tests/db/test_row_security.py",
            "tests/isolation/*",
        ),
    ),
    (
        "auth",
        (
            "app/accounts.py",
            "app/api/routes/auth.py",
            "app/api/routes/invitations.py",
            "app/api/routes/tenants.py",
            "app/api/routes/users.py",
            "app/commands/accounts/*",
            "app/core/account_errors.py",
            "app/core/zones.py",
            "app/db/accounts_security.py",
            "app/models/email.py",
            "app/models/invitation.py",
            "app/models/refresh_token.py",
            "app/models/sign_in_attempt.py",
            "app/models/tenant.py",
            "app/models/user.py",
            "app/queries/accounts/get_*",
            "app/queries/accounts/list_invitations.py",
            "app/queries/accounts/list_users.py",
            "app/repositories/account_lookup.py",
            "app/repositories/invitations.py",
            "app/repositories/refresh_tokens.py",
            "app/repositories/sign_in_attempts.py",
            "app/repositories/tenants.py",
            "app/repositories/users.py",
            "app/schemas/auth.py",
            "app/schemas/invitations.py",
            "app/schemas/tenants.py",
            "app/schemas/users.py",
            "app/security/*",
            "app/services/accounts.py",
            "app/services/authentication.py",
            "app/services/invitations.py",
            "app/services/sessions.py",
            "app/services/sign_in_guard.py",
            "app/services/tenants.py",
            "app/services/users.py",
            "tests/accounts/*",
            "tests/security/*",
        ),
    ),
    (
        "roles",
        (
            "app/authorization/*",
            "tests/authorization/*",
        ),
    ),
    (
        "audit",
        (
            "app/api/routes/audit_entries.py",
            "app/models/audit_entry.py",
            "app/queries/accounts/list_audit_entries.py",
            "app/repositories/audit_entries.py",
            "app/schemas/audit.py",
            "app/services/audit.py",
            "tests/accounts/test_audit_entries.py",
            "tests/audit/*",
        ),
    ),
    (
        "idempotency",
        (
            "app/api/idempotency.py",
            "app/core/keyed_requests.py",
            "app/models/idempotency_record.py",
            "app/repositories/idempotency_records.py",
            "app/services/idempotency.py",
            "tests/idempotency/*",
        ),
    ),
    (
        "rate_limits",
        (
            "app/api/rate_limits.py",
            "app/api/shared_windows.py",
            "app/core/quotas.py",
            "tests/rate_limits/*",
        ),
    ),
    (
        "measures",
        (
            "app/core/cache.py",
            "app/core/redis_store.py",
            "app/db/changes.py",
            "app/db/measures.py",
            "app/repositories/watched.py",
            "tests/kept/*",
        ),
    ),
    (
        "events",
        (
            "app/events/*",
            "app/models/outbox_message.py",
            "tests/events/*",
        ),
    ),
    (
        "jobs",
        (
            "app/api/routes/jobs.py",
            "app/api/routes/runs.py",
            "app/api/workers.py",
            "app/background.py",
            "app/commands/jobs/*",
            "app/core/job_settings.py",
            "app/core/moved_clock.py",
            "app/core/outside.py",
            "app/db/clock.py",
            "app/db/jobs_security.py",
            "app/events/reading.py",
            "app/models/background.py",
            "app/models/job.py",
            "app/models/run.py",
            "app/queries/jobs/*",
            "app/repositories/batches.py",
            "app/repositories/jobs.py",
            "app/repositories/questions.py",
            "app/repositories/runs.py",
            "app/schemas/jobs.py",
            "app/schemas/runs.py",
            "app/services/jobs.py",
            "app/services/runs.py",
            "app/worker/*",
            "tests/jobs/*",
            "tests/work/*",
        ),
    ),
    (
        "webhooks",
        (
            "app/api/routes/webhooks.py",
            "app/commands/webhooks/*",
            "app/core/endpoints.py",
            "app/core/webhook_*",
            "app/db/webhooks_security.py",
            "app/models/webhook*",
            "app/queries/webhooks/*",
            "app/repositories/webhook*",
            "app/schemas/webhooks.py",
            "app/security/webhook_secrets.py",
            "app/services/webhooks.py",
            "app/webhooks/*",
            "tests/webhooks/*",
        ),
    ),
    (
        "integrations",
        (
            "app/api/integrations.py",
            "app/integrations/*",
            "app/worker/asking*.py",
            "tests/integrations/*",
            "tests/stubs/*",
        ),
    ),
    (
        "messages",
        (
            "app/api/inbox.py",
            "app/commands/inbox/*",
            "app/core/message_errors.py",
            "app/db/inbox_security.py",
            "app/inbox/*",
            "app/models/received_message.py",
            "app/schemas/told.py",
            "app/security/message_signatures.py",
            "tests/inbox/*",
        ),
    ),
    (
        "storage",
        (
            "app/api/files.py",
            "app/core/file_settings.py",
            "app/core/uploads.py",
            "app/db/file*.py",
            "tests/file*",
        ),
    ),
    ("admin", ("app/admin/*", "app/api/admin.py", "tests/admin/*")),
    (
        "operations",
        (
            "app/api/operations.py",
            "app/core/metrics.py",
            "app/core/logging.py",
            "app/core/telemetry.py",
            "app/db/tracing.py",
            "app/middleware/*",
            "tests/core/test_logging.py",
            "tests/middleware/*",
            "tests/test_overload.py",
            "tests/test_server.py",
            "tests/test_stopping.py",
            "tests/tracing/*",
        ),
    ),
)

OF_AUDIT_READERS: Final = (
    "app/api/routes/audit_entries.py",
    "app/queries/accounts/list_audit_entries.py",
    "app/schemas/audit.py",
    "tests/accounts/test_audit_entries.py",
)
"""Files that a backend has only if its spec says who reads the audit trail."""

OF_TENANTS: Final = (
    "app/api/routes/tenants.py",
    "app/commands/accounts/update_tenant.py",
    "app/queries/accounts/get_tenant.py",
    "app/schemas/tenants.py",
    "app/services/tenants.py",
    "tests/accounts/test_tenant.py",
)
"""Files that a backend has only if somebody may change their tenant."""

OF_IDEMPOTENCY: Final = dict(PATTERNS)["idempotency"]
"""Files that a backend has only if operations take an `Idempotency-Key`."""

OF_RATE_LIMITS: Final = dict(PATTERNS)["rate_limits"]
"""Files that a backend has only if it limits how often it is asked."""

OF_ADMIN: Final = dict(PATTERNS)["admin"]
"""Files that a backend has only if it has a page for people."""

OF_MEASURES: Final = ("app/db/measures.py", "tests/db/test_measures.py")
"""Files that a backend has only if it measures values of related rows."""

OF_KEPT_ANSWERS: Final = (
    "app/core/cache.py",
    "app/core/redis_store.py",
    "app/db/changes.py",
    "app/repositories/watched.py",
    "tests/kept/*",
)
"""Files that a backend has only if it keeps answers that changes of rows end."""

OF_FILES: Final = dict(PATTERNS)["storage"]
"""Files that a backend has only if rows of some entity are files."""

OF_TRACES: Final = (
    "app/core/telemetry.py",
    "app/db/tracing.py",
    "app/middleware/tracing.py",
    "tests/tracing/*",
)
"""Files that a backend has only if it may send traces."""

OF_BULKS: Final = (
    "app/api/bulk.py",
    "app/commands/bulk.py",
    "app/core/bulk.py",
    "app/repositories/holding.py",
    "app/schemas/bulk.py",
    "tests/bulk/__init__.py",
    "tests/bulk/kinds.py",
    "tests/bulk/test_items.py",
    "tests/bulk/test_together.py",
)
"""Files that a backend has only if its spec has several changes in one request."""

OF_SAVEPOINTS: Final = ("app/db/savepoints.py", "tests/db/test_savepoints.py")
"""Files that a backend has only if a part of a transaction may be undone."""

OF_JOBS: Final = dict(PATTERNS)["jobs"]
"""Files that a backend has only if it works in the background."""

OF_INTEGRATIONS: Final = dict(PATTERNS)["integrations"]
"""Files that a backend has only if it asks other services."""

OF_WEBHOOKS: Final = dict(PATTERNS)["webhooks"]
"""Files that a backend has only if it delivers events to webhooks."""

OF_CONNECTIONS: Final = ("app/core/tls.py",)
"""Files that a backend has only if it asks other services or delivers to webhooks."""

OF_MESSAGES: Final = dict(PATTERNS)["messages"]
"""Files that a backend has only if other services tell it something."""

OF_MESSAGE_LIMITS: Final = ("tests/inbox/test_limits.py",)
"""Files that a backend has only if it limits how often other services tell it something."""

OF_ROW_JOBS: Final = (
    "app/repositories/batches.py",
    "app/worker/rows.py",
    "tests/jobs/test_rows.py",
    "tests/work/running.py",
)
"""Files that a backend has only if a job goes through rows."""

OF_ASKING: Final = ("tests/work/asking.py",)
"""Files that a backend has only if it is known after which events it asks other services."""

OF_ASKING_EACH: Final = (
    "app/repositories/questions.py",
    "app/worker/asking_each.py",
    "tests/jobs/test_asking_each.py",
    "tests/work/test_each.py",
)
"""Files that a backend has only if it asks other services about each of many rows."""

OF_RUNS: Final = (
    "app/api/routes/runs.py",
    "app/commands/jobs/cancel_run.py",
    "app/models/run.py",
    "app/queries/jobs/get_run.py",
    "app/queries/jobs/list_runs.py",
    "app/repositories/runs.py",
    "app/schemas/runs.py",
    "app/services/runs.py",
    "tests/jobs/test_runs.py",
)
"""Files that a backend has only if jobs follow one another, or are done for each of many rows."""

OF_WORK: Final = ("tests/work/__init__.py",)
"""Files that a backend has only if it has jobs that do more than to purge."""

OF_PURGES: Final = ("tests/jobs/test_purge.py",)
"""Files that a backend has only if a job removes what has expired."""

OF_RESTORES: Final = (
    "app/core/restoring.py",
    "app/repositories/restoring.py",
    "tests/repositories/test_restoring.py",
)
"""Files that a backend has only if deleted rows of some entity may be restored."""

OF_BUDGETS: Final = ("tests/load/*",)
"""Files that a backend has only if its spec says how fast it answers."""

OF_SEARCHES: Final = (
    "app/core/words.py",
    "app/db/words.py",
    "app/repositories/searching.py",
    "tests/core/test_words.py",
    "tests/repositories/test_words.py",
)
"""Files that a backend has only if some list can be searched."""


def served_by(path: str) -> tuple[str, ...]:
    """Return the items that a file of the scaffold serves, by its path; none for the rest."""
    return tuple(
        item for item, paths in PATTERNS if any(fnmatchcase(path, pattern) for pattern in paths)
    )

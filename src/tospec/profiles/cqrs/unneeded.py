"""Which files of the scaffold a backend does without."""

from tospec.ir.backend import Backend
from tospec.profiles.cqrs.served import (
    OF_ADMIN,
    OF_ASKING,
    OF_ASKING_EACH,
    OF_AUDIT_READERS,
    OF_BUDGETS,
    OF_BULKS,
    OF_CONNECTIONS,
    OF_FILES,
    OF_IDEMPOTENCY,
    OF_INTEGRATIONS,
    OF_JOBS,
    OF_KEPT_ANSWERS,
    OF_MEASURES,
    OF_MESSAGE_LIMITS,
    OF_MESSAGES,
    OF_PURGES,
    OF_RATE_LIMITS,
    OF_RESTORES,
    OF_ROW_JOBS,
    OF_RUNS,
    OF_SAVEPOINTS,
    OF_SEARCHES,
    OF_TENANTS,
    OF_TRACES,
    OF_WEBHOOKS,
    OF_WORK,
)


def unneeded(backend: Backend) -> tuple[str, ...]:
    """Return patterns of the paths of those files."""
    logic = backend.logic
    has_bulks = any(each.bulks for each in logic.resources)
    has_row_jobs = any(each.jobs for each in logic.resources)
    return (
        *(() if logic.admin is not None else OF_ADMIN),
        *(() if logic.audit_permission else OF_AUDIT_READERS),
        *(() if logic.budgets else OF_BUDGETS),
        *(() if has_bulks else OF_BULKS),
        *(() if logic.manages_tenants else OF_TENANTS),
        *(() if logic.jobs else OF_JOBS),
        *(() if logic.integrations else OF_INTEGRATIONS),
        *(() if logic.webhooks else OF_WEBHOOKS),
        *(() if logic.integrations or logic.webhooks else OF_CONNECTIONS),
        *(() if logic.senders else OF_MESSAGES),
        *(() if logic.senders and logic.limited_per else OF_MESSAGE_LIMITS),
        *(() if has_row_jobs else OF_ROW_JOBS),
        *(() if backend.tests.asking else OF_ASKING),
        *(() if has_row_jobs or backend.tests.asking or logic.asks_about_rows else OF_WORK),
        *(() if logic.asks_about_rows else OF_ASKING_EACH),
        *(() if logic.has_runs else OF_RUNS),
        *(() if logic.purges else OF_PURGES),
        *(() if has_bulks or has_row_jobs else OF_SAVEPOINTS),
        *(() if logic.keeps_files else OF_FILES),
        *(() if backend.data.keeps_answers else OF_IDEMPOTENCY),
        *(() if logic.limited_per else OF_RATE_LIMITS),
        *(() if logic.is_traced else OF_TRACES),
        *(() if any(each.restores for each in backend.data.entities) else OF_RESTORES),
        *(() if any(each.words for each in backend.data.entities) else OF_SEARCHES),
        *(() if logic.reckons else OF_MEASURES),
        *(() if logic.keeps_measures else OF_KEPT_ANSWERS),
    )

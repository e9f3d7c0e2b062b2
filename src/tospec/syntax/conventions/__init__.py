"""Conventions: named, versioned defaults, one module each."""

from typing import Final

NAMES: Final = {
    "rest-1": "Paths, views, lists and errors of the HTTP interface.",
    "data-1": "Fields that every entity has, sizes of texts, keys, times and indexes.",
    "accounts-1": "Tenants, people, invitations, sign-in and the operations on them.",
    "lifecycle-1": "Answers to moves that a lifecycle does not have, and to races.",
    "audit-1": "Entries of the audit trail and how they are read.",
    "events-1": "Delivery of events through an outbox, at least once.",
    "operations-1": (
        "Health, readiness and metrics; no traces; whether the admin page is served; how often the "
        "users of a budget ask."
    ),
    "jobs-1": (
        "Time limits, retries and priority of jobs, how long their rows are kept, and what "
        "schedules do that say neither zone nor catch_up nor overlap."
    ),
    "integrations-1": (
        "Time limit, retries, breaker and degraded mode of other services, and how many calls are "
        "made at once."
    ),
    "webhooks-1": (
        "How many webhooks a tenant has, how events are delivered to them, when one is switched "
        "off, how long deliveries are kept, and the operations on both."
    ),
}
"""The conventions that this version of tospec knows, with what each decides."""

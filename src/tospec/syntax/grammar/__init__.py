"""The language as a table: its kinds of block, their keys and what stands under them.

Checking of structure, the JSON Schema and the reference page all follow from this table.
"""

from typing import Final

from tospec.syntax.grammar.behaviour import BULK, COMMAND, ERRORS, EVENTS, QUERY, SCENARIO
from tospec.syntax.grammar.budgets import BUDGET
from tospec.syntax.grammar.entity import ENTITY_KIND, VIEW_KIND
from tospec.syntax.grammar.integrations import INTEGRATION
from tospec.syntax.grammar.jobs import JOB, JOBS, SCHEDULE
from tospec.syntax.grammar.measures import MEASURES
from tospec.syntax.grammar.requests import IDEMPOTENCY, RATE_LIMITS
from tospec.syntax.grammar.system import (
    ADMIN,
    AUDIT,
    AUTH,
    DECISION,
    OPERATIONS,
    ROLES,
    SETTINGS_KIND,
    STORAGE,
    SYSTEM,
    TENANCY,
)
from tospec.syntax.grammar.webhooks import WEBHOOKS

KINDS: Final = {
    kind.word: kind
    for kind in (
        SYSTEM,
        TENANCY,
        AUTH,
        ROLES,
        SETTINGS_KIND,
        ENTITY_KIND,
        VIEW_KIND,
        COMMAND,
        QUERY,
        MEASURES,
        BULK,
        ERRORS,
        EVENTS,
        JOB,
        SCHEDULE,
        JOBS,
        INTEGRATION,
        WEBHOOKS,
        SCENARIO,
        AUDIT,
        IDEMPOTENCY,
        RATE_LIMITS,
        OPERATIONS,
        ADMIN,
        STORAGE,
        BUDGET,
        DECISION,
    )
}
"""Kinds of block by the word that begins them."""

__all__ = ["KINDS"]

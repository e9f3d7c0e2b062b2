"""integrations-1: how other services are asked where the spec does not say."""

from typing import Final

from tospec.model import (
    Breaker,
    CallRetry,
    Integration,
    Kind,
    Operation,
    RateLimit,
    Sending,
)
from tospec.python import pascal

NAME: Final = "integrations-1"
TIMEOUT: Final = 10_000
"""Milliseconds that an attempt may take."""
RETRY: Final = CallRetry(attempts=3, base=200, cap=2_000, budget=20)
BREAKER: Final = Breaker(failures=5, within=30_000, open=60_000)
DEGRADED: Final = "wait"
CONCURRENCY: Final = 10
TOLERANCE: Final = 300
"""Seconds that a message may be old, or ahead of its time."""
UNKNOWN: Final = "acknowledge"
KEEP: Final = 30 * 86_400
"""Seconds for which ids of messages are remembered."""
MESSAGES: Final = RateLimit(requests=600, within=60, per="address")


def path_of(integration: str) -> str:
    """Return where an integration sends its messages to."""
    return f"/v1/integrations/{integration}/messages"


def operation(integration: Integration, sends: Sending) -> Operation:
    """Return the operation that takes in what an integration sends."""
    return Operation(
        name=f"Receive{pascal(integration.name)}",
        kind=Kind.ACCOUNT,
        entity="Tenant",
        method="POST",
        path=sends.path,
        permission=None,
        public=True,
        view=None,
        requirements=integration.requirements,
        span=sends.span,
        origin=NAME,
    )

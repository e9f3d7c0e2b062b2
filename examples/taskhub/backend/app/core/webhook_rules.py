"""How events are delivered to webhooks (REQ-022)."""

from datetime import timedelta
from typing import Final

LIMIT: Final = 20
"""How many webhooks a tenant may have."""

TIMEOUT: Final = timedelta(seconds=10)
"""How long one attempt may take as a whole."""

WAITS: Final = (
    timedelta(seconds=30),
    timedelta(seconds=107),
    timedelta(seconds=382),
    timedelta(seconds=1366),
    timedelta(seconds=4878),
    timedelta(seconds=17421),
    timedelta(seconds=62213),
)
"""The longest wait after each attempt but the last."""

ATTEMPTS: Final = len(WAITS) + 1
"""How often a delivery is attempted."""

DISABLE_AFTER: Final = 20
"""How many failed deliveries in a row switch a webhook off."""

OVERLAP: Final = timedelta(hours=24)
"""How long the secret before signs beside a new one."""

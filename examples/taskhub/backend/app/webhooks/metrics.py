"""What is counted of deliveries to webhooks."""

from typing import Final

from prometheus_client import Counter, Gauge, Histogram

ATTEMPTS: Final = Counter("webhook_attempts", "Attempts at deliveries that ended.", ("outcome",))
ATTEMPT_SECONDS: Final = Histogram(
    "webhook_attempt_duration_seconds",
    "How long attempts at deliveries took.",
    buckets=(0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0),
)
DISABLED: Final = Counter("webhooks_disabled", "Webhooks that were switched off.", ("because",))
WAITING: Final = Gauge("webhook_deliveries_waiting", "Deliveries of all tenants that are due.")
WAITING_SECONDS: Final = Gauge(
    "webhook_deliveries_waiting_seconds", "How long the delivery has been due that waits longest."
)

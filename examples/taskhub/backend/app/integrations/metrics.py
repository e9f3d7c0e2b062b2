"""What is counted of calls to other services."""

from typing import Final

from prometheus_client import Counter, Gauge, Histogram

CALLS: Final = Counter(
    "integration_calls", "Attempts at calls that ended.", ("integration", "call", "outcome")
)
CALL_SECONDS: Final = Histogram(
    "integration_call_duration_seconds",
    "Time from the begin of an attempt at a call to its end.",
    ("integration", "call"),
    buckets=(0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0),
)
RETRIES: Final = Counter(
    "integration_retries", "Attempts after the first one of a call.", ("integration", "call")
)
BREAKER_STATE: Final = Gauge(
    "integration_breaker_state",
    "Whether calls pass in this process: 0 closed, 1 half open, 2 open.",
    ("integration",),
)

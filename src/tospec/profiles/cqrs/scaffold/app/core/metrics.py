"""What is counted, in one place so that no two names collide."""

from typing import Final

from prometheus_client import Counter, Gauge, Histogram

REQUESTS: Final = Counter("http_requests", "Requests answered.", ("method", "route", "status"))
REQUEST_SECONDS: Final = Histogram(
    "http_request_duration_seconds",
    "Time from the first byte of a request to the last of its answer.",
    ("method", "route", "status_class"),
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.08, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0),
)
REQUESTS_IN_FLIGHT: Final = Gauge("http_requests_in_flight", "Requests being served.")
REQUESTS_REFUSED: Final = Counter(
    "http_requests_refused", "Requests refused since too many were being served."
)
DATABASE_CONNECTIONS: Final = Gauge(
    "database_connections", "Connections to the database.", ("state",)
)
DATABASE_WAITERS: Final = Gauge(
    "database_connection_waiters", "Transactions that wait for a connection."
)
VALIDATION_GAPS: Final = Counter(
    "validation_gap", "Values that reached the database although it refuses them."
)
DROPPED_LOG_LINES: Final = Counter(
    "log_lines_dropped", "Log lines given up because their reader was too slow."
)

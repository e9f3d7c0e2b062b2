"""What is counted, in one place so that no two names collide."""

from typing import Final

from prometheus_client import Counter, Histogram

REQUEST_SECONDS: Final = Histogram(
    "http_request_duration_seconds",
    "Time from the first byte of a request to the last of its answer.",
    ("method", "route", "status"),
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0),
)
VALIDATION_GAPS: Final = Counter(
    "validation_gap", "Values that reached the database although it refuses them."
)
DROPPED_LOG_LINES: Final = Counter(
    "log_lines_dropped", "Log lines given up because their reader was too slow."
)

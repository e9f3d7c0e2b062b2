"""What is counted of background work."""

from typing import Final

from prometheus_client import Counter, Gauge, Histogram

JOBS_RUN: Final = Counter("jobs_run", "Attempts at jobs that ended.", ("job", "outcome"))
JOB_SECONDS: Final = Histogram(
    "job_duration_seconds",
    "Time from the begin of an attempt at a job to its end.",
    ("job",),
    buckets=(0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 15.0, 60.0, 300.0, 900.0, 3600.0),
)
JOBS_DEAD: Final = Counter("jobs_dead", "Jobs that were given up.", ("job",))
JOBS_RUNNING: Final = Gauge("jobs_running", "Jobs that this process runs.")
JOBS_WAITING: Final = Gauge("jobs_waiting", "Jobs of all tenants that are due.", ("job",))
JOBS_WAITING_SECONDS: Final = Gauge(
    "jobs_waiting_seconds", "How long the job has been due that waits longest.", ("job",)
)
JOBS_DEAD_LETTERS: Final = Gauge(
    "jobs_dead_letters", "Dead jobs of all tenants that nobody has dealt with.", ("job",)
)
EVENTS_RELAYED: Final = Counter(
    "events_relayed", "Events that were relayed to the jobs that they start.", ("event",)
)
EVENTS_PARKED: Final = Counter(
    "events_parked", "Events that were laid aside, since they could not be relayed.", ("reason",)
)
OUTBOX_WAITING: Final = Gauge("outbox_waiting", "Events of all tenants that wait to be relayed.")
OUTBOX_WAITING_SECONDS: Final = Gauge(
    "outbox_waiting_seconds", "How long ago the event happened that waits longest."
)
OUTBOX_PARKED: Final = Gauge("outbox_parked", "Events of all tenants that were laid aside.")
MESSAGES_UNREADABLE: Final = Counter(
    "broker_messages_unreadable", "Messages of the broker that this service did not write."
)

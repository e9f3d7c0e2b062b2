"""The cases, by what is harmed, and what has none."""

from collections.abc import Mapping
from typing import Final

from tests.faults.case import Case
from tests.faults.cases import (
    broker,
    clocks,
    database,
    jobs,
    outbox,
    outside,
    rabbitmq,
    sqlite,
    sweeps,
)

CASES: Final[tuple[Case, ...]] = (
    *jobs.CASES,
    *broker.CASES,
    *rabbitmq.CASES,
    *outbox.CASES,
    *sweeps.CASES,
    *clocks.CASES,
    *outside.CASES,
    *database.CASES,
    *sqlite.CASES,
)
NOT_RUN: Final[Mapping[str, str]] = {
    "F-31 disk of PostgreSQL full": "no case yet; F-34 has one for SQLite",
    "F-33 older backup, Redis kept": "no case yet; F-37 shows that Redis holds nothing but hints",
    "F-34 read-only file": "root writes to files of any mode",
    "F-51 too old to run": "jobs of the language have no age after which they are not run",
    "F-52 dead letters": "tests/jobs of the backend show replaying and discarding",
    "F-57 payload that cannot be sent": "events are typed, so that there is none",
    "F-73 change of the clocks": "tests/jobs/test_schedule.py of the backend shows it",
    "F-75 clocks of machines differ": "needs libfaketime, which is no package of PyPI",
    "F-77 cron that never fires": "checks of the compiler refuse it",
    "F-59 an hour later": "needs libfaketime; the case waits for 20 s instead",
    "kill at each system call": "packets to the database are what is counted, by the proxy",
}
"""Cases of the catalogue that this suite does not run, and why. None of them counts as passed."""

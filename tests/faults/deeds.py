"""Deeds: jobs of the suite's own, as the database has them."""

import json
from typing import Any, Final

from tests.faults.cluster import Cluster
from tests.faults.judging import Job

STEPS: Final = {"slow": 3}
_FOUND: Final = """
    SELECT jobs.id::text, name, state, attempt, history,
           (SELECT count(*) FROM audit_entries
            WHERE tenant_id = jobs.tenant_id AND action = 'deed.do') AS effects
    FROM jobs WHERE schedule = 'faults'
"""


def jobs_of(cluster: Cluster) -> dict[str, Job]:
    """Return the deeds by their ids."""
    return {row["id"]: _job(row) for row in cluster.ask(_FOUND)}


def _job(row: Any) -> Job:
    return Job(
        state=row["state"],
        attempt=row["attempt"],
        effects=row["effects"],
        expected=STEPS.get(row["name"], 1),
        reasons=tuple(each["reason"] for each in json.loads(row["history"])),
    )

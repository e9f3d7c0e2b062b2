"""What the clock starts: at its times, once each, in every tenant.

The verifier tells the target the time, so that nobody waits for it.
"""

from collections.abc import Iterator
from typing import Final

from tospec.model import System
from tospec.verify.base import PlannedCase
from tospec.verify.cases.schedules.common import NAME
from tospec.verify.cases.schedules.doing import does
from tospec.verify.cases.schedules.firing import fires
from tospec.verify.oracle.planning import Planner
from tospec.verify.scene.parts import CaseKind


def _planned(system: System) -> Iterator[PlannedCase]:
    planner = Planner(system)
    for schedule in system.schedules:
        yield fires(system, schedule)
        for job in system.jobs:
            if job.name in schedule.run and job.where is not None and job.ask is None:
                yield does(planner, schedule, job)


KIND: Final = CaseKind(NAME, _planned)
"""What the cases about schedules share."""

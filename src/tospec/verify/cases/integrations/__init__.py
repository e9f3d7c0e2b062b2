"""What is asked of other services: once for each event, as the spec says, whatever fails.

The verifier itself stands in for the service, so that it sees what the target sends there.
"""

from collections.abc import Iterator
from typing import Final

from tospec.model import Job, Kind, System
from tospec.verify.base import Judgement, PlannedCase, Stage
from tospec.verify.cases.integrations.common import NAME, Asking, no_stub, topic_of
from tospec.verify.cases.integrations.delivery import (
    called,
    refused,
    repeated,
    unasked,
    unchanged,
)
from tospec.verify.cases.integrations.failing import busy, fails_first, faults, permanent
from tospec.verify.cases.integrations.given_up import given_up
from tospec.verify.cases.integrations.triggers import triggers_of
from tospec.verify.probes.judging import skipped
from tospec.verify.scene.parts import CaseKind, Planner


def _planned(system: System) -> Iterator[PlannedCase]:
    planner = Planner(system)
    first: dict[str, Asking] = {}
    for job in system.jobs:
        if job.ask is None or not job.on or job.follows:
            continue
        found = [Asking(planner, job, trigger) for trigger in triggers_of(system, job)]
        for asking in found:
            yield from _of_event(asking)
            first.setdefault(job.ask.integration, asking)
        if not found:
            yield _unreachable(system, job)
    for asking in first.values():
        yield from (fails_first(asking, *each) for each in faults(asking))
        yield permanent(asking)
        yield busy(asking)
        yield from given_up(asking)


def _of_event(asking: Asking) -> Iterator[PlannedCase]:
    operation, emission = asking.trigger.operation, asking.trigger.emission
    yield called(asking)
    yield refused(asking)
    if asking.job.when is not None:
        yield unasked(asking)
    if emission is not None and emission.changed and operation.kind is Kind.UPDATE:
        yield unchanged(asking)
    if asking.system.takes_key(operation):
        yield repeated(asking)


def _unreachable(system: System, job: Job) -> PlannedCase:
    """Return the case that cannot be put, since no request announces the event."""

    def run(stage: Stage) -> Judgement:
        ask = job.ask
        if ask is not None and stage.stub(ask.integration) is None:
            return skipped("", no_stub(system.integration(ask.integration)))
        return skipped("", f"No request announces {', '.join(job.on)}: other work does.")

    rule = f"{', '.join(job.on)} leads to one call."
    return topic_of(job).case("called", rule, run, cost=0, spoils=True)


KIND: Final = CaseKind(NAME, _planned)

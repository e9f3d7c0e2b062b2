"""What the cases about schedules share."""

from collections.abc import Callable
from typing import Final

from tospec.model import Schedule
from tospec.verify.base import Judgement, PlannedCase, Stage
from tospec.verify.moving import TargetClock
from tospec.verify.probes.judging import skipped
from tospec.verify.scene.parts import Topic, place

NAME: Final = "schedules"
ARRIVES: Final = 20.0
"""Seconds within which what a schedule starts must be done, once its time has come."""
SETTLES: Final = 2.5
"""Seconds for which something else is awaited that must not come."""
NO_CLOCK: Final = "No --clock FILE was given, which the target's CLOCK_FILE names."

type Run = Callable[[Stage, TargetClock], Judgement]


def topic_of(schedule: Schedule) -> Topic:
    """Return the topic of a schedule."""
    return Topic(
        kind=NAME,
        label=schedule.name,
        element=f"schedule {schedule.name}",
        reference=place(schedule.span),
        requirements=schedule.requirements,
    )


def case(schedule: Schedule, variant: str, rule: str, run: Run) -> PlannedCase:
    """Return a case that is skipped where nobody tells the target the time.

    It runs alone: everything else that the target does goes by the same clock.
    """

    def run_with_clock(stage: Stage) -> Judgement:
        clock = stage.clock
        return skipped("", NO_CLOCK) if clock is None else run(stage, clock)

    return topic_of(schedule).case(variant, rule, run_with_clock, cost=40, spoils=True)

"""What has become of the work of a run, told from its history alone."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final

ENDED: Final = frozenset({"done", "dead", "cancelled"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A job as the database has it at the end of a run.

    Attributes:
        effects: How many entries its steps have left.
        expected: How many they leave if all are done once.
        reasons: Why attempts failed, in their order.
    """

    state: str
    attempt: int
    effects: int
    expected: int
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What of the work was lost or done twice; nothing of either is how it should be.

    Attributes:
        lost: Jobs that were queued, and neither ended nor wait (I7), or were done without effect.
        doubled: Jobs with more effects than one of each step (I3).
        waiting: Jobs that have not ended.
    """

    lost: frozenset[str] = field(default_factory=frozenset)
    doubled: frozenset[str] = field(default_factory=frozenset)
    waiting: frozenset[str] = field(default_factory=frozenset)

    @property
    def holds(self) -> bool:
        """Return whether nothing was lost or done twice, and all has ended."""
        return not (self.lost or self.doubled or self.waiting)


def judge(queued: Collection[str], found: Mapping[str, Job]) -> Verdict:
    """Return what has become of the jobs `queued`, of which the database has `found`."""
    lost = {each for each in queued if each not in found or _is_short(found[each])}
    doubled = {each for each, job in found.items() if job.effects > job.expected}
    # What was never committed and has left something all the same was done once too often.
    doubled |= {each for each in found if each not in queued}
    waiting = {each for each in queued if each in found and found[each].state not in ENDED}
    return Verdict(lost=frozenset(lost), doubled=frozenset(doubled), waiting=frozenset(waiting))


def _is_short(job: Job) -> bool:
    return job.state == "done" and job.effects < job.expected

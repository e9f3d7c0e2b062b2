"""What has become of the work of a run, told from its history alone."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

_SHOWN: Final = 3
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


@dataclass(frozen=True, slots=True)
class Judged:
    """How a run is judged: what became of its deeds, and which invariants were broken.

    Attributes:
        refused: How many requests were answered with 5xx.
    """

    verdict: Verdict
    broken: Mapping[str, Sequence[str]]
    refused: int

    @property
    def holds(self) -> bool:
        """Return whether all is how it should be."""
        return self.verdict.holds and not self.broken

    @property
    def lost(self) -> int:
        """Return how much was lost, or still waits."""
        deeds = len(self.verdict.lost) + len(self.verdict.waiting)
        return deeds + self._count("I1", "I7")

    @property
    def doubled(self) -> int:
        """Return how much was done twice."""
        return len(self.verdict.doubled) + self._count("I3")

    def told(self) -> list[str]:
        """Return what is wrong, as lines; some of each kind."""
        deeds = (("lost", self.verdict.lost), ("doubled", self.verdict.doubled))
        lines = [f"{name}: {sorted(ids)[:_SHOWN]}" for name, ids in deeds if ids]
        for name, found in self.broken.items():
            lines += [f"{name}: {each}" for each in found[:_SHOWN]]
        return lines

    def _count(self, *names: str) -> int:
        return sum(len(self.broken.get(name, ())) for name in names)

"""Samples: how long answers took, how large they were, and what came instead of them."""

from array import array
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import ceil
from threading import Lock
from typing import Final

from tospec.verify.base import Answer

_TOLD: Final = (50, 95, 99)


@dataclass(slots=True)
class Samples:
    """What came of asking the same thing many times; for many threads.

    Attributes:
        refusals: Answers that say that it was not done, by what they said.
        largest: Bytes of the largest body.
    """

    refusals: Counter[str] = field(default_factory=Counter)
    largest: int = 0
    _times: array[float] = field(default_factory=lambda: array("d"))
    _lock: Lock = field(default_factory=Lock)

    def __len__(self) -> int:
        return len(self._times)

    def add(self, answer: Answer) -> None:
        """Take in an answer that says that it was done."""
        with self._lock:
            self._times.append(1000 * answer.seconds)
            self.largest = max(self.largest, len(answer.body))

    def refuse(self, why: str) -> None:
        """Take in that there was no such answer."""
        with self._lock:
            self.refusals[why] += 1

    def percentile(self, percent: int) -> float:
        """Return the milliseconds within which `percent` of 100 answers came; there are some."""
        ordered = sorted(self._times)
        return ordered[max(ceil(len(ordered) * percent / 100), 1) - 1]

    def told(self, percentiles: Iterable[int] = ()) -> str:
        """Return the usual percentiles and these, in words."""
        if not len(self):
            return "no answers"
        wanted = sorted({*_TOLD, *percentiles})
        times = ", ".join(f"p{each} {self.percentile(each):.1f} ms" for each in wanted)
        return f"{times} of {len(self)} answers"

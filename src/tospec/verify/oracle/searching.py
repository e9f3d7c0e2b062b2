"""Trying choices until a situation is what is wanted."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain, combinations, islice, product
from math import inf
from typing import Final

from tospec.verify.oracle.choices import Dimension
from tospec.verify.oracle.goals import Goal, Plot
from tospec.verify.oracle.reading import Place
from tospec.verify.oracle.steps import Prediction, Situation
from tospec.verify.oracle.taking import Choices
from tospec.verify.oracle.world import Undetermined

_MOST_CHANGES: Final = 2
_MOST_TRIED: Final = 1_000
_MOST_CLIMBS: Final = 6
_ORDER: Final = {
    Situation.NO_PERMISSION: 0.0,
    Situation.HIDDEN: 1.0,
    Situation.FORBIDDEN: 2.0,
    Situation.BAD_REFERENCE: 3.0,
    Situation.BAD_VALUE: 3.0,
    Situation.NOT_UNIQUE: 3.0,
    Situation.BAD_MOVE: 4.0,
    Situation.RULE: 5.0,
    Situation.REFERENCED: 6.0,
    Situation.DONE: 7.0,
}
"""How far the evaluation of a step goes before it ends so."""


@dataclass(frozen=True, slots=True)
class Attempts:
    """The search for one goal.

    Attributes:
        attempt: Gives the situation that choices lead to, or None.
    """

    goal: Goal
    attempt: Callable[[Choices], Plot | None]

    def nearest(self, free: list[Dimension], start: Choices, fixed: Choices) -> Plot | None:
        """Return the situation with the fewest choices, if few are enough."""
        changed = chain.from_iterable(_changes(free, count) for count in range(_MOST_CHANGES + 1))
        for choices in islice(changed, _MOST_TRIED):
            plot = self.attempt({**start, **choices, **fixed})
            if plot is not None and self._is_wanted(plot):
                return plot
        return None

    def climbing(self, free: list[Dimension], start: Choices, fixed: Choices) -> Plot | None:
        """Return a situation that is reached by keeping whatever brings it nearer."""
        kept = dict(start)
        best = self._score(self.attempt({**kept, **fixed}))
        for _ in range(_MOST_CLIMBS):
            better, best = self._better(free, fixed, kept, best)
            if better is None:
                return None
            kept = better
            plot = self.attempt({**kept, **fixed})
            if plot is not None and self._is_wanted(plot):
                return plot
        return None

    def _better(
        self,
        free: list[Dimension],
        fixed: Choices,
        kept: dict[Place, object],
        best: float,
    ) -> tuple[dict[Place, object] | None, float]:
        found: dict[Place, object] | None = None
        for count in (1, 2):
            for changes in islice(_changes(free, count), _MOST_TRIED):
                choices = {**kept, **changes}
                score = self._score(self.attempt({**choices, **fixed}))
                if score > best:
                    found, best = choices, score
            if found is not None:
                break
        return found, best

    def _is_wanted(self, plot: Plot) -> bool:
        return self.goal.wanted(plot.prediction) and _fits(self.goal, plot)

    def _score(self, plot: Plot | None) -> float:
        """Return how near a situation is: how far the evaluation of the step goes, and how well."""
        if plot is None:
            return -1
        if self._is_wanted(plot):
            return inf
        return _ORDER[plot.prediction.situation] - self._wrong(plot.prediction) / 10

    def _wrong(self, prediction: Prediction) -> int:
        """Return how many requirements are broken that should not be, and the other way round."""
        wanted = [] if self.goal.rule is None else [self.goal.rule]
        codes = [each.error for each in prediction.broken]
        return (
            sum(each not in wanted for each in prediction.broken)
            + sum(each not in prediction.broken for each in wanted)
            + sum(code not in codes for code in prediction.errors)
        )


def _changes(free: list[Dimension], count: int) -> Iterator[dict[Place, object]]:
    for chosen in combinations(free, count):
        for options in product(*(each.options for each in chosen)):
            yield dict(zip((each.place for each in chosen), options, strict=True))


def _fits(goal: Goal, plot: Plot) -> bool:
    try:
        return goal.world_fits(plot.world, plot.target)
    except Undetermined:
        return False

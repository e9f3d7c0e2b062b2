"""Situations in which an operation succeeds, such that any two choices meet in one of them."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from random import Random
from typing import Final

from tospec.model import Kind, Operation
from tospec.verify.oracle.choices import Dimension
from tospec.verify.oracle.goals import Goal, Plot, done
from tospec.verify.oracle.planning import Planner
from tospec.verify.oracle.predicting import roles_of
from tospec.verify.oracle.reading import Place
from tospec.verify.oracle.surroundings import surroundings
from tospec.verify.oracle.world import Somebody

_A_ROLE: Final = 3
"""How many situations a role gets."""
_TRIED: Final = 3
"""How many options of one thing are tried for a situation."""

_HOPELESS: Final = 2
"""After so many failures an option is tried after the others."""

type Choice = tuple[Place, object]
type Pair = frozenset[Choice]


def combined(planner: Planner, operation: Operation) -> Mapping[str, list[Plot]]:
    """Return situations in which each role succeeds, by role: few that meet many pairs.

    They are the same each time.
    """
    random = Random(operation.name)  # noqa: S311 - no secret
    combiner = _Combiner(planner, operation, random)
    roles = roles_of(planner.system, operation)
    found: dict[str, list[Plot]] = {role: [] for role in roles}
    for _ in range(_A_ROLE):
        for role in roles:
            plot = combiner.another(role)
            if plot is not None:
                found[role].append(plot)
    return found


@dataclass(slots=True)
class _Combiner:
    planner: Planner
    operation: Operation
    random: Random
    met: set[Pair] = field(default_factory=set)
    failed: Counter[tuple[str, Place, object]] = field(default_factory=Counter)
    starts: dict[tuple[str, str | None], Plot | None] = field(default_factory=dict)
    count: int = 0

    def another(self, role: str) -> Plot | None:
        """Return a situation that meets pairs that none met before; None when none was found."""
        state = self._state(role)
        start = self._start(role, state)
        if start is None:
            return None
        goal = self._goal(role, state)
        plot = self._grown(goal, start, self._dimensions(goal.me))
        new = set(_pairs(plot)) - self.met
        self.met |= new
        return plot if new else None

    def _state(self, role: str) -> str | None:
        """Return the state of the row: another one each time."""
        entity = self.planner.system.entity(self.operation.entity)
        if entity.lifecycle is None or self.operation.kind is Kind.CREATE:
            return None
        moves = entity.lifecycle.transitions
        own = [m.sources for m in moves if m.name == self.operation.transition]
        states = own[0] if own else entity.lifecycle.states
        self.count += 1
        return states[(self.count + self.planner.system.roles.index(role)) % len(states)]

    def _start(self, role: str, state: str | None) -> Plot | None:
        if (role, state) not in self.starts:
            self.starts[role, state] = self.planner.find(self._goal(role, state))
        return self.starts[role, state]

    def _goal(self, role: str, state: str | None) -> Goal:
        me = Somebody(role=role)
        return Goal(operation=self.operation, me=me, wanted=done, state=state)

    def _dimensions(self, me: Somebody) -> list[Dimension]:
        system = self.planner.system
        entity = system.entity(self.operation.entity)
        found = list(surroundings(system, entity, self.operation, self.planner.cast(me)))
        self.random.shuffle(found)
        return found

    def _grown(self, goal: Goal, start: Plot, free: list[Dimension]) -> Plot:
        """Return the situation with whatever else can be chosen without spoiling it."""
        for dimension in free:
            for option in self._options(goal, start, dimension):
                plot = self.planner.attempt(goal, {**start.choices, dimension.place: option})
                if plot is not None and plot.prediction.done:
                    start = plot
                    break
                self.failed[goal.me.role, dimension.place, option] += 1
        return start

    def _options(self, goal: Goal, plot: Plot, dimension: Dimension) -> list[object]:
        """Return the options of which most is new first, and last those that fail again and again.

        What failed once may have failed for what else was chosen then.
        """

        def rank(option: object) -> tuple[bool, int]:
            failed = self.failed[goal.me.role, dimension.place, option]
            return failed >= _HOPELESS, -self._news(goal, plot, (dimension.place, option))

        options = list(dimension.options)
        self.random.shuffle(options)
        return sorted(options, key=rank)[:_TRIED]

    def _news(self, goal: Goal, plot: Plot, choice: Choice) -> int:
        """Return how much a choice would meet that it did not meet before, the role above all."""
        others = [each for each in plot.choices.items() if each[0] != choice[0]]
        news = sum(frozenset((choice, other)) not in self.met for other in others)
        is_new = frozenset((choice, ((), goal.me.role))) not in self.met
        return news + (len(others) + 1) * is_new


def _pairs(plot: Plot) -> Iterator[Pair]:
    """Yield what meets in a situation, the role of the one who acts among it."""
    choices: list[Choice] = [((), plot.step.by.role), *plot.choices.items()]
    yield from (frozenset(pair) for pair in combinations(choices, 2))

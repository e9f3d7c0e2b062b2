"""Situations that differ from one another in one thing that a condition reads.

A condition that forgets a part of itself, or a value of an enum, is right about most rows. It is
wrong about one of these: from each of some situations, one member after the other is given every
value that the condition could tell apart, while all else stays.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from tospec.model import Entity, Expression
from tospec.verify.oracle.choices import Dimension, dimensions
from tospec.verify.oracle.goals import Goal, Plot
from tospec.verify.oracle.planning import Planner
from tospec.verify.oracle.reading import reads_of
from tospec.verify.oracle.steps import Step

_MOST: Final = 24

type _Signature = tuple[object, ...]


def varied_around(
    planner: Planner, goal: Goal, expression: Expression, bases: Iterable[Plot]
) -> tuple[Plot, ...]:
    """Return situations around some that are given, these among them, each once.

    Args:
        planner: Brings situations about.
        goal: What they are for; those that do not come to its end are left out.
        expression: The condition or value whose parts are to be told apart.
        bases: Situations in which it has different values.
    """
    entity = planner.system.entity(goal.operation.entity)
    found: dict[_Signature, Plot] = {}
    for base in bases:
        found.setdefault(_signature(base), base)
        for dimension in _dimensions(planner, goal, entity, expression):
            for option in dimension.options:
                plot = planner.attempt(goal, {**base.choices, dimension.place: option})
                if plot is not None and goal.wanted(plot.prediction):
                    found.setdefault(_signature(plot), plot)
    return tuple(found.values())[:_MOST]


def _dimensions(
    planner: Planner, goal: Goal, entity: Entity, expression: Expression
) -> Iterator[Dimension]:
    reads = reads_of(planner.system, entity, (expression,))
    yield from dimensions(planner.system, entity, goal.operation, reads, planner.cast(goal.me))
    state = entity.state_field
    if entity.lifecycle and state and (state,) in reads.places and goal.state is None:
        yield Dimension((state,), entity.lifecycle.states)


def _signature(plot: Plot) -> _Signature:
    """Return what tells a situation from others: what leads to it, and what is done in it."""
    return tuple(_plain(each) for each in (*plot.steps, plot.step))


def _plain(step: Step) -> _Signature:
    body = tuple(sorted((name, repr(value)) for name, value in step.body.items()))
    return step.operation.name, step.by, step.on, step.other, body

"""Situations in which an item is refused as the change alone would be."""

from collections.abc import Callable, Iterator
from typing import Final

from tospec.model import Operation
from tospec.verify.cases.owners import owned, owners
from tospec.verify.oracle.planning import Goal, Plot, hidden
from tospec.verify.oracle.predicting import requirements_of, transition_of
from tospec.verify.oracle.steps import Prediction, Situation
from tospec.verify.oracle.world import Somebody
from tospec.verify.scene.parts import Planner

type Find = Callable[[Planner, Operation, Somebody], Plot | None]
"""Finds a situation for somebody; None when there is none."""

_ACCESS: Final = frozenset({Situation.DONE, Situation.HIDDEN, Situation.FORBIDDEN})


def _forbidden(planner: Planner, operation: Operation, me: Somebody) -> Plot | None:
    entity, related = planner.system.entity(operation.entity), owners(planner.system, operation)
    fixed = owned(entity, (), related, me, planner.cast(me).other)

    def by_access(prediction: Prediction) -> bool:
        return prediction.situation in _ACCESS

    plot = planner.find(Goal(operation=operation, me=me, wanted=by_access, fixed=fixed))
    return plot if plot and plot.prediction.situation is Situation.FORBIDDEN else None


def _hidden(planner: Planner, operation: Operation, me: Somebody) -> Plot | None:
    fixed = planner.hiding(planner.system.entity(operation.entity), me.role)
    if fixed is None:
        return None
    return planner.find(Goal(operation=operation, me=me, wanted=hidden, fixed=fixed))


def _bad_move(planner: Planner, operation: Operation, me: Somebody) -> Plot | None:
    lifecycle = planner.system.entity(operation.entity).lifecycle
    move = transition_of(planner.system, operation)
    states = lifecycle.states if lifecycle and move else ()

    def wanted(prediction: Prediction) -> bool:
        return prediction.situation is Situation.BAD_MOVE

    for state in (each for each in states if move and each not in move.sources):
        plot = planner.find(Goal(operation=operation, me=me, wanted=wanted, state=state))
        if plot is not None:
            return plot
    return None


def _against_a_rule(planner: Planner, operation: Operation, me: Somebody) -> Plot | None:
    for rule in requirements_of(planner.system, operation):

        def broken(prediction: Prediction, wanted: object = rule) -> bool:
            return prediction.broken == (wanted,)

        plot = planner.find(Goal(operation=operation, me=me, wanted=broken, rule=rule))
        if plot is not None:
            return plot
    return None


_FINDS: Final[dict[str, tuple[str, Find]]] = {
    "forbidden": ("The policy of a change holds for an item too.", _forbidden),
    "hidden": ("An item about a row that somebody does not see is about nothing.", _hidden),
    "bad-move": ("An item cannot make a move that the lifecycle does not have.", _bad_move),
    "rule": ("The rules of a change hold for an item too.", _against_a_rule),
}


def refusals() -> Iterator[tuple[str, str, Find]]:
    """Yield the name, the rule and the way to each kind of refusal."""
    for name, (rule, find) in _FINDS.items():
        yield name, rule, find

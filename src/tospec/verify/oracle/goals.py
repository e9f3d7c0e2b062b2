"""What situations are wanted for, and what they are."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tospec.model import Expression, Operation, Requirement, System
from tospec.verify.oracle.reading import Place
from tospec.verify.oracle.steps import Prediction, Situation, Step
from tospec.verify.oracle.wire import constant
from tospec.verify.oracle.world import Key, Somebody, World


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """Steps that lead to a situation, and the step to judge in it.

    Attributes:
        world: What exists before that step.
        target: Key of the row that the situation is about.
        choices: What was chosen about it.
    """

    steps: tuple[Step, ...]
    step: Step
    world: World
    prediction: Prediction
    target: Key
    choices: Mapping[Place, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """What a situation is wanted for.

    Attributes:
        operation: The operation to judge.
        me: Who asks for it.
        wanted: Whether a prediction is what is wanted.
        fixed: What must be chosen so, whatever else is.
        state: State of the row; None for whichever the operation begins in.
        also: Further conditions whose members may be chosen.
        only: The conditions whose members may be chosen, when not those of the operation.
        rule: The requirement that is to be broken, if one is.
        world_fits: Whether what exists before the step is as it has to be.
    """

    operation: Operation
    me: Somebody
    wanted: Callable[[Prediction], bool]
    fixed: Mapping[Place, object] = field(default_factory=dict)
    state: str | None = None
    also: tuple[Expression, ...] = ()
    only: tuple[Expression, ...] | None = None
    rule: Requirement | None = None
    world_fits: Callable[[World, Key], bool] = lambda world, key: True


def done(prediction: Prediction) -> bool:
    """Return whether a step succeeds."""
    return prediction.done


def hidden(prediction: Prediction) -> bool:
    """Return whether the row does not exist for the one who asks."""
    return prediction.situation is Situation.HIDDEN


def new_world(system: System) -> World:
    """Return a world in which nothing exists."""
    settings = {each.name.lower(): constant(each, each.default) for each in system.settings}
    return World(system=system, settings=settings)
